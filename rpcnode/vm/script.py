"""Scripts as instructions: what stands at a position, and whether a script is sound as a whole."""

from typing import Final, NamedTuple

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.faults import INT32_MAX, OVERFLOW, BadScript, bad_argument, out_of_range
from rpcnode.vm.items import TYPE_CODES, StackItemType, integer_of
from rpcnode.vm.opcode import Opcode

TYPED: Final = (Opcode.NEWARRAY_T, Opcode.ISTYPE, Opcode.CONVERT)
"""Whose operand is a type of items."""

NO_MESSAGE: Final = "Exception of type 'Neo.VM.BadScriptException' was thrown."

_OPCODES: Final = {int(opcode): opcode for opcode in Opcode}
_KNOWN: Final = [_OPCODES.get(code) for code in range(256)]
_PLAIN_SIZES: Final = bytes(0 if opcode is None or opcode.prefix_size else 1 + opcode.operand_size for opcode in _KNOWN)
_IS_CHECKED: Final = [opcode is not None and (opcode.offsets > 0 or opcode in TYPED) for opcode in _KNOWN]
_IS_SHORT_JUMP: Final = [opcode is not None and opcode.offsets == opcode.operand_size == 1 for opcode in _KNOWN]


class Instruction(NamedTuple):
    """One instruction as it stands in a script; `next` is the position behind it."""

    position: int
    opcode: Opcode
    data: bytes
    next: int

    @property
    def targets(self) -> tuple[int, ...]:
        """The positions that its offsets mean, inside the script or not; a TRY has its own for none."""
        count = self.opcode.offsets
        size = len(self.data) // (count or 1)
        return tuple(self.position + integer_of(self.data[i * size : (i + 1) * size]) for i in range(count))


class Script:
    """A script, read as it is executed; in strict mode it is read and checked as a whole at once.

    Strict mode raises BadScript for an unknown opcode or a cut operand anywhere, for a jump that leads to no
    instruction, and for an unknown type. Source: neo-vm, Script.
    """

    __slots__ = ("_starts", "codes", "data")

    def __init__(self, data: bytes, strict: bool = False, *, is_kept: bool = False) -> None:
        self.data: Final = data
        self.codes: Final[dict[int, object] | None] = {} if is_kept else None
        """What `code.py` makes of it, by jump table; of a script that is for one run nothing is kept."""
        self._starts: bytearray | None = None
        if strict:
            starts, to_check = _read_all(data)
            self._starts = starts
            for position in to_check:
                _check(read_instruction(data, position), starts)

    def __len__(self) -> int:
        return len(self.data)

    def check_instruction(self, position: int) -> None:
        """Raises VmFault unless an instruction begins at a position that is not negative.

        In strict mode it is one of those that follow each other from the start; else the bytes must merely be one.
        """
        if position >= len(self.data):
            raise bad_argument("ip", position, f"less than '{len(self.data)}'")
        if self._starts is None:
            read_instruction(self.data, position)
        elif not self._starts[position]:
            raise VmFault(f"Instruction not found at position {position} in strict mode. (Parameter 'ip')")


def read_instruction(data: bytes, position: int) -> Instruction:
    """What stands at a position within the bytes, which may be inside another instruction's operand.

    Raises BadScript. Source: neo-vm, Instruction.
    """
    opcode = _OPCODES.get(data[position])
    if opcode is None:
        raise BadScript(NO_MESSAGE)
    start = position + 1 + opcode.prefix_size
    size = opcode.operand_size
    if opcode.prefix_size:
        if start > len(data):
            raise BadScript(f"Instruction out of bounds. InstructionPointer: {position + 1}")
        size = int.from_bytes(data[position + 1 : start], "little", signed=opcode is Opcode.PUSHDATA4)
        if size < 0:
            raise BadScript(f"Instruction out of bounds. InstructionPointer: {position + 1}, operandSize: {size}")
    if start + size > INT32_MAX:  # neo-vm quirk: does not see that, so what fails is the cut
        raise BadScript(str(out_of_range("start")))
    if start + size > len(data):
        # neo-vm quirk: spells it so.
        bounds = f"InstructionPointer: {start}, operandSize: {size}, length: {len(data)}"
        raise BadScript(f"Instrucion out of bounds. {bounds}")
    return Instruction(position, opcode, data[start : start + size], start + size)


def _read_all(data: bytes) -> tuple[bytearray, list[int]]:
    """1 for each position at which an instruction begins and 0 for the others, and those of which more is to be said.

    A script of the largest size must not take long: only what is not plain is read as an instruction.
    """
    starts, to_check = bytearray(len(data)), []
    position = 0
    while position < len(data):
        starts[position] = 1
        size = _PLAIN_SIZES[data[position]]
        if size == 0 or position + size > len(data):
            instruction = read_instruction(data, position)
            size = instruction.next - position
        if _IS_CHECKED[data[position]]:
            to_check.append(position)
        position += size
    return starts, [position for position in to_check if not _is_short_jump_to(starts, data, position)]


def _is_short_jump_to(starts: bytearray, data: bytes, position: int) -> bool:
    """Whether a jump or a call of one byte of offset leads to where an instruction begins."""
    if not _IS_SHORT_JUMP[data[position]]:
        return False
    target = position + (data[position + 1] ^ 0x80) - 0x80
    return 0 <= target < len(data) and starts[target] == 1


def _check(instruction: Instruction, starts: bytearray) -> None:
    opcode, data = instruction.opcode, instruction.data
    if opcode in TYPED and data[0] not in TYPE_CODES:
        raise BadScript(NO_MESSAGE)
    is_any = opcode in TYPED and opcode is not Opcode.NEWARRAY_T and data[0] == StackItemType.Any
    missing = [target for target in instruction.targets if not (0 <= target < len(starts) and starts[target])]
    if missing or is_any:
        overflows = missing and missing[0] > INT32_MAX
        raise BadScript(OVERFLOW if overflows else f"ip: {instruction.position}, opcode: {opcode.name}")
