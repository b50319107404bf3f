"""Frames of the invocation stack, and the TRY blocks in them."""

from enum import Enum
from typing import TYPE_CHECKING, Final

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.code import Code
from rpcnode.vm.script import Script
from rpcnode.vm.values import Value

if TYPE_CHECKING:
    from rpcnode.vm.engine import Engine


class TryState(Enum):
    """Which part of a TRY block is being executed."""

    TRY = 0
    CATCH = 1
    FINALLY = 2


class TryBlock:
    """An open TRY block: the positions of its parts, below zero for a part that it has not, and of what follows it."""

    __slots__ = ("catch_at", "end_at", "finally_at", "state")

    def __init__(self, catch_at: int, finally_at: int) -> None:
        self.catch_at: Final = catch_at
        self.finally_at: Final = finally_at
        self.end_at = -1  # known from ENDTRY on
        self.state = TryState.TRY


class SharedState:
    """What the frames of one loaded script share: its code, its stack, its static fields.

    `host` is for whoever runs the engine, to remember whose script this is.
    """

    __slots__ = ("code", "host", "stack", "statics")

    def __init__(self, code: Code) -> None:
        self.code: Final = code
        self.stack: Final[list[Value]] = []
        self.statics: list[Value] = []  # empty: not initialized
        self.host: object = None


class Frame:
    """One call. `stack`, `steps` and `counter` are the shared state's and the engine's, at hand for the operations."""

    __slots__ = (
        "arguments",
        "counter",
        "engine",
        "ip",
        "locals",
        "result_count",
        "shared",
        "stack",
        "steps",
        "tries",
    )

    def __init__(self, engine: "Engine", shared: SharedState, ip: int, result_count: int) -> None:
        self.engine: Final = engine
        self.counter: Final = engine.counter
        self.shared: Final = shared
        self.stack: Final = shared.stack
        self.steps: Final = shared.code.steps
        self.ip = ip  # of the next instruction, also while one is executed
        self.result_count: Final = result_count  # -1: any number
        self.locals: list[Value] = []  # empty: not initialized
        self.arguments: list[Value] = []
        self.tries: list[TryBlock] = []

    @property
    def script(self) -> Script:
        """The script that the frame executes."""
        return self.shared.code.script

    def jump(self, position: int) -> None:
        """Go on at a position, which may be the script's end. Raises VmFault for one outside."""
        if not 0 <= position < len(self.steps):
            raise VmFault(f"Out of script bounds: {position}/{len(self.steps) - 1} (Parameter 'value')")
        self.ip = position
