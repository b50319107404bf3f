"""Scripts as text, one instruction a line: position, opcode, operand, and what the operand means."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from rpcnode.vm.faults import BadScript
from rpcnode.vm.items import TYPE_CODES, StackItemType, integer_of
from rpcnode.vm.opcode import Opcode, opcodes
from rpcnode.vm.script import TYPED, Instruction, read_instruction


def disassemble(script: bytes, syscalls: Mapping[bytes, str] | None = None) -> Iterator[str]:
    """The lines of a script; `syscalls` names services by the four bytes that SYSCALL takes.

    Bytes that are no instruction end the text, as `bytes` in hexadecimal digits.
    """
    position = 0
    while position < len(script):
        try:
            instruction = read_instruction(script, position)
        except BadScript:
            yield f"{position:04} bytes 0x{script[position:].hex()}"
            return
        words = [f"{position:04}", instruction.opcode.name]
        if instruction.data or instruction.opcode.prefix_size:
            words.append(f"0x{instruction.data.hex()}")
        meaning = _meaning(instruction, syscalls or {})
        yield " ".join(words) + (f"  # {meaning}" if meaning else "")
        position = instruction.next


def _meaning(instruction: Instruction, syscalls: Mapping[bytes, str]) -> str:
    position, opcode, data, _ = instruction
    if opcode.offsets:
        targets = ("none" if opcode.offsets == 2 and at == position else f"{at:04}" for at in instruction.targets)
        return f"to {', '.join(targets)}"
    if opcode is Opcode.SYSCALL:
        return syscalls.get(data, "")
    describe = _DESCRIPTIONS.get(opcode)
    return describe(data) if describe else ""


def _text(data: bytes) -> str:
    """The bytes between quotes where they are printable ASCII."""
    return f'"{data.decode()}"' if data.isascii() and data.decode().isprintable() else ""


_DESCRIPTIONS: Final[dict[Opcode, Callable[[bytes], str]]] = {
    **dict.fromkeys(opcodes(Opcode.PUSHINT8, Opcode.PUSHINT256), lambda data: str(integer_of(data))),
    **dict.fromkeys(opcodes(Opcode.PUSHDATA1, Opcode.PUSHDATA4), _text),
    **dict.fromkeys(TYPED, lambda data: StackItemType(data[0]).name if data[0] in TYPE_CODES else "no type"),
    Opcode.INITSSLOT: lambda data: f"{data[0]} static fields",
    Opcode.INITSLOT: lambda data: f"{data[0]} locals, {data[1]} arguments",
    Opcode.CALLT: lambda data: f"token {int.from_bytes(data, 'little')}",
}
