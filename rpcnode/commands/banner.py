"""What a person sees when the node starts."""

from rpcnode import __version__
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.keys import wif_of
from rpcnode.server.jsonrpc.loopback import is_loopback

ACCOUNTS_SHOWN = 10
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
        *_wallet_line(node),
        *([f"  Workers   {node.options.workers}"] if node.options.workers > 1 else []),
        "",
    ]
    if node.accounts:
        lines += ["Accounts", ""]
        shown = node.accounts[:ACCOUNTS_SHOWN]
        width = max(len(account.name) for account in shown)
        lines += [
            f"  {account.name:<{width}}  {node.view.address_of(account.script_hash)}  {wif_of(account.private_key)}"
            for account in shown
        ]
        if more := len(node.accounts) - len(shown):
            lines.append(f"  and {more} more: dev_info and --ready-file have them all")
        lines += ["", WARNING, ""]
    if (exposure := exposure_warning(node)) is not None:
        lines += [exposure, ""]
    return "\n".join(lines) + "\n"


def _wallet_line(node: Node) -> list[str]:
    wallet = node.view.wallet
    return [] if wallet is None else [f"  Wallet    {wallet.path} with {len(wallet.accounts)} accounts"]


def exposure_warning(node: Node) -> str | None:
    """What to know of a node that is commanded from wherever its address is reached, if it is one."""
    address = node.http_settings.bind_address
    if not node.is_commanded or is_loopback(address.lower()):
        return None
    return (
        f"Warning: dev methods are on at the address {address}: whoever reaches this port commands the node and reads"
        " its keys. Use it in a network that you trust, or leave --dev out."
    )


def _chain_text(options: NodeOptions) -> str:
    source = ", ".join(str(path) for path in options.fixtures)
    if options.load_state is not None:
        source = f"the state {options.load_state}"
    if options.db is None:
        return f"{source or 'the dev chain'}, {'in memory' if options.workers == 1 else 'in a temporary file'}"
    return f"{source}, kept in {options.db}" if source else f"kept in {options.db}"
