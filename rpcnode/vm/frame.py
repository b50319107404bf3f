"""Frames of the invocation stack, and the TRY blocks in them."""

from typing import TYPE_CHECKING, Final, TypeAlias

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.code import Code
from rpcnode.vm.items import StackItem
from rpcnode.vm.script import Script

if TYPE_CHECKING:
    from rpcnode.vm.engine import Engine


TRY, CATCH, FINALLY = range(3)
"""Which part of a TRY block is being executed."""

TryBlock: TypeAlias = tuple[int, int, int, int]
"""An open TRY block: positions of CATCH and FINALLY, below zero for none; its part; where to go on behind it."""

STATICS, LOCALS, ARGUMENTS = range(3)
"""The slots of a frame; each is empty until it is initialized."""


class SharedState:
    """What the frames of one loaded script share: its code, its stack, its static fields, and slots to begin with.

    `host` is for whoever runs the engine, to remember whose script this is.
    """

    __slots__ = ("code", "host", "slots", "stack")

    def __init__(self, code: Code) -> None:
        self.code: Final = code
        self.stack: Final[list[StackItem]] = []
        self.slots: Final[tuple[list[StackItem], ...]] = ([], [], [])
        self.host: object = None


class Frame:
    """One call. What is the shared state's or the engine's stands here again to be at hand for the operations."""

    __slots__ = ("blocks", "counter", "engine", "ip", "locals", "result_count", "shared", "slots", "stack", "tries")

    def __init__(self, engine: "Engine", shared: SharedState, ip: int, result_count: int) -> None:
        self.engine: Final = engine
        self.counter: Final = engine.counter
        self.shared: Final = shared
        self.blocks: Final = shared.code.blocks
        self.stack: Final = shared.stack
        self.ip = ip  # where to go on; while a block is executed, behind it
        self.result_count: Final = result_count  # -1: any number
        self.slots = shared.slots
        self.locals = shared.slots[LOCALS]
        self.tries: Final[list[TryBlock]] = []

    @property
    def script(self) -> Script:
        """The script that the frame executes."""
        return self.shared.code.script

    def jump(self, position: int) -> None:
        """Go on at a position, which may be the script's end. Raises VmFault for one outside."""
        size = len(self.shared.code.script.data)
        if not 0 <= position <= size:
            raise VmFault(f"Out of script bounds: {position}/{size} (Parameter 'value')")
        self.ip = position
