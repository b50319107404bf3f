"""Scripts made ready to run: blocks of steps, each a function and what it takes."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.faults import INT32_MAX, OVERFLOW, BadScript
from rpcnode.vm.items import integer_of
from rpcnode.vm.opcode import Opcode, opcodes
from rpcnode.vm.script import TYPED, Instruction, Script, read_instruction

Operation: TypeAlias = Callable[[Any, Any], None]  # what an opcode does to a frame; it takes the operand as well
JumpTable: TypeAlias = dict[Opcode, Operation]
Step: TypeAlias = tuple[Operation, object, int, int]  # the function, its operand, its position, its price
Block: TypeAlias = tuple[int, tuple[Step, ...], int]  # the position behind the steps, the steps, their price together

OUTSIDE: Final = -(2**40)
"""Added to the target of a jump or a call that is not in the script, so that it is below zero whatever it was."""

MAX_BLOCK_SIZE: Final = 16  # steps
MAX_KEPT: Final = 1 << 16
"""Instructions of a script that are kept decoded; a transaction's has no more, what a client only asks may have."""

MAX_BLOCK_GROWTH: Final = MAX_BLOCK_SIZE + 2 * 255
"""Items that a block adds at most before its last step: one a step, and what INITSLOT and INITSSLOT make, each once."""

BLOCK_ENDS: Final = {
    *opcodes(Opcode.JMP, Opcode.THROW),
    *opcodes(Opcode.ENDTRY, Opcode.SYSCALL),
    *(Opcode.UNPACK, Opcode.NEWARRAY, Opcode.NEWARRAY_T, Opcode.NEWSTRUCT),
    *(Opcode.KEYS, Opcode.VALUES, Opcode.APPEND, Opcode.SETITEM, Opcode.CONVERT),
}
"""What may go elsewhere, or add any number of items: the engine looks again after it."""

ADDRESSES: Final = {Opcode.PUSHA, Opcode.CALL_L, Opcode.TRY_L, Opcode.ENDTRY_L}
"""What works out a position, which overflows past 32 bits, whether anything goes there or not."""


class Code:
    """A script's blocks for one jump table.

    `blocks` has those that were executed, by the position of their first step, and None for the others. All steps but
    the last of a block go on to the next one. `decoded` has the steps, which blocks share where they overlap. Behind
    the script's last instruction stands an implicit RET.
    """

    __slots__ = ("_table", "blocks", "decoded", "script")

    def __init__(self, script: Script, table: JumpTable) -> None:
        self.script: Final = script
        self.blocks: Final[list[Block | None]] = [None] * (len(script) + 1)
        self._table: Final = table
        self.decoded: Final[dict[int, tuple[Step, int, bool]]] = {}

    def block(self, start: int, size: int = MAX_BLOCK_SIZE) -> Block:
        """Make the block of at most `size` steps from a position on."""
        if len(self.decoded) > MAX_KEPT:
            self.decoded.clear()
            self.blocks[:] = [None] * len(self.blocks)
        steps: list[Step] = []
        position, is_last = start, False
        while not is_last and len(steps) < size:
            if position not in self.decoded:
                self.decoded[position] = self._decode(position)
            step, position, is_last = self.decoded[position]
            steps.append(step)
        block = position, tuple(steps), sum(step[3] for step in steps)
        if size == MAX_BLOCK_SIZE:
            self.blocks[start] = block
        return block

    def _decode(self, position: int) -> tuple[Step, int, bool]:
        """The step at a position, the position behind it, and whether it ends its block."""
        if position == len(self.script):
            return (self._table[Opcode.RET], None, position, 0), position, True
        plain = _PLAIN.get(self.script.data[position])
        if plain is not None:
            opcode, operand, price, is_last = plain
            return (self._table[opcode], operand, position, price), position + 1, is_last
        try:
            instruction = read_instruction(self.script.data, position)
        except BadScript as fault:
            return (_raise, fault, position, 0), position, True
        opcode = instruction.opcode
        operation, read = self._table[opcode], OPERANDS.get(opcode)
        operand = read(instruction, self.script) if read else None
        if opcode in ADDRESSES and max(instruction.targets) > INT32_MAX:
            operation, operand = _raise, VmFault(OVERFLOW)
        return (operation, operand, position, opcode.price), instruction.next, opcode in BLOCK_ENDS


def code_of(script: Script, table: JumpTable) -> Code:
    """The script's code for a table, the same every time if the script is kept."""
    if script.codes is None:
        return Code(script, table)
    code = script.codes.get(id(table))
    if not isinstance(code, Code):
        code = script.codes[id(table)] = Code(script, table)
    return code


def _raise(frame: object, fault: VmFault) -> None:
    raise type(fault)(*fault.args)  # a new one: each raise would make the traceback of the other longer


def _target(instruction: Instruction, script: Script) -> int:
    """Where a jump leads, which must be an instruction; a call may lead to the script's end too."""
    (target,) = instruction.targets
    is_inside = 0 <= target < len(script) or (target == len(script) and instruction.opcode >= Opcode.CALL)
    return target if is_inside else OUTSIDE + target


def _tries(instruction: Instruction, script: Script) -> tuple[int, ...] | None:
    """The positions of CATCH and FINALLY, -1 for none; None for neither."""
    if not any(instruction.data):
        return None
    return tuple(-1 if target == instruction.position else target for target in instruction.targets)


def _slot_index(instruction: Instruction, script: Script) -> int:
    """The index in the operand, or the last three bits of the opcode: families of slots begin at multiples of 8."""
    return instruction.data[0] if instruction.data else instruction.opcode & 7


def _unsigned(instruction: Instruction, script: Script) -> int:
    return int.from_bytes(instruction.data, "little")


IMPLIED: Final[dict[Opcode, int]] = {
    **{opcode: opcode - Opcode.PUSH0 for opcode in opcodes(Opcode.PUSHM1, Opcode.PUSH16)},
    **{Opcode.PUSHT: True, Opcode.PUSHF: False},
    **{Opcode.NIP: 1, Opcode.OVER: 1, Opcode.ROT: 2, Opcode.REVERSE3: 3, Opcode.REVERSE4: 4},
}
"""What an opcode without an operand hands to a function that takes one."""

OPERANDS: Final[dict[Opcode, Callable[[Instruction, Script], object]]] = {
    **dict.fromkeys(IMPLIED, lambda instruction, script: IMPLIED[instruction.opcode]),
    **dict.fromkeys(opcodes(Opcode.PUSHINT8, Opcode.PUSHINT256), lambda instruction, _: integer_of(instruction.data)),
    **dict.fromkeys(opcodes(Opcode.PUSHDATA1, Opcode.PUSHDATA4), lambda instruction, script: instruction.data),
    **dict.fromkeys(opcodes(Opcode.JMP, Opcode.CALL_L), _target),
    **dict.fromkeys((Opcode.PUSHA, Opcode.ENDTRY, Opcode.ENDTRY_L), lambda instruction, script: instruction.targets[0]),
    **dict.fromkeys((Opcode.TRY, Opcode.TRY_L), _tries),
    **dict.fromkeys((Opcode.CALLT, Opcode.SYSCALL, Opcode.INITSSLOT, *TYPED), _unsigned),
    Opcode.INITSLOT: lambda instruction, script: tuple(instruction.data),
    **dict.fromkeys(opcodes(Opcode.LDSFLD0, Opcode.STARG), _slot_index),
}
"""How an operand is read into what the opcode's function takes; opcodes that are not here take None."""


def _plain(opcode: Opcode) -> tuple[Opcode, object, int, bool]:
    read = OPERANDS.get(opcode)
    operand = read(Instruction(0, opcode, b"", 1), _EMPTY) if read else None
    return opcode, operand, opcode.price, opcode in BLOCK_ENDS


_EMPTY: Final = Script(b"")
_PLAIN: Final = {int(opcode): _plain(opcode) for opcode in Opcode if not (opcode.operand_size or opcode.prefix_size)}
"""Opcodes of one byte, by their code: what their steps are made of, wherever they stand."""
