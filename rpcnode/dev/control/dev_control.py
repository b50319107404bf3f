"""The dev control of a node: control objects, and the table of their methods.

A control object and its module are loaded by the first call of one of its methods: a node that nobody commands starts
as fast as one that nobody can.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from rpcnode.chain.described.description import ChainDescription
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.miner import Miner
from rpcnode.dev.accounts import DevAccount
from rpcnode.plugin.base import NodeView
from rpcnode.plugin.followers import Followers
from rpcnode.plugin.registry import Registry
from rpcnode.primitives.json import Json, Result
from rpcnode.server.traffic.traffic import Traffic

if TYPE_CHECKING:
    from rpcnode.chain.recorded.recorded import Recording
    from rpcnode.dev.control.chain import ChainControl
    from rpcnode.dev.control.info import InfoControl
    from rpcnode.dev.control.method import DevFunction, DevMethod
    from rpcnode.dev.control.mining import MiningControl
    from rpcnode.dev.control.state import StateControl
    from rpcnode.dev.control.sync import SyncControl
    from rpcnode.dev.control.traffic import TrafficControl

PLUGIN_NAME: Final = "dev"
"""What stands for a plugin's name where methods are listed; there is no such plugin."""

CARRY_KEYS: Final = frozenset(("dev_dumpState", "dev_loadState"))
"""The methods whose parameters or answers are whole chains, with the private keys of their accounts."""

CONTROLS: Final[dict[str, tuple[str, ...]]] = {
    "mining": (
        "dev_increaseTime",
        "dev_mine",
        "dev_setBlockTime",
        "dev_setNextBlockTimestamp",
        "dev_setTime",
        "dev_setTimeStep",
    ),
    "chain": ("dev_deploy", "dev_mint", "dev_notify", "dev_transfer"),
    "state": (
        "dev_dumpState",
        "dev_loadState",
        "dev_reset",
        "dev_revert",
        "dev_rewind",
        "dev_snapshot",
        "dev_snapshots",
    ),
    "sync": ("dev_setLag", "dev_setSync"),
    "traffic": ("dev_clearFaults", "dev_journal", "dev_setFault", "dev_verify"),
    "info": ("dev_info", "rpc.discover"),
}
"""The methods of each control object, an attribute of DevControl, so that their table needs none of their modules."""


class CommandedNode(Protocol):
    """The node as dev control sees it."""

    @property
    def ledger(self) -> Ledger: ...
    @property
    def registry(self) -> Registry: ...
    @property
    def followers(self) -> Followers: ...
    @property
    def view(self) -> NodeView: ...
    @property
    def miner(self) -> Miner: ...
    @property
    def accounts(self) -> Sequence[DevAccount]: ...
    @property
    def traffic(self) -> Traffic | None: ...
    def fresh_image(
        self, fixtures: tuple[Path, ...] = (), source: "ChainDescription | Recording | None" = None
    ) -> bytes: ...
    def state_image(self, state: str) -> bytes: ...
    def take_over(self, image: bytes) -> None: ...
    @property
    def dev(self) -> "DevControl | None": ...


class DevControl:
    """The control objects of one node, each made when it is first asked for."""

    def __init__(self, node: CommandedNode) -> None:
        self._node = node
        self.methods: dict[str, DevFunction] = {
            name: self._loading(control, name) for control, names in CONTROLS.items() for name in names
        }

    @cached_property
    def mining(self) -> "MiningControl":
        """Blocks and time."""
        from rpcnode.dev.control.mining import MiningControl

        return MiningControl(self._node.miner)

    @cached_property
    def chain(self) -> "ChainControl":
        """Transactions that do what they are told."""
        from rpcnode.dev.control.chain import ChainControl

        return ChainControl(self._node.ledger, self._node.miner, self._node.view.assets)

    @cached_property
    def state(self) -> "StateControl":
        """Snapshots and other states."""
        from rpcnode.dev.control.state import StateControl

        return StateControl(self._node)

    @cached_property
    def sync(self) -> "SyncControl":
        """The node behind its headers, trackers behind the node."""
        from rpcnode.dev.control.sync import SyncControl

        return SyncControl(self._node.ledger, self._node.followers)

    @cached_property
    def traffic(self) -> "TrafficControl":
        """Faults and the journal of calls."""
        from rpcnode.dev.control.traffic import TrafficControl

        assert self._node.traffic is not None
        return TrafficControl(self._node.traffic)

    @cached_property
    def info(self) -> "InfoControl":
        """The node at a glance."""
        from rpcnode.dev.control.info import InfoControl

        return InfoControl(self._node)

    def declared(self) -> "list[DevMethod]":
        """Every dev method, by name."""
        from rpcnode.dev.control.method import declared_methods

        found = [method for control in CONTROLS for method in declared_methods(getattr(self, control))]
        return sorted(found, key=lambda method: method.name)

    def _loading(self, control: str, name: str) -> "DevFunction":
        """The function of a method whose control object may not be there yet."""
        bound: list[DevFunction] = []

        def call(values: list[Json]) -> Result:
            if not bound:
                from rpcnode.dev.control.method import dev_methods_of

                bound.append(dev_methods_of([getattr(self, control)])[name])
            return bound[0](values)

        return call
