"""Reads what a method plainly pushes and returns, as `symbol` and `decimals` of nearly every token do.

No VM: a method counts whose code is one push and RET, with an INITSLOT before it or not. Anything else is unknown here.
"""

import base64

from rpcnode.primitives.json import Json

_PUSHINT8, _PUSHINT256 = 0x00, 0x05
_PUSHDATA1, _PUSHDATA2 = 0x0C, 0x0D
_PUSHM1, _PUSH16 = 0x0F, 0x20
_RET, _INITSLOT = 0x40, 0x57


def constant_of(state: dict[str, Json], method: str) -> bytes | int | None:
    """What a method without parameters always returns, or None; `state` is in the form of getcontractstate."""
    offset = _offset_of(state, method)
    nef = state.get("nef")
    if offset is None or not isinstance(nef, dict) or not isinstance(nef.get("script"), str):
        return None
    try:
        script = base64.b64decode(str(nef["script"]), validate=True)
    except ValueError:
        return None
    if script[offset : offset + 1] == bytes((_INITSLOT,)):
        offset += 3
    value, end = _push(script, offset)
    return value if script[end : end + 1] == bytes((_RET,)) else None


def _offset_of(state: dict[str, Json], method: str) -> int | None:
    manifest = state.get("manifest")
    abi = manifest.get("abi") if isinstance(manifest, dict) else None
    methods = abi.get("methods") if isinstance(abi, dict) else None
    for found in methods if isinstance(methods, list) else ():
        if isinstance(found, dict) and found.get("name") == method and found.get("parameters") == []:
            offset = found.get("offset")
            return offset if isinstance(offset, int) and offset >= 0 else None
    return None


def _push(script: bytes, offset: int) -> tuple[bytes | int | None, int]:
    """The value that the instruction at an offset pushes, and where the next one stands."""
    opcode = script[offset] if offset < len(script) else -1
    if _PUSHM1 <= opcode <= _PUSH16:
        return opcode - _PUSHM1 - 1, offset + 1
    if _PUSHINT8 <= opcode <= _PUSHINT256:
        end = offset + 1 + (1 << (opcode - _PUSHINT8))
        return int.from_bytes(script[offset + 1 : end], "little", signed=True), end
    if opcode in (_PUSHDATA1, _PUSHDATA2):
        start = offset + 1 + (opcode - _PUSHDATA1 + 1)
        end = start + int.from_bytes(script[offset + 1 : start], "little")
        return script[start:end], end
    return None, offset
