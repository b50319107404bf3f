"""Writes scripts: constants, system calls and calls of contracts."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Self, TypeAlias

from rpcnode.payloads.flags import CallFlags
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.hashes import sha256
from rpcnode.primitives.push import push_data, push_integer
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Array, Buffer, Compound, InteropInterface, Map, Pointer, StackItem, type_of

Pushable: TypeAlias = StackItem | str | Sequence["Pushable"]
"""What a script can push; hashes and public keys go as they are stored, text as UTF-8, a sequence as an array.

Of stack items these are values, arrays and maps.
"""

MAX_ARRAY_DEPTH = 64  # of nested sequences; a script of the largest size could hold no useful more

_PUSHT, _PUSHF, _PUSHNULL = 0x08, 0x09, 0x0B
_SYSCALL = 0x41
_PACKMAP, _PACK, _NEWARRAY0, _NEWMAP = 0xBE, 0xC0, 0xC2, 0xC8

_NEVER_PUSHED = (Buffer, Compound, Pointer, InteropInterface)


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

        A map likewise, with PACKMAP; each value comes before its key. Raises FormatError for an integer past 256 bits,
        for nesting deeper than `MAX_ARRAY_DEPTH`, and for an item that no script can push.
        Source: neo, Neo: VM/Helper.EmitPush(ContractParameter); neo-vm, ScriptBuilder.EmitPush.
        """
        self._push(value, MAX_ARRAY_DEPTH)
        return self

    def syscall(self, name: str) -> Self:
        """Append a call of the interop service `name`."""
        self._script.append(_SYSCALL)
        self._script += syscall_id(name)
        return self

    def call(self, contract: UInt160, method: str, args: Sequence[Pushable], flags: int = CallFlags.All) -> Self:
        """Append a call of a contract's method, byte for byte as wallets write it.

        Source: neo, Neo: VM/Helper.EmitDynamicCall.
        """
        for arg in reversed(args):
            self._push(arg, MAX_ARRAY_DEPTH - 1)
        self._script += call_end(contract, method, flags, len(args))
        return self

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
        elif isinstance(value, Map):
            self._push_map(value, depth_left)
        elif isinstance(value, _NEVER_PUSHED) and not isinstance(value, Array):
            raise FormatError(f"{type_of(value).name} cannot be pushed by a script")
        else:
            self._push_all(value.items if isinstance(value, Array) else value, depth_left)

    def _push_map(self, value: Map, depth_left: int) -> None:
        if not value.entries:
            self._script.append(_NEWMAP)
            return
        for key, held in reversed([*value.pairs()]):
            self._push(held, depth_left - 1)
            self._push(key, depth_left - 1)
        self._script += push_integer(len(value.entries))
        self._script.append(_PACKMAP)

    def _push_all(self, items: Sequence[Pushable], depth_left: int) -> None:
        for item in reversed(items):
            self._push(item, depth_left - 1)
        self._script += push_integer(len(items))
        self._script.append(_PACK)


@lru_cache(maxsize=1024)
def call_end(contract: UInt160, method: str, flags: int, argument_count: int) -> bytes:
    """What comes after the arguments of a call: it is the same for every call of a method.

    Half a surrogate pair, which has no UTF-8, becomes a question mark.
    """
    packed = push_integer(argument_count) + bytes((_PACK,)) if argument_count else bytes((_NEWARRAY0,))
    named = push_integer(flags) + push_data(method.encode("utf-8", "replace")) + push_data(contract)
    return packed + named + bytes((_SYSCALL,)) + syscall_id("System.Contract.Call")
