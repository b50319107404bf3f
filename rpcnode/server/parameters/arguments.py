"""From `{"type", "value"}` to what a script pushes: the arguments of an invocation, as each node reads them.

The converters of N3 raise FormatError where the C# node's fail with an exception of the runtime; what the client then
sees names the parameter, which only the binder knows.
Source: neo 3.10, Neo: SmartContract/ContractParameter.FromJson; neo 2.12 and 3.0.0-preview2, the same.
"""

import re
from collections.abc import Callable
from typing import Final

from rpcnode.payloads.parameter_types import PARAMETER_TYPE_CODES
from rpcnode.plugin.parameters import ContractArguments
from rpcnode.primitives.dotnet_base64 import decode_base64
from rpcnode.primitives.dotnet_text import parse_enum
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError, InvalidParams, LeakedException, RpcError
from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.server.jsonrpc.value_text import TextOf, n2_text, n3_text, preview_text
from rpcnode.server.parameters.conversion import Converter, as_boolean, invalid, json_text
from rpcnode.vm.items import MAX_INTEGER, MIN_INTEGER, Array, Map, Primitive, StackItem

_BIG_INTEGER: Final = re.compile(r"\s*+([+-]?+)(?=[0-9])0*+([0-9]*+)\s*+\0*+", re.ASCII).fullmatch
_MOST_DIGITS: Final = 78  # of 256 bits
_NAMES: Final = {number: name for name, number in PARAMETER_TYPE_CODES.items()}
NULL_REFERENCE: Final = (-2147467261, "Object reference not set to an instance of an object.")


def hex_bytes(text: str) -> bytes:
    """The bytes of an even number of hex digits and nothing else; raises FormatError."""
    try:
        data = bytes.fromhex(text)
    except ValueError:
        raise FormatError(f"{text[:80]!r} is not hex") from None
    if 2 * len(data) != len(text):
        raise FormatError(f"{text[:80]!r} is not hex")
    return data


def big_integer(text: str) -> int:
    """BigInteger.Parse; raises FormatError. More than the VM holds is refused as ScriptBuilder refuses it."""
    found = _BIG_INTEGER(text)
    if found is None:
        raise FormatError(f"{text[:80]!r} is no integer")
    sign, digits = found[1], found[2] or "0"
    if len(digits) <= _MOST_DIGITS:
        number = int(sign + digits)
        if MIN_INTEGER <= number <= MAX_INTEGER:
            return number
    message = "Specified argument was out of the range of valid values. (Parameter 'value')"
    raise LeakedException(-2146233086, message)


def public_key(text: str) -> ECPoint:
    """A public key in hex, compressed or not; raises FormatError."""
    return ECPoint.decode_point(hex_bytes(text))


def base64_bytes(text: str) -> bytes:
    """The bytes of a Base64 text as .NET reads it; raises FormatError."""
    data = decode_base64(text)
    if data is None:
        raise FormatError(f"{text[:80]!r} is not Base64")
    return data


class ArgumentReader:
    """Reads arguments; `text_of` is how the node makes text of any value, `bytes_of` how it reads a ByteArray."""

    def __init__(self, text_of: TextOf, bytes_of: Callable[[str], bytes]) -> None:
        self._text_of = text_of
        self._scalars: dict[str, Callable[[str], StackItem]] = {
            "Integer": big_integer,
            "ByteArray": bytes_of,
            "Signature": bytes_of,
            "String": lambda text: text.encode("utf-8", "replace"),
            "Hash160": lambda text: bytes(UInt160.parse(text)),
            "Hash256": lambda text: bytes(UInt256.parse(text)),
            "PublicKey": lambda text: bytes(public_key(text)),
        }

    def read(self, kind: str, value: Json) -> StackItem:
        """The item of a type and a value that is there; raises FormatError."""
        if kind == "Boolean":
            return as_boolean(value)
        if kind in self._scalars:
            return self._scalars[kind](self._text_of(value))
        if kind in ("Array", "Map") and isinstance(value, list):
            return Array(map(self.argument, value)) if kind == "Array" else Map(map(self._entry, value))
        raise FormatError(f"{kind} takes no value {json_text(value)[:80]}")

    def argument(self, json: Json) -> StackItem:
        """The item of `{"type", "value"}`; raises FormatError."""
        if not isinstance(json, dict):
            raise FormatError(f"an argument is an object, got {json_text(json)[:80]}")
        kind, value = json.get("type"), json.get("value")
        if not isinstance(kind, str):
            raise FormatError(f"a type is a text, not {json_text(kind)[:80]}")
        number = parse_enum(kind, PARAMETER_TYPE_CODES)
        return None if value is None else self.read(_NAMES.get(number, kind), value)

    def _entry(self, json: Json) -> tuple[Primitive, StackItem]:
        if not isinstance(json, dict):
            raise FormatError(f"an entry of a Map is an object, got {json_text(json)[:80]}")
        key = self.argument(json.get("key"))
        if not isinstance(key, Primitive):
            raise FormatError("a key of a Map is no Array, Map or null")
        return key, self.argument(json.get("value"))


@dataclass(frozen=True, slots=True)
class NullArguments:
    """What the older nodes' runtime says of a null: where bytes belong, a text, and a list."""

    data: str
    text: str
    listed: str


_NEVER_PUSHED: Final = ("", "Any", "InteropInterface", "Void", "Map")


class _LegacyArgumentReader(ArgumentReader):
    """The older nodes': a type they do not know is a Signature, and some types no script can push.

    A value of null is read, and fails where it is pushed.
    """

    def __init__(self, text_of: TextOf, bytes_of: Callable[[str], bytes], nulls: NullArguments) -> None:
        super().__init__(text_of, bytes_of)
        self._nulls = nulls

    def argument(self, json: Json) -> StackItem:
        if not isinstance(json, dict) or json.get("type") is None:
            raise LeakedException(*NULL_REFERENCE)
        known, value = self._type(json["type"]), json.get("value")
        if value is not None and known in ("Array", "Map") and not isinstance(value, list):
            raise not_an_array(value)
        if known in _NEVER_PUSHED:
            raise LeakedException(-2147024809, "Value does not fall within the expected range.")
        if value is None:
            raise LeakedException(NULL_REFERENCE[0], self._null_message(known))
        return self.read(known, value)

    def _type(self, kind: Json) -> str:
        """The name of a type; empty for a number in a text that is no type's."""
        if not isinstance(kind, str):
            return "Signature"
        try:
            return _NAMES.get(parse_enum(kind, PARAMETER_TYPE_CODES), "")
        except FormatError:
            return "Signature"

    def _null_message(self, kind: str) -> str:
        if kind in ("ByteArray", "Signature"):
            return self._nulls.data
        return self._nulls.text if kind == "String" else NULL_REFERENCE[1]


def not_an_array(value: Json) -> RpcError:
    """The older nodes' cast of a value to an array."""
    kinds: dict[type, str] = {str: "JString", bool: "JBoolean", int: "JNumber", float: "JNumber"}
    kind = kinds.get(type(value), "JObject")
    message = f"Unable to cast object of type 'Neo.IO.Json.{kind}' to type 'Neo.IO.Json.JArray'."
    return LeakedException(-2147467262, message)


def n3_arguments(value: Json, version: int) -> ContractArguments:
    """N3's array of contract parameters. Raises InvalidParams."""
    # neo-cli quirk: what is no array at all is called invalid addresses.
    if not isinstance(value, list):
        raise invalid(f"Invalid Addresses: {json_text(value)}")
    arguments = []
    for position, entry in enumerate(value):
        if not isinstance(entry, dict):
            raise invalid(f"Invalid ContractParameter at [{position}]")
        arguments.append(_N3.argument(entry))
    return ContractArguments(arguments)


_N3: Final = ArgumentReader(n3_text, base64_bytes)


def _legacy_arguments(reader: ArgumentReader) -> Converter:
    def convert(value: Json, version: int) -> ContractArguments:
        if not isinstance(value, list):
            raise not_an_array(value)
        try:
            return ContractArguments(map(reader.argument, value))
        except FormatError:
            raise InvalidParams from None

    return convert


_NULL: Final = "Value cannot be null."
PREVIEW_NULLS: Final = NullArguments(
    f"{_NULL} (Parameter 'data')", f"{_NULL} (Parameter 's')", f"{_NULL} (Parameter 'source')"
)
N2_NULLS: Final = NullArguments(_NULL, f"{_NULL}\nParameter name: s", f"{_NULL}\nParameter name: source")

preview_arguments = _legacy_arguments(_LegacyArgumentReader(preview_text, base64_bytes, PREVIEW_NULLS))
n2_arguments = _legacy_arguments(_LegacyArgumentReader(n2_text, hex_bytes, N2_NULLS))
