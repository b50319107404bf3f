"""The engine: executes scripts instruction by instruction, until they halt or fault."""

from collections.abc import Callable
from itertools import repeat
from typing import Final, Protocol

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.code import JumpTable, Undecoded, code_of, undecoded
from rpcnode.vm.conversions import push
from rpcnode.vm.faults import Catchable, underflow
from rpcnode.vm.frame import Frame, SharedState, TryState
from rpcnode.vm.jump_table import LATEST
from rpcnode.vm.limits import DEFAULT_LIMITS, Limits
from rpcnode.vm.reference_counter import ReferenceCounter
from rpcnode.vm.script import Script
from rpcnode.vm.state import VmState
from rpcnode.vm.values import Value, VmArray

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

    def __init__(self, value: Value) -> None:
        text = value.items[0] if isinstance(value, VmArray) and value.items else value
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
        self.results: Final[list[Value]] = []
        self.counter: Final = ReferenceCounter(self.results)
        self.thrown: tuple[Value] | None = None  # a value on its way to who catches it
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
        counter = self.counter
        statics = frame.shared.statics
        if statics and not (self.frames and self.frames[-1].shared.statics is statics):
            for value in statics:
                counter.remove(value)
        for value in frame.locals:
            counter.remove(value)
        for value in frame.arguments:
            counter.remove(value)

    def throw(self, value: Value) -> None:
        """Go to where the value is caught, or to a FINALLY on the way. Raises Unhandled when there is neither.

        Source: neo-vm, JumpTable.Control: ExecuteThrow.
        """
        self.thrown = (value,)
        for depth, frame in enumerate(reversed(self.frames)):
            while frame.tries:
                block = frame.tries[-1]
                if block.state is TryState.FINALLY or (block.state is TryState.CATCH and block.finally_at < 0):
                    frame.tries.pop()
                    continue
                for _ in range(depth):
                    self.unload(self.frames.pop())
                self.counter.switch(frame.stack)
                if block.state is TryState.TRY and block.catch_at >= 0:
                    block.state = TryState.CATCH
                    push(frame, value)
                    frame.jump(block.catch_at)
                    self.thrown = None
                else:
                    block.state = TryState.FINALLY
                    frame.jump(block.finally_at)
                return
        raise Unhandled(value)

    def execute(self) -> VmState:
        """Run until the script halts or faults."""
        if self.state is VmState.BREAK:
            self.state = VmState.NONE
        while self.state is VmState.NONE:
            self._run(self.limits.max_stack_size)
        return self.state

    def step(self) -> None:
        """Execute one instruction."""
        self._run(1)

    def _run(self, most: int) -> None:
        """Execute instructions until the script halts or faults, at most up to a fault that it catches; or just one.

        An instruction adds one item at most, or ends the inner loop by saying True, as it does when frames change. So
        the inner loop need not look at the number of items before it has done as many instructions as there is room
        for items.
        """
        if not self.frames:
            self.state = VmState.HALT
            return
        frames, counter, charge = self.frames, self.counter, self.charge
        limit = self.limits.max_stack_size
        room = max(limit + 1 - counter.count, 1)
        frame, ip = frames[-1], frames[-1].ip
        try:
            while frames:
                frame = frames[-1]
                steps = frame.steps
                rounds = repeat(None, most if most < room else room)
                if charge is None:
                    for _ in rounds:
                        ip = frame.ip
                        operation, operand, frame.ip, _price = steps[ip]
                        if operation(frame, operand):
                            break
                else:
                    for _ in rounds:
                        ip = frame.ip
                        operation, operand, frame.ip, price = steps[ip]
                        if operation is not undecoded:
                            charge(price)
                        if operation(frame, operand):
                            break
                room = limit + 1 - counter.base - len(counter.stack)
                if room <= 0:
                    raise self._too_many_items()
                if most == 1:
                    break
        except Undecoded:
            frame.ip = ip
            frame.shared.code.decode(ip)
            if most == 1:
                self._run(1)
        except VmFault as fault:
            frame.ip = ip
            self._fail(fault)
        except IndexError as error:
            # Operations pop without looking first, which is quicker; any other IndexError is a bug.
            if frame.stack or error.args != ("pop from empty list",):
                raise
            frame.ip = ip
            self._fail(underflow(0, 0))

    def _too_many_items(self) -> VmFault:
        return VmFault(f"MaxStackSize exceed: {self.counter.count}/{self.limits.max_stack_size}")

    def _fail(self, fault: VmFault) -> None:
        """End in a fault, unless the script may catch it and does."""
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
