"""The engine: executes scripts instruction by instruction, until they halt or fault."""

from collections.abc import Callable
from typing import Final, Protocol

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.code import MAX_BLOCK_GROWTH, JumpTable, code_of
from rpcnode.vm.conversions import push
from rpcnode.vm.faults import Catchable, underflow
from rpcnode.vm.frame import CATCH, FINALLY, TRY, Frame, SharedState
from rpcnode.vm.items import Array, StackItem
from rpcnode.vm.jump_table import LATEST
from rpcnode.vm.limits import DEFAULT_LIMITS, Limits
from rpcnode.vm.reference_counter import ReferenceCounter
from rpcnode.vm.script import Script
from rpcnode.vm.state import VmState

MAX_RESULT_COUNT = 0xFFFF


class Host(Protocol):
    """What scripts reach outside of the VM. Raising VmFault fails the script, Catchable lets it catch that."""

    def syscall(self, engine: "Engine", api: int) -> None:
        """Do what SYSCALL asks for; `api` is its operand, read as a little-endian number."""

    def call_token(self, engine: "Engine", token: int) -> None:
        """Do what CALLT asks for."""


class NoHost:
    """The host of an engine that was given none: knows no syscall and no token."""

    def syscall(self, engine: "Engine", api: int) -> None:
        raise VmFault(f"Syscall not found: {api}")

    def call_token(self, engine: "Engine", token: int) -> None:
        raise VmFault(f"Token not found: {token}")


class Unhandled(VmFault):
    """A script threw what no script catches."""

    def __init__(self, value: StackItem) -> None:
        text = value.items[0] if isinstance(value, Array) and value.items else value
        said = f" {text.decode(errors='replace')}" if isinstance(text, bytes) else ""
        super().__init__(f"An unhandled exception was thrown.{said}")
        self.value: Final = value


class Engine:
    """One execution. Load a script, then `execute`; `results` has what it left, last value last.

    `charge`, when given, is called with each instruction's price before it is executed, and raises VmFault when the gas
    is used up. Source: neo-vm, ExecutionEngine.
    """

    __slots__ = ("charge", "counter", "fault", "frames", "host", "limits", "results", "state", "table", "thrown")

    def __init__(
        self,
        host: Host | None = None,
        limits: Limits = DEFAULT_LIMITS,
        table: JumpTable = LATEST,
        charge: Callable[[int], None] | None = None,
    ) -> None:
        self.host: Final[Host] = host or NoHost()
        self.limits: Final = limits
        self.table: Final = table
        self.charge: Final = charge
        self.state = VmState.BREAK
        self.frames: Final[list[Frame]] = []  # the invocation stack, innermost call last
        self.results: Final[list[StackItem]] = []
        self.counter: Final = ReferenceCounter(self.results)
        self.thrown: tuple[StackItem] | None = None  # a value on its way to who catches it
        self.fault: VmFault | None = None  # why the state is FAULT

    def load_script(self, script: Script, result_count: int = -1, position: int = 0) -> Frame:
        """Call a script with a stack of its own; it must leave `result_count` values there, -1 for any number."""
        if not -1 <= result_count <= MAX_RESULT_COUNT:
            raise VmFault(f"Out of range: {result_count} (Parameter 'rvcount')")
        frame = Frame(self, SharedState(code_of(script, self.table)), 0, result_count)
        frame.jump(position)
        self.load(frame)
        return frame

    def load(self, frame: Frame) -> None:
        """Put a frame on the invocation stack."""
        frames = self.frames
        if len(frames) >= self.limits.max_invocation_stack_size:
            raise VmFault(f"MaxInvocationStackSize exceed: {len(frames)}")
        frames.append(frame)
        if self.counter.stack is not frame.stack:
            self.counter.switch(frame.stack)

    def unload(self, frame: Frame) -> None:
        """Let go of the slots of a frame that was taken off the invocation stack."""
        statics, variables, arguments = frame.slots
        frames = self.frames
        if statics and not (frames and frames[-1].shared is frame.shared):
            self.counter.remove_all(statics)
        if variables:
            self.counter.remove_all(variables)
        if arguments:
            self.counter.remove_all(arguments)

    def throw(self, value: StackItem) -> None:
        """Go to where the value is caught, or to a FINALLY on the way. Raises Unhandled when there is neither.

        Source: neo-vm, JumpTable.Control: ExecuteThrow.
        """
        frames = self.frames
        self.thrown = (value,)
        for depth in range(len(frames), 0, -1):
            frame = frames[depth - 1]
            while frame.tries:
                block = frame.tries[-1]
                if block.state is FINALLY or (block.state is CATCH and block.finally_at < 0):
                    frame.tries.pop()
                    continue
                while len(frames) > depth:
                    self.unload(frames.pop())
                if self.counter.stack is not frame.stack:
                    self.counter.switch(frame.stack)
                if block.state is TRY and block.catch_at >= 0:
                    block.state = CATCH
                    push(frame, value)
                    frame.jump(block.catch_at)
                    self.thrown = None
                else:
                    block.state = FINALLY
                    frame.jump(block.finally_at)
                return
        raise Unhandled(value)

    def execute(self) -> VmState:
        """Run until the script halts or faults."""
        if self.state is VmState.BREAK:
            self.state = VmState.NONE
        while self.state is VmState.NONE:
            self._run()
        return self.state

    def step(self) -> None:
        """Execute one instruction."""
        self._run(only_one=True)

    def _run(self, only_one: bool = False) -> None:
        """Execute instructions until the script halts or faults, at most up to a fault that it catches; or just one.

        As long as there is room for all that a block can add, the number of items is looked at behind it only.
        """
        frames, counter, charge, limit = self.frames, self.counter, self.charge, self.limits.max_stack_size
        if not frames:
            self.state = VmState.HALT
            return
        count = counter.count
        try:
            while frames:
                frame = frames[-1]
                code = frame.shared.code
                block = code.block(frame.ip, 1) if only_one else code.blocks[frame.ip] or code.add_block(frame.ip)
                frame.ip, steps = block
                if count + MAX_BLOCK_GROWTH > limit:
                    for step in steps:
                        if charge is not None:
                            charge(step[3])
                        step[0](frame, step[1])
                        if counter.count > limit:
                            break
                elif charge is None:
                    for step in steps:
                        step[0](frame, step[1])
                else:
                    for step in steps:
                        charge(step[3])
                        step[0](frame, step[1])
                count = counter.base + len(counter.stack)
                if count > limit:
                    raise self._too_many_items()
                if only_one:
                    break
        except VmFault as fault:
            self._fail(frame, step[2], fault)
        except IndexError as error:
            # Operations pop without looking first, which is quicker; any other IndexError is a bug.
            if frame.stack or error.args != ("pop from empty list",):
                raise
            self._fail(frame, step[2], underflow(0, 0))

    def _too_many_items(self) -> VmFault:
        return VmFault(f"MaxStackSize exceed: {self.counter.count}/{self.limits.max_stack_size}")

    def _fail(self, frame: Frame, position: int, fault: VmFault) -> None:
        """End in the fault of the instruction at a position, unless the script may catch it and does."""
        frame.ip = position
        if isinstance(fault, Catchable):
            try:
                self.throw(str(fault).encode())
                if self.counter.count <= self.limits.max_stack_size:
                    return
                fault = self._too_many_items()
            except VmFault as unhandled:
                fault = unhandled
        self.state = VmState.FAULT
        self.fault = fault
