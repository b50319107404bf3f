"""From JSON values to parameter types: as neo-cli 3.10 converts, as the older nodes did, and as documented mode does.

A converter gets a value that is there and not null.
Source: neo-node 3.10, plugins/RpcServer: ParameterConverter, BlockHashOrIndex; neo 3.10, Neo.Json; neo 2.12 and
3.0.0-preview2, RpcServer and Neo.IO.Json: JObject.AsNumber, AsBoolean.
"""

import math
import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from rpcnode.plugin.parameters import Account, BlockRef, UInt32, UInt64
from rpcnode.primitives.address import script_hash_of
from rpcnode.primitives.dotnet_text import double_text
from rpcnode.primitives.errors import FormatError, InvalidParams, LeakedException
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.server.jsonrpc.json_text import LARGEST_EXACT_INTEGER, write_json
from rpcnode.server.jsonrpc.value_text import TextOf, n2_text, n3_text, preview_text

Converter = Callable[[Json, int], object]
"""(value, address version) -> the parameter; raises RpcError."""

# Nothing in them goes back over what it matched: texts may be as long as a body. .NET's numbers may end in nulls
# (dotnet/runtime, Number.Parsing.cs: TrailingZeros).
_NUMBER = re.compile(r"\s*+[+-]?+([0-9]++\.?+[0-9]*+|\.[0-9]++)([eE][+-]?+[0-9]++)?+\s*+\0*+", re.ASCII).fullmatch
_WITH_COMMAS = re.compile(r"\s*+[+-]?+[0-9][0-9,]*+[^,]*+", re.ASCII).fullmatch
_INTEGER = re.compile(r"\s*+([+-]?+)([0-9]++)\s*+\0*+", re.ASCII).fullmatch
_INFINITIES = {"infinity": math.inf, "+infinity": math.inf, "-infinity": -math.inf}
_UINT32_MAX = 2**32 - 1
_UINT64_MAX = 2**64 - 1
_SHOWN = 200  # characters of a wrong value, where no real node quotes all of it


def json_text(value: Json) -> str:
    """A value as messages quote it: the JSON that the node would write, numbers as doubles."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return double_text(as_number(value))
    return write_json(value)


def invalid(detail: str) -> InvalidParams:
    """A converter's refusal, which keeps its `data` on N3."""
    return InvalidParams(detail, data=detail)


def as_number(value: Json) -> float:
    """What Neo's JSON library makes of a value that should be a number: NaN where it is none."""
    if isinstance(value, int | float):
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    if isinstance(value, str):
        if value == "":
            return 0.0
        return float(value.rstrip("\0")) if _NUMBER(value) else math.nan
    return math.nan


def as_boolean(value: Json) -> bool:
    """What Neo's JSON library makes of a value that should be a boolean: any text but the empty one is true."""
    if isinstance(value, str):
        return value != ""
    if isinstance(value, int | float):
        return value != 0
    return value is not None


def uint32_in(text: str) -> int | None:
    """The index that a text says, as uint.Parse reads it: space around it and a sign are fine. None: no integer.

    Raises OverflowError for an integer that is none of 32 bits.
    """
    found = _INTEGER(text)
    if found is None:
        return None
    sign, digits = found[1], found[2].lstrip("0") or "0"
    number = int(digits) if len(digits) <= 10 else _UINT32_MAX + 1
    if number > _UINT32_MAX or (sign == "-" and number != 0):
        raise OverflowError(f"{sign}{digits[:20]} is no integer of 0 to {_UINT32_MAX}")
    return number


# neo-cli 3.10


def _n3_string(value: Json, version: int) -> str:
    return n3_text(value)


def _n3_account(value: Json, version: int) -> Account:
    if not isinstance(value, str):
        raise invalid(f"Invalid Address: {json_text(value)}")
    try:
        return Account(UInt160.parse(value), given_in_hex=True)
    except FormatError:
        pass
    try:
        return Account(script_hash_of(value, version), given_in_hex=False)
    except FormatError:
        raise invalid(f"Invalid Address: {value}") from None


def _n3_integer(name: str, maximum: int) -> Converter:
    def convert(value: Json, version: int) -> int:
        number = as_number(value)
        if not (0 <= number <= min(maximum, LARGEST_EXACT_INTEGER)) or number % 1 != 0:
            raise invalid(f"Invalid System.{name} value: {json_text(value)}")
        return int(number)

    return convert


def _n3_block(value: Json, version: int) -> BlockRef:
    text = n3_text(value)
    try:
        index = uint32_in(text)
    except OverflowError:
        index = None
    if index is not None:
        return BlockRef(index=index)
    try:
        return BlockRef(hash=UInt256.parse(text))
    except FormatError:
        raise invalid(f"Invalid block hash or index format: {json_text(value)}") from None


def _n3_uint160(value: Json, version: int) -> UInt160:
    try:
        return UInt160.parse(value if isinstance(value, str) else "")
    except FormatError:
        raise invalid(f"Invalid UInt160: {json_text(value)}") from None


def _n3_uint256(value: Json, version: int) -> UInt256:
    try:
        return UInt256.parse(value if isinstance(value, str) else "")
    except FormatError:
        raise invalid(f"Invalid UInt256: {json_text(value)}") from None


def _boolean(value: Json, version: int) -> bool:
    return as_boolean(value)


N3_CONVERTERS: Mapping[object, Converter] = {
    str: _n3_string,
    bool: _boolean,
    Account: _n3_account,
    BlockRef: _n3_block,
    UInt32: _n3_integer("UInt32", _UINT32_MAX),
    UInt64: _n3_integer("UInt64", _UINT64_MAX),
    UInt160: _n3_uint160,
    UInt256: _n3_uint256,
}

# neo 2.x and 3.0.0-preview2


def _legacy_string(text_of: TextOf) -> Converter:
    return lambda value, version: text_of(value)


def _legacy_account(text_of: TextOf, prefixes: tuple[str, ...]) -> Converter:
    def convert(value: Json, version: int) -> Account:
        text = text_of(value)
        try:
            if len(text) < 40:
                return Account(script_hash_of(text, version), given_in_hex=False)
            return Account(_legacy_hash(UInt160, text, prefixes), given_in_hex=True)
        except FormatError:
            raise InvalidParams from None

    return convert


H = TypeVar("H", UInt160, UInt256)


def _legacy_hash(kind: type[H], text: str, prefixes: tuple[str, ...]) -> H:
    if text[:2] == "0X" and "0X" not in prefixes:
        raise FormatError(f"the prefix is 0x, not 0X: {text}")
    return kind.parse(text)


def _legacy_number(value: Json) -> float:
    """As `as_number`, and of a text with commas between digits, which .NET skips, or that names an infinity."""
    if isinstance(value, str):
        named = _INFINITIES.get(value.strip().lower())
        if named is not None:
            return named
        if _WITH_COMMAS(value):
            return as_number(value.replace(",", ""))
    return as_number(value)


def neo2_time(value: Json, version: int) -> int:
    """An unchecked cast to 32 bits by way of 64: fraction and upper bits are dropped, what 64 do not hold is 0.

    What is no number is 0 too.
    """
    number = _legacy_number(value)
    return int(number) & _UINT32_MAX if -(2.0**63) <= number < 2.0**63 else 0


def _preview2_time(value: Json, version: int) -> int:
    """An unchecked cast to 64 bits, as .NET 8 does it on x64: what is no number is 0, and so is 2^64 and more."""
    number = _legacy_number(value)
    if not number < 2.0**64:
        return 0
    return int(number) & _UINT64_MAX if number >= -(2.0**63) else 1 << 63


def _legacy_index(text: str) -> int:
    try:
        index = uint32_in(text)
    except OverflowError:
        raise LeakedException(-2146233066, "Value was either too large or too small for a UInt32.") from None
    if index is None:
        raise InvalidParams
    return index


def _legacy_block(text_of: TextOf, prefixes: tuple[str, ...]) -> Converter:
    def convert(value: Json, version: int) -> BlockRef:
        text = text_of(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return BlockRef(index=_legacy_index(text))
        try:
            return BlockRef(hash=_legacy_hash(UInt256, text, prefixes))
        except FormatError:
            raise InvalidParams from None

    return convert


def _legacy_hash_converter(kind: type[H], text_of: TextOf, prefixes: tuple[str, ...]) -> Converter:
    def convert(value: Json, version: int) -> object:
        try:
            return _legacy_hash(kind, text_of(value), prefixes)
        except FormatError:
            raise InvalidParams from None

    return convert


def _legacy_converters(text_of: TextOf, prefixes: tuple[str, ...], time: Converter) -> Mapping[object, Converter]:
    return {
        str: _legacy_string(text_of),
        bool: _boolean,
        Account: _legacy_account(text_of, prefixes),
        BlockRef: _legacy_block(text_of, prefixes),
        UInt32: lambda value, version: _legacy_index(text_of(value)),
        UInt64: time,
        UInt160: _legacy_hash_converter(UInt160, text_of, prefixes),
        UInt256: _legacy_hash_converter(UInt256, text_of, prefixes),
    }


PREVIEW_CONVERTERS = _legacy_converters(preview_text, ("0x", "0X"), time=_preview2_time)
N2_CONVERTERS = _legacy_converters(n2_text, ("0x",), time=neo2_time)
"""Times there are seconds, in 32 bits."""

# Documented mode: what 3.9 accepts, never a leaked code


def _documented_time(value: Json, version: int) -> int:
    number = as_number(value)
    if not (0 <= number <= LARGEST_EXACT_INTEGER) or number % 1 != 0:
        raise invalid(f"a time is an integer of 0 to {LARGEST_EXACT_INTEGER}, not {_shown(value)}")
    return int(number)


def _documented_account(value: Json, version: int) -> Account:
    if not isinstance(value, str):
        raise invalid(f"Invalid Address: {_shown(value)}")
    if len(value) >= 40:
        try:
            return Account(UInt160.parse(value), given_in_hex=True)
        except FormatError as error:
            raise invalid(f"Invalid Address: {error}") from None
    try:
        return Account(script_hash_of(value, version), given_in_hex=False)
    except FormatError as error:
        raise invalid(f"Invalid Address: {error}") from None


def _shown(value: Json) -> str:
    text = json_text(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


DOCUMENTED_CONVERTERS: Mapping[object, Converter] = {
    **N3_CONVERTERS,
    Account: _documented_account,
    UInt64: _documented_time,
}
