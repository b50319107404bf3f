"""What the methods about contracts, storage, iterators and wallets take: references, bytes, arguments, signers.

Source: neo-node 3.10, plugins/RpcServer: ParameterConverter, ContractNameOrHashOrId; neo 2.12 and neo-plugins
3.0.0-preview2, RpcServer.
"""

import re
from collections.abc import Mapping
from typing import Final

from rpcnode.plugin.parameters import (
    Account,
    Accounts,
    Base64Bytes,
    Base64Text,
    ContractArguments,
    ContractRef,
    Guid,
    HexBytes,
    Int32,
    JsonObject,
    ScriptHashes,
    SignersAndWitnesses,
    TextOrSeconds,
    UInt16,
)
from rpcnode.primitives.dotnet_base64 import decode_base64
from rpcnode.primitives.errors import FormatError, InvalidParams, LeakedException
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from rpcnode.server.jsonrpc.value_text import TextOf, n2_text, n3_text, preview_text
from rpcnode.server.parameters.arguments import (
    NULL_REFERENCE,
    base64_bytes,
    hex_bytes,
    n2_arguments,
    n3_arguments,
    not_an_array,
    preview_arguments,
)
from rpcnode.server.parameters.conversion import N3_CONVERTERS, Converter, as_number, invalid, json_text, neo2_time

_INTEGER: Final = re.compile(r"\s*+([+-]?+)(?=[0-9])0*+([0-9]*+)\s*+\0*+", re.ASCII).fullmatch
_MOST_DIGITS: Final = 20
_GUID: Final = r"\s*(?:([0-9a-f]{32})|([{(]?)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})([)}]?))\s*"
_BRACKETS: Final = ("", "{}", "()")
_INT32_MIN, _INT32_MAX = -(2**31), 2**31 - 1


def integer_of_text(text: str, minimum: int, maximum: int) -> int | None:
    """An integer as .NET's TryParse reads it, in a span; None for anything else."""
    found = _INTEGER(text)
    if found is None or len(found[2]) > _MOST_DIGITS:
        return None
    number = int(found[1] + (found[2] or "0"))
    return number if minimum <= number <= maximum else None


def _contract(value: Json, version: int) -> ContractRef:
    text = n3_text(value)
    contract_id = integer_of_text(text, _INT32_MIN, _INT32_MAX)
    if contract_id is not None:
        return ContractRef(contract_id=contract_id)
    try:
        return ContractRef(hash=UInt160.parse(text))
    except FormatError:
        pass
    if not text:
        raise invalid(f"Invalid contract hash or id format: {json_text(value)}")
    return ContractRef(name=text)


def _int32(value: Json, version: int) -> int:
    number = as_number(value)
    if not (_INT32_MIN <= number <= _INT32_MAX) or number % 1 != 0:
        raise invalid(f"Invalid System.Int32 value: {json_text(value)}")
    return int(number)


def _base64(value: Json, version: int) -> bytes:
    if not isinstance(value, str):
        raise invalid(f"Invalid base64-encoded bytes: {json_text(value)}")
    try:
        return base64_bytes(value)
    except FormatError:
        raise invalid(f"Invalid Base64-encoded bytes: {json_text(value)}") from None


def _base64_text(value: Json, version: int) -> Base64Text:
    text = n3_text(value)
    return Base64Text(text, decode_base64(text))


def _guid(value: Json, version: int) -> str:
    found = re.fullmatch(_GUID, value.lower()) if isinstance(value, str) else None
    if found is None or (found[2] or "") + (found[4] or "") not in _BRACKETS:
        raise invalid(f"Invalid Guid: {json_text(value)}")
    digits = (found[1] or found[3]).replace("-", "")
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _accounts(value: Json, version: int) -> Accounts:
    if not isinstance(value, list):
        raise invalid(f"Invalid Addresses: {json_text(value)}")
    accounts: list[Account] = []
    for position, entry in enumerate(value):
        if entry is None:
            raise invalid(f"Invalid Address at {position}.")
        account = N3_CONVERTERS[Account](entry, version)
        assert isinstance(account, Account)
        accounts.append(account)
    return Accounts(accounts)


def _object(value: Json, version: int) -> JsonObject:
    if not isinstance(value, dict):
        raise invalid(f"Invalid JSON object: {json_text(value)}")
    return JsonObject(value)


def _signers_and_witnesses(value: Json, version: int) -> SignersAndWitnesses:
    from rpcnode.server.parameters.signers import signers_and_witnesses  # rare, and slow to load

    return signers_and_witnesses(value, version)


N3_CONTRACT_CONVERTERS: Final[Mapping[object, Converter]] = {
    ContractRef: _contract,
    Int32: _int32,
    Base64Bytes: _base64,
    Base64Text: _base64_text,
    Guid: _guid,
    Accounts: _accounts,
    JsonObject: _object,
    ContractArguments: n3_arguments,
    SignersAndWitnesses: _signers_and_witnesses,
}

# neo 2.x and 3.0.0-preview2


def _hex(text_of: TextOf) -> Converter:
    def convert(value: Json, version: int) -> bytes:
        try:
            return hex_bytes(text_of(value))
        except FormatError:
            raise InvalidParams from None

    return convert


def _id_or_hash(value: Json, version: int) -> ContractRef:
    text = preview_text(value)
    contract_id = integer_of_text(text, _INT32_MIN, _INT32_MAX)
    if contract_id is not None:
        return ContractRef(contract_id=contract_id)
    try:
        return ContractRef(hash=UInt160.parse(text))
    except FormatError:
        raise InvalidParams from None


def _uint16(value: Json, version: int) -> int:
    text = n2_text(value)
    number = integer_of_text(text, 0, 0xFFFF)
    if number is None:
        if _INTEGER(text) is not None:
            raise LeakedException(-2146233066, "Value was either too large or too small for a UInt16.")
        raise InvalidParams
    return number


def _text_or_seconds(value: Json, version: int) -> TextOrSeconds:
    text = n2_text(value)
    if integer_of_text(text, 0, 0xFFFF_FFFF) is None:
        return TextOrSeconds(text, None)
    return TextOrSeconds(text, neo2_time(value, version))


def _script_hashes(value: Json, version: int) -> ScriptHashes:
    if not isinstance(value, list):
        raise not_an_array(value)
    if None in value:
        raise LeakedException(*NULL_REFERENCE)
    try:
        return ScriptHashes(UInt160.parse(preview_text(entry)) for entry in value)
    except FormatError:
        raise InvalidParams from None


PREVIEW_CONTRACT_CONVERTERS: Final[Mapping[object, Converter]] = {
    ContractRef: _id_or_hash,
    HexBytes: _hex(preview_text),
    ContractArguments: preview_arguments,
    ScriptHashes: _script_hashes,
}
N2_CONTRACT_CONVERTERS: Final[Mapping[object, Converter]] = {
    TextOrSeconds: _text_or_seconds,
    HexBytes: _hex(n2_text),
    UInt16: _uint16,
    ContractArguments: n2_arguments,
}
