"""Writes scripts: constants, system calls and calls of contracts."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Self, TypeAlias

from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.hashes import sha256
from rpcnode.primitives.push import push_data, push_integer
from rpcnode.primitives.uint import UInt160

Pushable: TypeAlias = bool | int | bytes | str | Sequence["Pushable"] | None
"""What a script can push; hashes and public keys go as they are stored, text as UTF-8, a sequence as an array."""

CALL_FLAGS_ALL = 15
MAX_ARRAY_DEPTH = 64  # of nested sequences; a script of the largest size could hold no useful more

_PUSHT, _PUSHF, _PUSHNULL = 0x08, 0x09, 0x0B
_SYSCALL = 0x41
_PACK, _NEWARRAY0 = 0xC0, 0xC2


@lru_cache(maxsize=256)
def syscall_id(name: str) -> bytes:
    """The four bytes that SYSCALL takes for the interop service `name`."""
    return sha256(name.encode())[:4]


class ScriptBuilder:
    """A script in the making; every method returns the builder, so that calls chain."""

    __slots__ = ("_script",)

    def __init__(self) -> None:
        self._script = bytearray()

    def op(self, opcode: int, operand: bytes = b"") -> Self:
        """Append one instruction as it is."""
        self._script.append(opcode)
        self._script += operand
        return self

    def push(self, value: Pushable) -> Self:
        """Append what pushes `value`, an array as its items from last to first, their count, and PACK.

        Raises FormatError for an integer past 256 bits, or sequences nested deeper than `MAX_ARRAY_DEPTH`.
        Source: neo, Neo: VM/Helper.EmitPush(ContractParameter); neo-vm, ScriptBuilder.EmitPush.
        """
        self._push(value, MAX_ARRAY_DEPTH)
        return self

    def syscall(self, name: str) -> Self:
        """Append a call of the interop service `name`."""
        self._script.append(_SYSCALL)
        self._script += syscall_id(name)
        return self

    def call(self, contract: UInt160, method: str, args: Sequence[Pushable], flags: int = CALL_FLAGS_ALL) -> Self:
        """Append a call of a contract's method, byte for byte as wallets write it.

        Source: neo, Neo: VM/Helper.EmitDynamicCall.
        """
        if args:
            self.push(args)
        else:
            self._script.append(_NEWARRAY0)
        self._script += push_integer(flags)
        self._script += push_data(method.encode())
        self._script += push_data(contract)
        return self.syscall("System.Contract.Call")

    def to_bytes(self) -> bytes:
        """The script so far."""
        return bytes(self._script)

    def _push(self, value: Pushable, depth_left: int) -> None:
        if isinstance(value, bytes):
            self._script += push_data(value)
        elif value is None:
            self._script.append(_PUSHNULL)
        elif isinstance(value, bool):
            self._script.append(_PUSHT if value else _PUSHF)
        elif isinstance(value, int):
            self._script += push_integer(value)
        elif isinstance(value, str):
            self._script += push_data(value.encode())
        elif depth_left == 0:
            raise FormatError(f"arrays nested deeper than {MAX_ARRAY_DEPTH} levels cannot be pushed")
        else:
            for item in reversed(value):
                self._push(item, depth_left - 1)
            self._script += push_integer(len(value))
            self._script.append(_PACK)
