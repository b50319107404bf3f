"""Scripts as instructions: what stands at a position, and whether a script is sound as a whole."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from rpcnode.vm.faults import BadScript
from rpcnode.vm.items import StackItemType, integer_of
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.values import TYPE_CODES

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

    __slots__ = ("_instructions", "codes", "data", "strict")

    def __init__(self, data: bytes, strict: bool = False) -> None:
        self.data: Final = data
        self.strict: Final = strict
        self.codes: Final[dict[object, object]] = {}  # the steps that `code.py` makes, by jump table
        self._instructions: Final[dict[int, Instruction]] = {}
        if strict:
            position = 0
            while position < len(data):
                position = self.instruction(position).next
            for instruction in self._instructions.values():
                self._check(instruction)

    def __len__(self) -> int:
        return len(self.data)

    def instruction(self, position: int) -> Instruction:
        """What stands at a position within the script, which may be inside another instruction's operand.

        Raises BadScript.
        """
        found = self._instructions.get(position)
        if found is None:
            found = self._instructions[position] = read_instruction(self.data, position)
        return found

    def _check(self, instruction: Instruction) -> None:
        opcode = instruction.opcode
        where = f"ip: {instruction.position}, opcode: {opcode.name}"
        for target in TARGETS[opcode](instruction) if opcode in TARGETS else ():
            if target not in self._instructions:
                raise BadScript(where)
        if opcode in TYPED:
            kind = instruction.data[0]
            if kind not in TYPE_CODES or (kind == StackItemType.Any and opcode is not Opcode.NEWARRAY_T):
                raise BadScript(where)


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


@lru_cache(maxsize=_MAX_CACHED_SCRIPTS)
def script_of(data: bytes, strict: bool = False) -> Script:
    """The script of these bytes, the same object every time while it is in use. Raises BadScript in strict mode."""
    return Script(data, strict)


Targets: TypeAlias = Callable[[Instruction], tuple[int, ...]]


def offset_target(instruction: Instruction) -> tuple[int, ...]:
    """The position that a one-offset instruction means."""
    return (instruction.position + integer_of(instruction.data),)


def offset_targets(instruction: Instruction) -> tuple[int, ...]:
    """The two positions that a TRY means; an offset of 0 means its own."""
    half = len(instruction.data) // 2
    return (
        instruction.position + integer_of(instruction.data[:half]),
        instruction.position + integer_of(instruction.data[half:]),
    )


def opcodes(first: Opcode, last: Opcode) -> tuple[Opcode, ...]:
    """The opcodes of a range, both ends included."""
    return tuple(opcode for opcode in Opcode if first <= opcode <= last)


TARGETS: Final[dict[Opcode, Targets]] = {
    **dict.fromkeys(opcodes(Opcode.JMP, Opcode.CALL_L), offset_target),
    **dict.fromkeys((Opcode.PUSHA, Opcode.ENDTRY, Opcode.ENDTRY_L), offset_target),
    **dict.fromkeys((Opcode.TRY, Opcode.TRY_L), offset_targets),
}
"""What leads to other places of a script, and how to read where."""

TYPED: Final = (Opcode.NEWARRAY_T, Opcode.ISTYPE, Opcode.CONVERT)
