"""Scripts made ready to run: for each position the function, its operand, the next position and the price."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from rpcnode.vm.faults import BadScript
from rpcnode.vm.items import Pointer, integer_of
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script import Instruction, Script, offset_target, offset_targets, opcodes

if TYPE_CHECKING:
    from rpcnode.vm.frame import Frame

Operation: TypeAlias = "Callable[[Frame, Any], bool | None]"
"""What an opcode does. True tells the engine to look again: frames have changed, or more than one item was added."""

Step: TypeAlias = "tuple[Operation, object, int, int]"
"""The function, its operand, the next position, the price."""

JumpTable: TypeAlias = "tuple[Operation | None, ...]"
"""The function of each opcode, by its code."""

OUTSIDE: Final = -(2**40)
"""Added to a jump's target that is not in the script, so that it is below zero whatever it was."""

_STEPS_AT_ONCE = 64


class Undecoded(Exception):
    """The position has not been executed before."""


class Code:
    """A script's steps for one jump table, made when they are first needed.

    `steps` has one for each position and an implicit RET behind the last; those not made yet raise Undecoded.
    """

    __slots__ = ("_table", "script", "steps")

    def __init__(self, script: Script, table: JumpTable) -> None:
        self.script: Final = script
        self._table: Final = table
        self.steps: Final[list[Step]] = [_UNDECODED] * len(script)
        self.steps.append((_operation(table, Opcode.RET), None, len(script), 0))

    def decode(self, position: int) -> None:
        """Make the step at a position and some of those that follow it."""
        for _ in range(_STEPS_AT_ONCE):
            if self.steps[position] is not _UNDECODED:
                return
            self.steps[position] = step = self._step(position)
            position = step[2]

    def _step(self, position: int) -> Step:
        try:
            instruction = self.script.instruction(position)
        except BadScript as fault:
            return _raise, fault, position, 0
        opcode = instruction.opcode
        read = OPERANDS.get(opcode)
        operand = read(instruction, self.script) if read else None
        return _operation(self._table, opcode), operand, instruction.next, opcode.price


def code_of(script: Script, table: JumpTable) -> Code:
    """The script's steps for a table, the same every time."""
    code = script.codes.get(id(table))
    if not isinstance(code, Code):
        code = script.codes[id(table)] = Code(script, table)
    return code


def _operation(table: JumpTable, opcode: Opcode) -> Operation:
    operation = table[opcode]
    assert operation is not None, opcode
    return operation


def undecoded(frame: "Frame", operand: object) -> None:
    """The function of a step that was not made yet."""
    raise Undecoded


def _raise(frame: "Frame", fault: BadScript) -> None:
    raise fault


_UNDECODED: Final[Step] = (undecoded, None, 0, 0)


def _jump(instruction: Instruction, script: Script) -> int:
    (target,) = offset_target(instruction)
    return target if 0 <= target < len(script) else OUTSIDE + target


def _tries(instruction: Instruction, script: Script) -> tuple[int, int] | None:
    """The positions of CATCH and FINALLY, -1 for none; None for neither."""
    if not any(instruction.data):
        return None
    catch_at, finally_at = (-1 if target == instruction.position else target for target in offset_targets(instruction))
    return catch_at, finally_at


def _constant(instruction: Instruction, script: Script) -> int:
    return integer_of(instruction.data)


def _small_constant(instruction: Instruction, script: Script) -> int:
    return instruction.opcode - Opcode.PUSH0


def _number(instruction: Instruction, script: Script) -> int:
    return int.from_bytes(instruction.data, "little")


def _slot_index(instruction: Instruction, script: Script) -> int:
    """The index in the operand, or the last three bits of the opcode: families of slots begin at multiples of 8."""
    return instruction.data[0] if instruction.data else instruction.opcode & 7


OPERANDS: Final[dict[Opcode, Callable[[Instruction, Script], object]]] = {
    **dict.fromkeys(opcodes(Opcode.PUSHINT8, Opcode.PUSHINT256), _constant),
    Opcode.PUSHT: lambda instruction, script: True,
    Opcode.PUSHF: lambda instruction, script: False,
    Opcode.PUSHA: lambda instruction, script: Pointer(offset_target(instruction)[0], script),
    **dict.fromkeys(opcodes(Opcode.PUSHDATA1, Opcode.PUSHDATA4), lambda instruction, script: instruction.data),
    **dict.fromkeys(opcodes(Opcode.PUSHM1, Opcode.PUSH16), _small_constant),
    **dict.fromkeys(opcodes(Opcode.JMP, Opcode.JMPLE_L), _jump),
    **dict.fromkeys(
        (Opcode.CALL, Opcode.CALL_L, Opcode.ENDTRY, Opcode.ENDTRY_L),
        lambda instruction, script: offset_target(instruction)[0],
    ),
    **dict.fromkeys((Opcode.TRY, Opcode.TRY_L), _tries),
    **dict.fromkeys(
        (Opcode.CALLT, Opcode.SYSCALL, Opcode.INITSSLOT, Opcode.NEWARRAY_T, Opcode.ISTYPE, Opcode.CONVERT), _number
    ),
    Opcode.INITSLOT: lambda instruction, script: tuple(instruction.data),
    **dict.fromkeys(opcodes(Opcode.LDSFLD0, Opcode.STARG), _slot_index),
}
"""How an operand is read into what the opcode's function takes; opcodes that are not here take None."""
