"""The node at a glance, and its methods as a document."""

from collections.abc import Callable, Iterable
from typing import Final

from rpcnode import __version__
from rpcnode.chain.block_time import block_time_json
from rpcnode.chain.chain_meta import RECORDED
from rpcnode.chain.ledger import Ledger
from rpcnode.dev.accounts import account_json
from rpcnode.dev.control.chain_names import contract_names
from rpcnode.dev.control.commanded_node import CommandedNode
from rpcnode.dev.control.marks import impersonated_json, injected_json
from rpcnode.dev.control.method import DevMethod, dev_method
from rpcnode.dev.control.openrpc import openrpc_document
from rpcnode.dev.control.state import StateControl
from rpcnode.plugin.survived import Survived
from rpcnode.primitives.json import Constant, Json

MOST_SURVIVED: Final = 100
"""How many of what a node survived `dev_info` lists."""


def survived_json(survived: Survived) -> Json:
    """What would have stopped a real node, the newest first."""
    return {
        "count": survived.count(),
        "newest": [
            {
                "block": survival.block_index,
                "plugin": survival.plugin,
                "token": str(survival.contract),
                "what": survival.what,
                "real_node": survival.real_node,
            }
            for survival in survived.newest(MOST_SURVIVED)
        ],
    }


def blocks_are(ledger: Ledger) -> str:
    """How the blocks of a chain came to do what they did."""
    if ledger.is_executed:
        return "executed"
    return "observed" if ledger.store.meta("kind") == RECORDED else "modelled"


class InfoControl:
    """What there is to know; nothing here changes anything."""

    def __init__(self, node: CommandedNode, state: StateControl, declared: Callable[[], Iterable[DevMethod]]) -> None:
        """`declared` gives every dev method, by name."""
        self._node = node
        self._state = state
        self._declared = declared
        self._document: Constant | None = None

    @dev_method("dev_info")
    def info(self) -> Json:
        """Everything at a glance: chain, clock, mining, what waits, snapshots, lags, faults, accounts, contracts.

        Times are in ms. `blocks` are executed, observed (a recording is believed, balances follow from its events) or
        modelled (tokens in Python). `injected` is what happened past all scripts, by contract: placed or taken away,
        rows written, events shown; `impersonated`: who needs no witness, and whose are empty or of no account; of each
        the first hundred, with the first block. The contracts are those that stand and have a name, native ones too.
        `survived` is what would have stopped a real node: how often, and the last hundred times, newest first.
        """
        ledger, miner = self._node.ledger, self._node.miner
        traffic, clock = self._node.traffic, ledger.clock
        assert traffic is not None
        waiting: list[Json] = [str(transaction.hash) for transaction in ledger.mempool]
        told = [plugin.at_a_glance() for plugin in self._node.view.plugins]
        return {
            "version": __version__,
            "profile": ledger.profile,
            "network": ledger.parameters.magic,
            "blocks": blocks_are(ledger),
            "height": ledger.height,
            "header_height": ledger.header_height,
            "block_hash": str(ledger.block_hash(ledger.height)),
            **{member: value for members in told for member, value in members.items()},
            "block_time": block_time_json(miner.block_time),
            "clock_ms": clock.now_ms,
            "next_block_ms": clock.next_block_ms,
            "time_step_ms": clock.step_ms,
            "waiting": waiting,
            "snapshots": self._state.snapshots(),
            "lags": {**self._node.followers.lags},
            "injected": injected_json(ledger),
            "impersonated": impersonated_json(ledger, self._node.view.address_of),
            "survived": survived_json(self._node.view.survived),
            **traffic.summary(),
            "accounts": [
                account_json(account, self._node.view.address_of(account.script_hash))
                for account in self._node.accounts
            ],
            "contracts": [
                {"name": name, "script_hash": str(script_hash)} for script_hash, name in contract_names(ledger).items()
            ],
        }

    @dev_method("rpc.discover")
    def discover(self) -> Constant:
        """The OpenRPC document: every method that answers, with parameters, result, errors, examples, and how exact."""
        if self._document is None:
            self._document = Constant(
                openrpc_document(
                    self._node.ledger.profile,
                    self._node.registry.methods.values(),
                    self._declared(),
                    self._node.http_settings.disabled_methods,
                )
            )
        return self._document
