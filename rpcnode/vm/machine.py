"""What operations change: the machine that runs a script, the frames of its invocation stack, their TRY blocks."""

from typing import Final, TypeAlias

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.code import Code, JumpTable, code_of
from rpcnode.vm.equality import Comparisons
from rpcnode.vm.items import Array, Compound, StackItem
from rpcnode.vm.limits import Limits
from rpcnode.vm.reference_counter import ReferenceCounter
from rpcnode.vm.script import Script

MAX_RESULT_COUNT: Final = 0xFFFF

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
    """One call. What is the shared state's or the machine's is here again to be at hand for the operations."""

    __slots__ = ("blocks", "counter", "engine", "ip", "locals", "result_count", "shared", "slots", "stack", "tries")

    def __init__(self, engine: "Machine", shared: SharedState, ip: int, result_count: int) -> None:
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


class Machine:
    """The state of one execution, and what changes more than one frame of it. `engine.py` has the loop.

    What scripts reach outside of the VM is nothing, unless a class of one's own says what: see `syscall`, `call_token`.

    `gas` is what may be spent, in the unit of opcode prices, or in one of which `factor` make an opcode's unit.
    """

    __slots__ = ("counter", "equality", "factor", "frames", "gas_left", "limits", "results", "table", "texts", "thrown")

    def __init__(self, limits: Limits, table: JumpTable, gas: int) -> None:
        self.limits: Final = limits
        self.table: Final = table
        self.gas_left = gas
        self.factor = 1
        self.frames: Final[list[Frame]] = []  # the invocation stack, innermost call last
        self.results: Final[list[StackItem]] = []
        self.counter: Final = ReferenceCounter(self.results)
        self.equality: Final = Comparisons(limits)
        self.texts: Final[dict[int, StackItem]] = {}  # long ones that are known to be UTF-8, by their id
        self.thrown: tuple[StackItem] | None = None  # a value on its way to who catches it

    def charge(self, price: int) -> None:
        """Spend gas, in its own unit. Raises VmFault when there is too little."""
        self.gas_left -= price
        if self.gas_left < 0:
            raise VmFault("Insufficient GAS.")

    def syscall(self, api: int) -> None:
        """Do what SYSCALL asks for; `api` is its operand, read as a little-endian number.

        Raising VmFault fails the script, Catchable lets it catch that.
        """
        raise VmFault(f"Syscall not found: {api}")

    def call_token(self, token: int) -> None:
        """Do what CALLT asks for."""
        raise VmFault(f"Token not found: {token}")

    def load_script(self, script: Script, result_count: int = -1, position: int = 0) -> Frame:
        """Call a script with a stack of its own; it must leave `result_count` items there, -1 for any number."""
        frame = self.made_frame(script, result_count, position)
        self.load(frame)
        return frame

    def made_frame(self, script: Script, result_count: int, position: int) -> Frame:
        """A frame for a script with a stack of its own, not loaded yet."""
        if not -1 <= result_count <= MAX_RESULT_COUNT:
            raise VmFault(f"Out of range: {result_count} (Parameter 'rvcount')")
        frame = Frame(self, SharedState(code_of(script, self.table)), 0, result_count)
        frame.jump(position)
        return frame

    def load(self, frame: Frame) -> None:
        """Put a frame on the invocation stack."""
        if len(self.frames) >= self.limits.max_invocation_stack_size:
            raise VmFault(f"MaxInvocationStackSize exceed: {len(self.frames)}")
        self.frames.append(frame)
        if self.counter.stack is not frame.stack:
            self.counter.switch(frame.stack)

    def unload(self, frame: Frame) -> None:
        """Let go of the slots of a frame that was taken off the invocation stack."""
        statics, variables, arguments = frame.slots
        if statics and not (self.frames and self.frames[-1].shared is frame.shared):
            self.counter.remove_all(statics)
        if variables:
            self.counter.remove_all(variables)
        if arguments:
            self.counter.remove_all(arguments)

    def throw(self, value: StackItem) -> None:
        """Go to where the value is caught, or to a FINALLY on the way. Raises VmFault when there is neither.

        Source: neo-vm, JumpTable.Control: ExecuteThrow.
        """
        frames = self.frames
        self.thrown = (value,)
        for depth in range(len(frames), 0, -1):
            frame = frames[depth - 1]
            while frame.tries:
                catch_at, finally_at, part, _ = frame.tries.pop()
                if part == FINALLY or (part == CATCH and finally_at < 0):
                    continue
                while len(frames) > depth:
                    self.unload(frames.pop())
                if self.counter.stack is not frame.stack:
                    self.counter.switch(frame.stack)
                is_caught = part == TRY and catch_at >= 0
                frame.tries.append((catch_at, finally_at, CATCH if is_caught else FINALLY, -1))
                if is_caught:
                    frame.stack.append(value)
                    if isinstance(value, Compound):
                        self.counter.pushed(value)
                frame.jump(catch_at if is_caught else finally_at)
                if is_caught:
                    self.thrown = None
                return
        raise unhandled(value)


def unhandled(value: StackItem) -> VmFault:
    """What a thrown value ends in that nobody catches. Source: neo-vm, VMUnhandledException."""
    text = value.items[0] if isinstance(value, Array) and value.items else value
    said = f" {text.decode(errors='replace')}" if isinstance(text, bytes) else ""
    return VmFault(f"An unhandled exception was thrown.{said}")
