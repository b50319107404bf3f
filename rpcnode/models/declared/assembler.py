"""Scripts written as code: instructions, jumps to labels, and what a way through them costs."""

from collections.abc import Sequence
from typing import Final, Self

from rpcnode.execution.syscalls.table import ROW_OF
from rpcnode.primitives.push import push_data, push_integer
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script import read_instruction
from rpcnode.vm.script_builder import syscall_id

OFFSET_SIZE: Final = 4  # bytes of an offset in the long forms of jumps and calls

_ALWAYS: Final = (Opcode.JMP_L, Opcode.CALL_L)


class Assembler:
    """A script in the making; every method returns the assembler, so that calls chain.

    Jumps and calls take labels, which may come later; all have the long form.
    """

    def __init__(self) -> None:
        self._script: Final = bytearray()
        self._jumps: Final[list[tuple[int, str]]] = []
        self.labels: Final[dict[str, int]] = {}

    def label(self, name: str) -> Self:
        """Name the position of what comes next."""
        assert name not in self.labels, name
        self.labels[name] = len(self._script)
        return self

    def op(self, *opcodes: Opcode) -> Self:
        """Append instructions without operands."""
        self._script.extend(opcodes)
        return self

    def push(self, value: bytes | int | str) -> Self:
        """Append what pushes a constant; a text as UTF-8."""
        if isinstance(value, int):
            self._script.extend(push_integer(value))
        else:
            self._script.extend(push_data(value.encode() if isinstance(value, str) else value))
        return self

    def slots(self, *, arguments: int, variables: int = 0) -> Self:
        """Append INITSLOT: the arguments leave the stack, the first of them from its top."""
        self._script.extend(bytes((Opcode.INITSLOT, variables, arguments)))
        return self

    def jump(self, opcode: Opcode, label: str) -> Self:
        """Append a jump or a call, in its long form, to a label."""
        self._jumps.append((len(self._script), label))
        self._script.extend(bytes((opcode,)) + bytes(OFFSET_SIZE))
        return self

    def call(self, label: str) -> Self:
        """Append a call of the part of the script behind a label."""
        return self.jump(Opcode.CALL_L, label)

    def syscall(self, name: str) -> Self:
        """Append a call of a service."""
        self._script.extend(bytes((Opcode.SYSCALL,)) + syscall_id(name))
        return self

    def token(self, index: int) -> Self:
        """Append CALLT: a method that the NEF names."""
        self._script.extend(bytes((Opcode.CALLT,)) + index.to_bytes(2, "little"))
        return self

    def to_bytes(self) -> bytes:
        """The script, its offsets filled in."""
        script = bytearray(self._script)
        for position, label in self._jumps:
            offset = self.labels[label] - position
            script[position + 1 : position + 1 + OFFSET_SIZE] = offset.to_bytes(OFFSET_SIZE, "little", signed=True)
        return bytes(script)


def units_of_way(script: bytes, start: int, taken: Sequence[int], token_units: Sequence[int]) -> int:
    """What the way from a position to its RET costs, in units of opcode prices, without what storage takes up.

    `taken` has the targets of the conditional jumps that are taken, in their order; all others are passed by. Of jumps
    to one place the first is taken, so that two that differ in what they save must not lead to the same.
    `token_units` is what each CALLT costs with all that it does.
    """
    units, position, returns, ahead = 0, start, list[int](), list(taken)
    while True:
        instruction = read_instruction(script, position)
        opcode, position = instruction.opcode, instruction.next
        units += opcode.price
        if opcode is Opcode.RET:
            if not returns:
                assert not ahead, "a jump that no instruction of the way takes"
                return units
            position = returns.pop()
        elif opcode is Opcode.SYSCALL:
            units += ROW_OF[int.from_bytes(instruction.data, "little")].price
        elif opcode is Opcode.CALLT:
            units += token_units[int.from_bytes(instruction.data, "little")]
        elif opcode.offsets:
            (target,) = instruction.targets
            if opcode is Opcode.CALL_L:
                returns.append(position)
            if opcode in _ALWAYS:
                position = target
            elif ahead and ahead[0] == target:
                position = ahead.pop(0)
