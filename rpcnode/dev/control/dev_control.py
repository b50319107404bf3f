"""The dev control of a node: control objects, and the table of their methods.

A control object and its module are loaded by the first call of one of its methods: a node that nobody commands starts
as fast as one that nobody can.
"""

from collections.abc import Generator
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final, cast

from rpcnode.dev.control.commanded_node import CommandedNode
from rpcnode.plugin.steps import answer_of_steps
from rpcnode.primitives.json import Answer, Json, Result
from rpcnode.primitives.steps import Steps

if TYPE_CHECKING:
    from rpcnode.dev.control.chain import ChainControl
    from rpcnode.dev.control.impersonation import ImpersonationControl
    from rpcnode.dev.control.info import InfoControl
    from rpcnode.dev.control.injection import InjectionControl
    from rpcnode.dev.control.method import DevFunction, DevMethod
    from rpcnode.dev.control.mining import MiningControl
    from rpcnode.dev.control.services import ServicesControl
    from rpcnode.dev.control.state import StateControl
    from rpcnode.dev.control.sync import SyncControl
    from rpcnode.dev.control.trace import TraceControl
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
    "chain": ("dev_deploy", "dev_invoke", "dev_mint", "dev_notify", "dev_transfer"),
    "injection": ("dev_setBalance", "dev_setContract", "dev_setStorage"),
    "services": ("dev_designate", "dev_oracleResponse"),
    "impersonation": ("dev_impersonate", "dev_stopImpersonating"),
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
    "trace": ("dev_trace",),
    "info": ("dev_info", "rpc.discover"),
}
"""The methods of each control object, an attribute of DevControl, so that their table needs none of their modules."""


PAST_WRITERS: Final = frozenset(("traffic",))
"""Control objects that leave the chain alone; the methods of all others wait until nobody else writes to it."""


class DevControl:
    """The control objects of one node, each made when it is first asked for."""

    def __init__(self, node: CommandedNode) -> None:
        self._node = node
        self._bound: Final[dict[str, DevFunction]] = {}
        self.methods: dict[str, DevFunction] = {
            name: partial(self._call, control, name) for control, names in CONTROLS.items() for name in names
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
    def impersonation(self) -> "ImpersonationControl":
        """Accounts whose witness nobody asks for."""
        from rpcnode.dev.control.impersonation import ImpersonationControl

        return ImpersonationControl(self._node.ledger)

    @cached_property
    def injection(self) -> "InjectionControl":
        """Storage that is written past all scripts."""
        from rpcnode.dev.control.injection import InjectionControl

        return InjectionControl(self._node.ledger, self._node.miner)

    @cached_property
    def services(self) -> "ServicesControl":
        """The nodes that have roles, and what they do."""
        from rpcnode.dev.control.services import ServicesControl

        return ServicesControl(self._node.ledger, self._node.miner, self._node.view)

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
    def trace(self) -> "TraceControl":
        """What transactions did."""
        from rpcnode.dev.control.trace import TraceControl

        return TraceControl(self._node.ledger)

    @cached_property
    def info(self) -> "InfoControl":
        """The node at a glance."""
        from rpcnode.dev.control.info import InfoControl

        return InfoControl(self._node, self.state, self.declared)

    def declared(self) -> "list[DevMethod]":
        """Every dev method, by name."""
        from rpcnode.dev.control.method import declared_methods

        found = [method for control in CONTROLS for method in declared_methods(getattr(self, control))]
        return sorted(found, key=lambda method: method.name)

    def _call(self, control: str, name: str, values: list[Json]) -> Answer:
        """Calls a method, whose control object may not be there yet."""
        function = self._bound.get(name)
        if function is None:
            from rpcnode.dev.control.method import dev_methods_of

            function = self._bound[name] = dev_methods_of([getattr(self, control)])[name]
        if control in PAST_WRITERS:
            return function(values)
        return answer_of_steps(self._node.miner.writers.steps(_called(function, values)))


def _called(function: "DevFunction", values: list[Json]) -> Steps[Result]:
    answer = function(values)
    if not isinstance(answer, Generator):
        return answer
    return (yield from cast("Steps[Result]", answer))  # a dev method waits for no other thread
