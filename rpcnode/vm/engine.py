"""The engine: executes scripts instruction by instruction, until they halt or fault."""

from enum import IntEnum
from typing import Final

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.code import MAX_BLOCK_GROWTH, JumpTable, Step, code_of
from rpcnode.vm.conversions import push
from rpcnode.vm.equality import Comparisons
from rpcnode.vm.faults import Catchable, too_many_items, underflow
from rpcnode.vm.frame import CATCH, FINALLY, TRY, Frame, SharedState
from rpcnode.vm.items import Array, StackItem
from rpcnode.vm.jump_table import LATEST
from rpcnode.vm.limits import DEFAULT_LIMITS, Limits
from rpcnode.vm.reference_counter import ReferenceCounter
from rpcnode.vm.script import Script

MAX_RESULT_COUNT: Final = 0xFFFF
UNLIMITED: Final = 2**62  # gas


class VmState(IntEnum):
    """NONE while instructions are executed, BREAK before the first one and where a debugger stops."""

    NONE = 0
    HALT = 1
    FAULT = 2
    BREAK = 4


class Host:
    """What scripts reach outside of the VM: nothing, unless a host of one's own says what.

    Raising VmFault fails the script, Catchable lets it catch that.
    """

    def syscall(self, engine: "Engine", api: int) -> None:
        """Do what SYSCALL asks for; `api` is its operand, read as a little-endian number."""
        raise VmFault(f"Syscall not found: {api}")

    def call_token(self, engine: "Engine", token: int) -> None:
        """Do what CALLT asks for."""
        raise VmFault(f"Token not found: {token}")


class Engine:
    """One execution. Load a script, then `execute`; `results` has what it left, last item last.

    `gas` is what may be spent, in the unit of opcode prices; each instruction is paid for before it is executed.
    Source: neo-vm, ExecutionEngine; neo, SmartContract/ApplicationEngine.PreExecuteInstruction.
    """

    __slots__ = (
        *("comparisons", "counter", "fault", "frames", "gas_left", "host", "limits", "results", "state", "table"),
        *("texts", "thrown"),
    )

    def __init__(
        self,
        host: Host | None = None,
        limits: Limits = DEFAULT_LIMITS,
        table: JumpTable = LATEST,
        gas: int = UNLIMITED,
    ) -> None:
        self.host: Final = host or Host()
        self.limits: Final = limits
        self.table: Final = table
        self.gas_left = gas
        self.state = VmState.BREAK
        self.frames: Final[list[Frame]] = []  # the invocation stack, innermost call last
        self.results: Final[list[StackItem]] = []
        self.counter: Final = ReferenceCounter(self.results)
        self.comparisons: Final = Comparisons(limits)
        self.texts: Final[dict[int, StackItem]] = {}  # long ones that are known to be UTF-8, by their id
        self.thrown: tuple[StackItem] | None = None  # a value on its way to who catches it
        self.fault: VmFault | None = None  # why the state is FAULT

    def charge(self, price: int) -> None:
        """Spend gas. Raises VmFault when there is too little."""
        self.gas_left -= price
        if self.gas_left < 0:
            raise VmFault("Insufficient GAS.")

    def load_script(self, script: Script, result_count: int = -1, position: int = 0) -> Frame:
        """Call a script with a stack of its own; it must leave `result_count` items there, -1 for any number."""
        if not -1 <= result_count <= MAX_RESULT_COUNT:
            raise VmFault(f"Out of range: {result_count} (Parameter 'rvcount')")
        frame = Frame(self, SharedState(code_of(script, self.table)), 0, result_count)
        frame.jump(position)
        self.load(frame)
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
                    push(frame, value)
                frame.jump(catch_at if is_caught else finally_at)
                if is_caught:
                    self.thrown = None
                return
        text = value.items[0] if isinstance(value, Array) and value.items else value
        said = f" {text.decode(errors='replace')}" if isinstance(text, bytes) else ""
        raise VmFault(f"An unhandled exception was thrown.{said}")

    def execute(self, price: int | None = None) -> VmState:
        """Run until the script halts or faults; or, to go on later, until `price` is spent, the state then being NONE.

        The last instructions may pass the price: a block of them is executed as a whole. It must be above zero.
        """
        if self.state is VmState.BREAK:
            self.state = VmState.NONE
        floor = 0 if price is None else max(0, self.gas_left - price)
        while self.state is VmState.NONE and (self.gas_left > floor or not floor):
            self._run(floor)
        return self.state

    def step(self) -> None:
        """Execute one instruction."""
        self._run(0, only_one=True)

    def _run(self, floor: int, only_one: bool = False) -> None:
        """Execute instructions until the script halts or faults, at most up to a fault that it catches; or just one.

        With a floor it ends before a block that would leave less gas than that, unless it is the first.

        As long as there is room for all that a block can add, the number of items is looked at behind it only; as long
        as there is gas for all of it, it is paid at once, and what a fault leaves undone is given back.
        """
        frames, counter, limit = self.frames, self.counter, self.limits.max_stack_size
        room = limit - MAX_BLOCK_GROWTH
        paid: tuple[Step, ...] = ()
        count, start = counter.count, self.gas_left
        try:
            while frames:
                frame = frames[-1]
                block = frame.shared.code.block(frame.ip, 1) if only_one else frame.blocks[frame.ip]
                frame.ip, steps, price = block or frame.shared.code.block(frame.ip)
                left = self.gas_left - price
                if count > room or left < floor:
                    if left < floor and floor and self.gas_left != start:
                        frame.ip = steps[0][2]
                        return
                    paid = ()
                    for step in steps:
                        self.charge(step[3])
                        step[0](frame, step[1])
                        if counter.count > limit:
                            break
                else:
                    paid = steps
                    self.gas_left = left
                    for step in steps:
                        step[0](frame, step[1])
                count = counter.base + len(counter.stack)
                if count > limit:
                    raise too_many_items(count, limit)
                if only_one:
                    break
            if not frames:
                self.state = VmState.HALT
        except VmFault as fault:
            self._fail(frame, step, paid, fault)
        except IndexError as error:
            # Operations pop without looking first, which is quicker; any other IndexError is a bug.
            if frame.stack or error.args != ("pop from empty list",):
                raise
            self._fail(frame, step, paid, underflow(0, 0))

    def _fail(self, frame: Frame, step: Step, paid: tuple[Step, ...], fault: VmFault) -> None:
        """End in the fault of a step, unless the script may catch it and does; those paid behind it are not done."""
        frame.ip = step[2]
        self.gas_left += sum(later[3] for later in paid if later[2] > step[2])
        if isinstance(fault, Catchable):
            try:
                self.throw(str(fault).encode())
                if self.counter.count <= self.limits.max_stack_size:
                    return
                fault = too_many_items(self.counter.count, self.limits.max_stack_size)
            except VmFault as unhandled:
                fault = unhandled
        self.state = VmState.FAULT
        self.fault = fault
