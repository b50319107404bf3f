"""The instructions of Neo 2's VM that push a constant, as bytes; hashes of accounts depend on them."""

_PUSH0, _PUSHBYTES75 = 0x00, 0x4B
_PUSHDATA1, _PUSHDATA2, _PUSHDATA4 = 0x4C, 0x4D, 0x4E
_PUSHM1, _PUSH1 = 0x4F, 0x51


def push_integer(value: int) -> bytes:
    """PUSHM1, PUSH0, PUSH1 ... PUSH16, or the number's bytes: little-endian two's complement, as few as hold it.

    Source: neo-vm 2.4, ScriptBuilder.EmitPush(BigInteger).
    """
    if value == -1:
        return bytes((_PUSHM1,))
    if value == 0:
        return bytes((_PUSH0,))
    if 0 < value <= 16:
        return bytes((_PUSH1 + value - 1,))
    bits = (value if value >= 0 else ~value).bit_length() + 1
    return push_data(value.to_bytes((bits + 7) // 8, "little", signed=True))


def push_data(data: bytes) -> bytes:
    """PUSHBYTES1 ... PUSHBYTES75, PUSHDATA1, PUSHDATA2 or PUSHDATA4, whichever the length of `data` asks for.

    Source: neo-vm 2.4, ScriptBuilder.EmitPush(byte[]).
    """
    size = len(data)
    if size <= _PUSHBYTES75:
        return bytes((size,)) + data
    if size < 0x100:
        return bytes((_PUSHDATA1, size)) + data
    if size < 0x10000:
        return bytes((_PUSHDATA2,)) + size.to_bytes(2, "little") + data
    return bytes((_PUSHDATA4,)) + size.to_bytes(4, "little") + data
