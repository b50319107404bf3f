"""Scripts as instructions: what stands at a position, and whether a script is sound as a whole."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from rpcnode.vm.faults import BadScript
from rpcnode.vm.items import TYPE_CODES, StackItemType, integer_of
from rpcnode.vm.opcode import Opcode

_OPCODES: Final = {int(opcode): opcode for opcode in Opcode}
_MAX_CACHED_SCRIPTS = 128


class Instruction(NamedTuple):
    """One instruction as it stands in a script; `next` is the position behind it."""

    position: int
    opcode: Opcode
    data: bytes
    next: int


class Script:
    """A script, read as it is executed; in strict mode it is read and checked as a whole at once.

    Strict mode raises BadScript for an unknown opcode or a cut operand anywhere, for a jump that leads to no
    instruction, and for an unknown type. Source: neo-vm, Script.
    """

    __slots__ = ("codes", "data", "strict")

    def __init__(self, data: bytes, strict: bool = False) -> None:
        self.data: Final = data
        self.strict: Final = strict
        self.codes: Final[dict[int, object]] = {}  # what `code.py` makes of it, by jump table
        if strict:
            instructions: dict[int, Instruction] = {}
            position = 0
            while position < len(data):
                instructions[position] = instruction = read_instruction(data, position)
                position = instruction.next
            for instruction in instructions.values():
                _check(instruction, instructions)

    def __len__(self) -> int:
        return len(self.data)

    def instruction(self, position: int) -> Instruction:
        """What stands at a position within the script, which may be inside another instruction's operand.

        Raises BadScript.
        """
        return read_instruction(self.data, position)


@lru_cache(maxsize=_MAX_CACHED_SCRIPTS)
def script_of(data: bytes, strict: bool = False) -> Script:
    """The script of these bytes, the same object every time while it is in use. Raises BadScript in strict mode."""
    return Script(data, strict)


def read_instruction(data: bytes, position: int) -> Instruction:
    """The instruction at a position within the bytes. Raises BadScript. Source: neo-vm, Instruction."""
    opcode = _OPCODES.get(data[position])
    if opcode is None:
        raise BadScript("Exception of type 'Neo.VM.BadScriptException' was thrown.")
    start = position + 1 + opcode.prefix_size
    size = opcode.operand_size
    if opcode.prefix_size:
        if start > len(data):
            raise BadScript(f"Instruction out of bounds. InstructionPointer: {position + 1}")
        size = int.from_bytes(data[position + 1 : start], "little")
    if start + size > len(data):
        raise BadScript(
            f"Instruction out of bounds. InstructionPointer: {start}, operandSize: {size}, length: {len(data)}"
        )
    return Instruction(position, opcode, data[start : start + size], start + size)


def _check(instruction: Instruction, instructions: dict[int, Instruction]) -> None:
    opcode, data = instruction.opcode, instruction.data
    targets = TARGETS[opcode](instruction) if opcode in TARGETS else ()
    is_typed = opcode not in TYPED or (
        data[0] in TYPE_CODES and (data[0] != StackItemType.Any or opcode is Opcode.NEWARRAY_T)
    )
    if not is_typed or any(target not in instructions for target in targets):
        raise BadScript(f"ip: {instruction.position}, opcode: {opcode.name}")


def offset_target(instruction: Instruction) -> int:
    """The position that a one-offset instruction means."""
    return instruction.position + integer_of(instruction.data)


def offset_targets(instruction: Instruction) -> tuple[int, int]:
    """The two positions that a TRY means; an offset of 0 means its own."""
    position, data = instruction.position, instruction.data
    half = len(data) // 2
    return position + integer_of(data[:half]), position + integer_of(data[half:])


def opcodes(first: Opcode, last: Opcode) -> tuple[Opcode, ...]:
    """The opcodes of a range, both ends included."""
    return tuple(opcode for opcode in Opcode if first <= opcode <= last)


Targets: TypeAlias = Callable[[Instruction], tuple[int, ...]]

TARGETS: Final[dict[Opcode, Targets]] = {
    **dict.fromkeys(opcodes(Opcode.JMP, Opcode.CALL_L), lambda instruction: (offset_target(instruction),)),
    **dict.fromkeys((Opcode.PUSHA, Opcode.ENDTRY, Opcode.ENDTRY_L), lambda instruction: (offset_target(instruction),)),
    **dict.fromkeys((Opcode.TRY, Opcode.TRY_L), offset_targets),
}
"""What leads to other places of a script, and how to read where."""

TYPED: Final = (Opcode.NEWARRAY_T, Opcode.ISTYPE, Opcode.CONVERT)
