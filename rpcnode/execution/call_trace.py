"""What a run called, in its order, with the GAS of each call and the events between."""

from collections.abc import Sequence
from typing import Final

from rpcnode.execution.application_engine import PICO, ApplicationEngine, Listener
from rpcnode.execution.context import Context
from rpcnode.execution.records import Notification
from rpcnode.execution.serializers.item_json import item_to_json
from rpcnode.primitives.errors import ItemTooLarge, RecursiveReference
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem, type_of
from rpcnode.vm.machine import Frame, SharedState

MOST_STEPS: Final = 5_000
"""Calls and events that are kept of one run; `is_cut` says that there were more."""

MOST_OF_AN_ITEM: Final = 4_096
"""Characters of an argument or result as JSON; of one that is longer the type alone is shown."""


class TracedCall:
    """A script that was loaded: the entry, a contract's method, or a script that a script made.

    `method` and `args` are None where no method was called. `gas_pico` counts what it called too. `result` is the item
    that it returned; `is_undone`: it threw, and what it did was dropped.
    """

    __slots__ = ("args", "contract", "gas_pico", "is_undone", "method", "result", "shared", "steps")

    def __init__(self, contract: UInt160, shared: SharedState, gas_before: int) -> None:
        self.contract: Final = contract
        self.method: str | None = None
        self.args: list[Json] | None = None
        self.result: Json = None
        self.gas_pico = -gas_before
        self.is_undone = False
        self.steps: Final[list[TracedCall | TracedEvent]] = []
        self.shared: Final = shared


class TracedEvent:
    """An event where it was told."""

    __slots__ = ("event",)

    def __init__(self, event: Notification) -> None:
        self.event: Final = event


class CallTrace(Listener):
    """Notes the calls and events of one run. `root` is the entry script, once it is loaded."""

    def __init__(self) -> None:
        self.root: TracedCall | None = None
        self.is_cut = False
        self._open: Final[list[TracedCall]] = []
        self._called: tuple[str, list[Json]] | None = None
        self._left = MOST_STEPS

    def contract_called(self, contract: UInt160, method: str, args: Sequence[StackItem]) -> None:
        self._called = method, [_shown(item) for item in args]

    def context_loaded(self, run: ApplicationEngine, frame: Frame) -> None:
        if self._open and self._open[-1].shared is frame.shared:
            return
        context = frame.shared.host
        assert isinstance(context, Context)
        call = TracedCall(context.script_hash, frame.shared, run.gas_spent_pico)
        if self._called is not None:
            call.method, call.args = self._called
            self._called = None
        if self.root is None:
            self.root = call
        else:
            self._add(call)
        self._open.append(call)

    def context_unloaded(self, run: ApplicationEngine, frame: Frame) -> None:
        frames = run.frames
        if frames and frames[-1].shared is frame.shared:
            return
        call = self._open.pop()
        call.gas_pico += run.gas_spent_pico
        call.is_undone = run.thrown is not None
        if not call.is_undone and frame.stack and call.method is not None:
            call.result = _shown(frame.stack[-1])

    def notified(self, event: Notification) -> None:
        self._add(TracedEvent(event))

    def end(self, run: ApplicationEngine) -> None:
        """The run has halted or failed: what is open yet has failed with it."""
        for call in self._open:
            call.gas_pico += run.gas_spent_pico
            call.is_undone = True
        self._open.clear()

    def _add(self, step: "TracedCall | TracedEvent") -> None:
        self._left -= 1
        if self._left < 0:
            self.is_cut = True
        elif self._open:
            self._open[-1].steps.append(step)


def gas_datoshi(gas_pico: int) -> int:
    """What a call cost, rounded up as totals are."""
    return -(-gas_pico // PICO)


def _shown(item: StackItem) -> Json:
    try:
        return item_to_json(item, MOST_OF_AN_ITEM)
    except (ItemTooLarge, RecursiveReference):
        return {"type": type_of(item).name}
