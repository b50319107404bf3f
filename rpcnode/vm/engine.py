"""The engine: executes scripts instruction by instruction, until they halt or fault."""

from enum import IntEnum
from typing import Final

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.code import MAX_BLOCK_GROWTH, Block, JumpTable, Step
from rpcnode.vm.faults import Catchable, too_many_items, underflow
from rpcnode.vm.jump_table import LATEST
from rpcnode.vm.limits import DEFAULT_LIMITS, Limits
from rpcnode.vm.machine import Frame, Machine

UNLIMITED: Final = 2**62  # gas
DECODING_PRICE: Final = 25  # opcode prices that take as long to execute as one instruction takes to be made ready


class VmState(IntEnum):
    """NONE while instructions are executed, BREAK before the first one and where a debugger stops."""

    NONE = 0
    HALT = 1
    FAULT = 2
    BREAK = 4


class Engine(Machine):
    """One execution. Load a script, then `execute`; `results` has what it left, last item last.

    `gas` is what may be spent, in the unit of opcode prices; each instruction is paid for before it is executed.
    Source: neo-vm, ExecutionEngine; neo, SmartContract/ApplicationEngine.PreExecuteInstruction.
    """

    __slots__ = ("fault", "floor", "state")

    def __init__(self, limits: Limits = DEFAULT_LIMITS, table: JumpTable = LATEST, gas: int = UNLIMITED) -> None:
        super().__init__(limits, table, gas)
        self.floor = 0  # gas at which a run ends to go on later; 0 for none
        self.state = VmState.BREAK
        self.fault: VmFault | None = None  # why the state is FAULT

    def execute(self, price: int | None = None) -> VmState:
        """Run until the script halts or faults; or, to go on later, until `price` is spent, the state then being NONE.

        The price, above 0, is in the unit of gas. The last instructions may pass it: a block of them is executed as a
        whole.
        """
        if self.state is VmState.BREAK:
            self.state = VmState.NONE
        self.floor = 0 if price is None else max(0, self.gas_left - price)
        while self.state is VmState.NONE and (self.gas_left > self.floor or not self.floor):
            self._run()
        return self.state

    def step(self) -> None:
        """Execute one instruction."""
        self.floor = 0
        self._run(only_one=True)

    def _run(self, only_one: bool = False) -> None:
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
                frame.ip, steps, price = block or self._made_block(frame)
                factor, floor = self.factor, self.floor
                left = self.gas_left - price * factor
                if count > room or left < floor:
                    if left < floor and floor and self.gas_left != start:
                        frame.ip = steps[0][2]
                        return
                    paid = ()
                    for step in steps:
                        self.charge(step[3] * factor)
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

    def _made_block(self, frame: Frame) -> Block:
        """The block where a frame stands, made for the first time; that takes long, so a piece of a run ends sooner."""
        block = frame.shared.code.block(frame.ip)
        if self.floor:
            self.floor += DECODING_PRICE * len(block[1]) * self.factor
        return block

    def _fail(self, frame: Frame, step: Step, paid: tuple[Step, ...], fault: VmFault) -> None:
        """End in the fault of a step, unless the script may catch it and does; those paid behind it are not done."""
        frame.ip = step[2]
        self.gas_left += self.factor * sum(later[3] for later in paid if later[2] > step[2])
        if isinstance(fault, Catchable):
            try:
                self.throw(str(fault).encode())
                if self.counter.count <= self.limits.max_stack_size:
                    return
                fault = too_many_items(self.counter.count, self.limits.max_stack_size)
            except VmFault as unhandled:
                fault = unhandled
        self.state = VmState.FAULT
        self.fault = fault.with_traceback(None)  # which would hold on to the engine
