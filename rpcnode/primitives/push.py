"""The instructions that push a constant, as bytes; hashes of contracts depend on them."""

from rpcnode.primitives.errors import FormatError

_PUSHINT_SIZES = (1, 2, 4, 8, 16, 32)  # PUSHINT8 0x00 ... PUSHINT256 0x05
_PUSHDATA1, _PUSHDATA2, _PUSHDATA4 = 0x0C, 0x0D, 0x0E
_PUSH0 = 0x10


def push_integer(value: int) -> bytes:
    """The shortest instruction that pushes `value`: PUSHM1, PUSH0 ... PUSH16, or PUSHINT8 ... PUSHINT256.

    The operand is little-endian two's complement, sign-extended to the instruction's width.
    Raises FormatError past 256 bits.
    Source: neo-vm, ScriptBuilder.EmitPush(BigInteger).
    """
    if -1 <= value <= 16:
        return bytes((_PUSH0 + value,))
    bits = (value if value >= 0 else ~value).bit_length() + 1
    for opcode, size in enumerate(_PUSHINT_SIZES):
        if bits <= 8 * size:
            return bytes((opcode,)) + value.to_bytes(size, "little", signed=True)
    raise FormatError(f"an integer of the VM has at most 256 bits with its sign, got {bits}")


def push_data(data: bytes) -> bytes:
    """PUSHDATA1, PUSHDATA2 or PUSHDATA4, whichever the length of `data` asks for.

    Source: neo-vm, ScriptBuilder.EmitPush(ReadOnlySpan<byte>).
    """
    size = len(data)
    if size < 0x100:
        return bytes((_PUSHDATA1, size)) + data
    if size < 0x10000:
        return bytes((_PUSHDATA2,)) + size.to_bytes(2, "little") + data
    return bytes((_PUSHDATA4,)) + size.to_bytes(4, "little") + data
