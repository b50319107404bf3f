"""What a person sees when the node starts."""

from rpcnode import __version__
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.keys import wif_of

WARNING = "These keys are public: everybody has them. Never send anything of value to these accounts."


def banner(node: Node) -> str:
    """Version, profile, network, plugins and accounts; the line that says where it listens comes after it."""
    ledger = node.ledger
    lines = [
        f"rpcnode {__version__}",
        "",
        f"  Profile   {node.options.profile} ({ledger.parameters.user_agent.strip('/')})",
        f"  Network   {ledger.parameters.magic}",
        f"  Chain     {_chain_text(node.options)}",
        f"  Height    {ledger.height}"
        + (f", headers up to {ledger.header_height}" if ledger.header_height > ledger.height else ""),
        f"  Plugins   {', '.join(sorted(plugin.name for plugin in node.registry))}",
        "",
    ]
    if node.accounts:
        lines += ["Accounts", ""]
        width = max(len(account.name) for account in node.accounts)
        lines += [
            f"  {account.name:<{width}}  {node.view.address_of(account.script_hash)}  {wif_of(account.private_key)}"
            for account in node.accounts
        ]
        lines += ["", WARNING, ""]
    return "\n".join(lines) + "\n"


def _chain_text(options: NodeOptions) -> str:
    fixtures = ", ".join(str(path) for path in options.fixtures)
    if options.db is None:
        return f"{fixtures or 'the dev chain'}, in memory"
    return f"{fixtures}, kept in {options.db}" if fixtures else f"kept in {options.db}"
