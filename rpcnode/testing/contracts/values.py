"""Values of contracts as Python has them, by the types of manifests, both ways.

| type of a manifest | given | gotten |
|---|---|---|
| Boolean, Integer, String | bool, int, str | the same |
| ByteArray, Signature | bytes | bytes |
| Hash160 | a name, an address, a script hash, an account, a contract | the script hash as text, 0x first |
| Hash256 | 0x and 64 hex digits | the same |
| PublicKey | 66 hex digits | the same |
| Array, Map | list, dict | list, dict |
| Any | whatever of these it is | null, bool, int, bytes, list, dict; bytes are not taken for anything else |

None is null, whatever the type. What a contract answers is not always of the type that its manifest says: then it comes
as for Any.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias, runtime_checkable

from rpcnode.execution.iterators import StorageIterator
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.conversions import to_boolean, to_bytes, to_integer
from rpcnode.vm.items import Array, InteropInterface, Map, StackItem

Value: TypeAlias = "bool | int | str | bytes | list[Value] | dict[bool | int | bytes | str, Value] | None"
"""What a contract answers, as Python has it."""

ANY: Final = "Any"
MOST_ROWS: Final = 10_000
"""Rows that are taken of an iterator."""

_HASH160_SIZE, _HASH256_SIZE, _KEY_SIZE = 20, 32, 33  # bytes


@runtime_checkable
class HasScriptHash(Protocol):
    """An account or a contract."""

    @property
    def script_hash(self) -> str:
        """Its script hash, 0x first."""


def argument_json(value: object, kind: str, what: str) -> Json:
    """An argument in the words of fixtures. Raises TypeError, which names it as `what`, for one of another type."""
    if value is None:
        return None
    if kind == ANY:
        return _natural(value, what)
    if kind not in _WRITE:
        raise TypeError(f"{what} is of type {kind}, which nobody can give")
    written = _WRITE[kind](value, what)
    if written is None:
        raise TypeError(f"{what} is of type {kind}: {_TAKES[kind]}, and not {value!r}")
    return written


def written_argument(value: object, what: str) -> Json:
    """An argument that is `{type, value}` already, or whose type is its own."""
    if isinstance(value, dict) and value.keys() == {"type", "value"}:
        return value
    return argument_json(value, ANY, what)


def value_of(item: StackItem, kind: str = ANY) -> Value:
    """What Python has for an item of a contract, by the type that its manifest says."""
    if item is None:
        return None
    read = _READ.get(kind)
    if read is not None:
        try:
            return read(item)
        except (VmFault, ValueError):
            return _plain(item)
    return _plain(item)


def _plain(item: StackItem) -> Value:
    if isinstance(item, bytearray | bytes):
        return bytes(item)
    if isinstance(item, Array):
        return [_plain(each) for each in item.items]
    if isinstance(item, Map):
        return {key: _plain(each) for key, each in item.pairs()}
    if isinstance(item, InteropInterface) and isinstance(item.value, StorageIterator):
        return _rows(item.value)
    return item if isinstance(item, bool | int) else None


def _rows(iterator: StorageIterator) -> list[Value]:
    rows: list[Value] = []
    while iterator.advance():
        if len(rows) == MOST_ROWS:
            raise ValueError(f"the iterator has more than {MOST_ROWS} rows; ask for fewer")
        rows.append(_plain(iterator.value()))
    return rows


def _text(item: StackItem) -> str:
    return bytes(to_bytes(item)).decode()


def _sized(item: StackItem, size: int) -> bytes:
    data = bytes(to_bytes(item))
    if len(data) != size:
        raise ValueError(f"{len(data)} bytes")
    return data


_READ: Final[dict[str, Callable[[StackItem], Value]]] = {
    "Boolean": to_boolean,
    "Integer": to_integer,
    "String": _text,
    "Hash160": lambda item: str(UInt160(_sized(item, _HASH160_SIZE))),
    "Hash256": lambda item: str(UInt256(_sized(item, _HASH256_SIZE))),
    "PublicKey": lambda item: _sized(item, _KEY_SIZE).hex(),
    "ByteArray": lambda item: bytes(to_bytes(item)),
    "Signature": lambda item: bytes(to_bytes(item)),
}


def _typed(kind: str, value: Json) -> Json:
    return {"type": kind, "value": value}


def _natural(value: object, what: str) -> Json:
    """An argument whose type is its own."""
    if value is None:
        return None
    for kind, fits in _NATURAL.items():
        if isinstance(value, fits):
            return _WRITE[kind](value, what)
    takes = "None, bool, int, str, bytes, list, dict, an account or a contract"
    raise TypeError(f"{what}: {value!r} is none of {takes}")


def _hash160(value: object, what: str) -> Json:
    written = value.script_hash if isinstance(value, HasScriptHash) else value
    return _typed("Hash160", written) if isinstance(written, str) else None


def _integer(value: object, what: str) -> Json:
    is_one = isinstance(value, int) and not isinstance(value, bool)
    return _typed("Integer", str(value)) if is_one else None


def _array(value: object, what: str) -> Json:
    if not isinstance(value, Sequence) or isinstance(value, str | bytes | bytearray):
        return None
    return _typed("Array", [_natural(each, f"{what}[{position}]") for position, each in enumerate(value)])


def _map(value: object, what: str) -> Json:
    if not isinstance(value, Mapping):
        return None
    return _typed(
        "Map",
        [
            {"key": _natural(key, f"a key of {what}"), "value": _natural(each, f"{what}[{key!r}]")}
            for key, each in value.items()
        ],
    )


def _of(kind: str, python: type[Any]) -> Callable[[object, str], Json]:
    return lambda value, _: _typed(kind, value) if isinstance(value, python) else None


def _bytes(kind: str) -> Callable[[object, str], Json]:
    def write(value: object, what: str) -> Json:
        return _typed(kind, b64encode(value).decode()) if isinstance(value, bytes | bytearray) else None

    return write


_WRITE: Final[dict[str, Callable[[object, str], Json]]] = {
    "Boolean": _of("Boolean", bool),
    "Integer": _integer,
    "String": _of("String", str),
    "ByteArray": _bytes("ByteArray"),
    "Signature": _bytes("Signature"),
    "Hash160": _hash160,
    "Hash256": _of("Hash256", str),
    "PublicKey": _of("PublicKey", str),
    "Array": _array,
    "Map": _map,
}
_TAKES: Final = {
    "Boolean": "it takes True or False",
    "Integer": "it takes an int",
    "String": "it takes a str",
    "ByteArray": "it takes bytes",
    "Signature": "it takes bytes",
    "Hash160": "it takes a name, an address, a script hash, an account or a contract",
    "Hash256": "it takes 0x and 64 hex digits",
    "PublicKey": "it takes 66 hex digits",
    "Array": "it takes a list",
    "Map": "it takes a dict",
}
_NATURAL: Final[dict[str, Any]] = {
    "Boolean": bool,
    "Integer": int,
    "String": str,
    "ByteArray": bytes | bytearray,
    "Hash160": HasScriptHash,
    "Map": Mapping,
    "Array": Sequence,
}
