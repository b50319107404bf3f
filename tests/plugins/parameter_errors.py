"""What each node answers to a bad parameter, by its type: the literal table of `test_every_method_every_parameter`.

Codes and messages: neo-node 3.10, plugins/RpcServer: ParameterConverter, RpcServer.ProcessRequestAsync; neo-plugins
v3.0.0-preview2, RpcServer: RpcServer.ProcessRequest; the HResults and messages of .NET Core's exceptions.
A row is (value, (code, message)), or (value, None) where the value is taken. `{name}` is the parameter's name on the
wire.
"""

from typing import Final

from rpcnode.plugin.parameters import (
    Account,
    Accounts,
    Base64Bytes,
    Base64Text,
    BlockRef,
    ContractArguments,
    ContractRef,
    Guid,
    HexBytes,
    Int32,
    JsonObject,
    LateHexBytes,
    OtherHashes,
    ScriptHashes,
    SignersAndWitnesses,
    TextOrSeconds,
    UInt16,
    UInt32,
    UInt64,
)
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160, UInt256

Refusal = tuple[int, str] | None
Rows = dict[str, tuple[Json, Refusal]]

CASES: Final = ("wrong-typed", "too long", "negative", "huge")
LONG: Final = "f" * 80
HUGE: Final = 1e300

N3_ADDRESS: Final = "NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1"
N2_ADDRESS: Final = "AKnDxCKvHQrxy9zk9Pw7JtkEtyKRsX6Pkh"
HASH: Final = "0x" + "ab" * 20
LONG_HASH: Final = "0x" + "cd" * 32  # of an asset
GUID: Final = "5b94e6f5-2f8c-4b3c-8c3a-7c2f5a1b9d10"

VALID: Final[dict[object, Json]] = {
    str: "text",
    bool: True,
    BlockRef: 0,
    UInt16: 0,
    UInt32: 0,
    UInt64: 1,
    Int32: 0,
    UInt160: HASH,
    ContractRef: -1,
    Base64Bytes: "AAAA",
    Base64Text: "AAAA",
    HexBytes: "00",
    LateHexBytes: "00",
    OtherHashes: HASH,
    TextOrSeconds: "neo",
    Guid: GUID,
    JsonObject: {},
    Accounts: [],
    ScriptHashes: [],
    ContractArguments: [],
    SignersAndWitnesses: [],
}
"""A value that every node takes; an account's is its profile's address, a hash's that of the first block."""

# The first block after genesis of fixtures/recorded-n3-chain.json.gz, and its smallest transaction.
BLOCK: Final = (
    "AAAAAP54wlbeBSlXxLQNLc6uHeuQdPr6qk9fYA5kIw5gAVtiAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADdfe/7oQEAAJAEYq2FBibyAQAA"
    "AADYzFqQTVJvyabKtVugLJpv54nJVgFCDEA721kNGKXfg2DELq03dcX89KwjkHBtbzm1waWQlvuF6owE8pFeS6Af0H2u1KEIHsyfiyLSsDUZwlv1or+U"
    "6OsbKhEMIQKzYiv0AXvf4xfFiu1fTHU/IGt9uJYEb6fXdLvEv3+NwhFBntDcOgA="
)
TRANSACTION: Final = (
    "AHsAAADW6x8AAAAAAGgDEgAAAAAAAQYAAAF4s2dzH50OiyLYi509BgL2ONUTjoAAJxkLFxPAHwwEZW1pdAwU1crmUyeE+BO3AraOY7sjoxktogRBYn1b"
    "UgFCDECoJD3lJSdpQnCDhT9a42Ug82pVqqMiNE5xLe6yNTMPGeG7h50Fbj5cYDqe/ylIuACmi25oCv9h7GyRipsJESZ5KAwhAh29AtHdOqPCNwOGqs04"
    "dJDlIEx7VKzJ0O4YbNiYqEePQVbnsyc="
)
FAR_AWAY_MS: Final = 2**52
FAR_AWAY_SECONDS: Final = 4_000_000_000


def taken(*values: Json) -> Rows:
    """Rows of values that are all taken."""
    return {case: (value, None) for case, value in zip(CASES, values, strict=True)}


def refused(values: tuple[Json, ...], *messages: str, code: int = -32602) -> Rows:
    """Rows of values and what is said of each."""
    return {case: (value, (code, message)) for case, value, message in zip(CASES, values, messages, strict=True)}


def invalid(*pairs: tuple[Json, str]) -> Rows:
    """Rows of values that N3's converters refuse."""
    return refused(tuple(value for value, _ in pairs), *(f"Invalid params - {detail}" for _, detail in pairs))


def all_refused(values: tuple[Json, ...], message: str, code: int = -32602) -> Rows:
    """Rows of values of which the same is said."""
    return refused(values, *([message] * len(CASES)), code=code)


def _of_kind(what: str, wrong: Json, shown_wrong: str) -> Rows:
    """N3's refusals that quote the value."""
    return invalid(
        (wrong, f"{what}: {shown_wrong}"),
        (LONG, f'{what}: "{LONG}"'),
        (-1, f"{what}: -1"),
        (HUGE, f"{what}: 1E+300"),
    )


def _no_hash(digits: int) -> str:
    return (
        f"Invalid UInt160 string format: expected 40 hexadecimal characters, but got {digits}. UInt160 values must be"
        " represented as 40 hexadecimal characters (with or without '0x' prefix)."
    )


N3: Final[dict[object, Rows]] = {
    str: taken({}, LONG, -1, HUGE),
    bool: taken({}, LONG, -1, HUGE),
    Account: {
        **_of_kind("Invalid Address", {}, "{}"),
        # a text is quoted as it is, every other value as JSON
        "too long": (LONG, (-32602, f"Invalid params - Invalid Address: {LONG}")),
    },
    BlockRef: {
        **_of_kind("Invalid block hash or index format", {}, "{}"),
        "huge": (2**32, (-32602, "Invalid params - Invalid block hash or index format: 4294967296")),
    },
    UInt32: _of_kind("Invalid System.UInt32 value", {}, "{}"),
    UInt64: _of_kind("Invalid System.UInt64 value", {}, "{}"),
    Int32: {**_of_kind("Invalid System.Int32 value", {}, "{}"), "negative": (-1, None)},
    UInt160: _of_kind("Invalid UInt160", {}, "{}"),
    UInt256: _of_kind("Invalid UInt256", {}, "{}"),
    ContractRef: {
        "wrong-typed": ({}, (-2146233033, _no_hash(2))),
        "too long": (LONG, (-2146233033, _no_hash(80))),
        "negative": (-1, None),  # an id: ContractManagement's
        "huge": (HUGE, (-2146233033, _no_hash(6))),
    },
    Base64Bytes: {
        **_of_kind("Invalid base64-encoded bytes", {}, "{}"),
        "too long": ("AAAAA", (-32602, 'Invalid params - Invalid Base64-encoded bytes: "AAAAA"')),
    },
    Guid: _of_kind("Invalid Guid", {}, "{}"),
    JsonObject: {
        **_of_kind("Invalid JSON object", [], "[]"),
        "too long": ([[]], (-32602, "Invalid params - Invalid JSON object: [[]]")),
    },
    Accounts: {
        **_of_kind("Invalid Addresses", {}, "{}"),
        "too long": ([None], (-32602, "Invalid params - Invalid Address at 0.")),
    },
    ContractArguments: {
        **_of_kind("Invalid Addresses", {}, "{}"),
        "too long": ([{"type": "Hash160", "value": LONG}], (-2147024809, "Invalid value for parameter '{name}'")),
    },
    SignersAndWitnesses: {
        **_of_kind("Invalid SignersAndWitnesses", {}, "{}"),
        "too long": ([{}] * 17, (-32602, "Invalid params - Max allowed signers exceeded.")),
    },
}

_CAST: Final = "Unable to cast object of type 'Neo.IO.Json.{}' to type 'Neo.IO.Json.JArray'."
_NO_FORM: Final[tuple[tuple[Json, ...], str]] = (({}, LONG, -1, HUGE), "Invalid params")
_TOO_LARGE: Final = "Value was either too large or too small for a {}."


def _not_an_array() -> Rows:
    kinds = ("JObject", "JString", "JNumber", "JNumber")
    return refused(({}, LONG, -1, HUGE), *(_CAST.format(kind) for kind in kinds), code=-2147467262)


LEGACY: Final[dict[object, Rows]] = {
    str: taken({}, LONG, -1, HUGE),
    bool: taken({}, LONG, -1, HUGE),
    Account: all_refused(*_NO_FORM),
    BlockRef: {
        **all_refused(*_NO_FORM),
        "negative": (-1, (-2146233066, _TOO_LARGE.format("UInt32"))),
        "huge": (2**32, (-2146233066, _TOO_LARGE.format("UInt32"))),
    },
    UInt16: {
        **all_refused(*_NO_FORM),
        "negative": (-1, (-2146233066, _TOO_LARGE.format("UInt16"))),
        "huge": (2**16, (-2146233066, _TOO_LARGE.format("UInt16"))),
    },
    UInt32: {
        **all_refused(*_NO_FORM),
        "negative": (-1, (-2146233066, _TOO_LARGE.format("UInt32"))),
        "huge": (2**32, (-2146233066, _TOO_LARGE.format("UInt32"))),
    },
    # an unchecked cast takes every number, and what is no number is 0
    UInt64: taken({}, LONG, -1, HUGE),
    TextOrSeconds: all_refused(*_NO_FORM),
    UInt160: all_refused(*_NO_FORM),
    UInt256: all_refused(*_NO_FORM),
    ContractRef: {**all_refused(*_NO_FORM), "negative": (-1, None)},
    HexBytes: {**all_refused(*_NO_FORM), "too long": ("abc", (-32602, "Invalid params"))},
    LateHexBytes: {**all_refused(*_NO_FORM), "too long": ("abc", (-32602, "Invalid params"))},
    OtherHashes: all_refused(*_NO_FORM),
    ScriptHashes: _not_an_array(),
    ContractArguments: _not_an_array(),
}

_ADDRESS = "Invalid params - Invalid Address: {}"
_TIME = "a time is an integer of 0 to 9007199254740991, not {}"
DOCUMENTED_N3: Final[dict[object, Rows]] = {
    Account: refused(
        ({}, LONG, -1, HUGE),
        _ADDRESS.format("{}"),
        _ADDRESS.format(f"UInt160 takes 40 hex digits, got 80: '{LONG}'"),
        _ADDRESS.format("-1"),
        _ADDRESS.format("1E+300"),
    ),
    UInt64: invalid(
        ({}, _TIME.format("{}")),
        (LONG, _TIME.format(f'"{LONG}"')),
        (-1, _TIME.format("-1")),
        (HUGE, _TIME.format("1E+300")),
    ),
}
DOCUMENTED_LEGACY: Final[dict[object, Rows]] = {Account: all_refused(*_NO_FORM), UInt64: all_refused(*_NO_FORM)}

_BAD_BASE64 = (
    "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding characters,"
    " or an illegal character among the padding characters."
)
_BAD_HEX = (
    "Failed to convert hex string to bytes: The input contains invalid hexadecimal characters. Input: '{}'."
    " Valid hex characters are 0-9, A-F, and a-f."
)
_NO_BASE64: Final[tuple[Json, ...]] = ({}, "AAAAA", -1, HUGE)
_TEXTS: Final = ("{}", "AAAAA", "-1", "1E+300")


def _quoting(what: str) -> Rows:
    return refused(_NO_BASE64, *(f"Invalid params - {what}: {text}" for text in _TEXTS))


BY_METHOD: Final[dict[tuple[str, str, str], Rows]] = {
    # their bodies read the text, each with an error of its own
    ("n3", "getstorage", "base64Key"): all_refused(_NO_BASE64, _BAD_BASE64, code=-2146233033),
    ("n3", "findstorage", "base64KeyPrefix"): _quoting("Invalid Base64 string"),
    ("n3", "sendrawtransaction", "base64Tx"): all_refused(
        _NO_BASE64, "Invalid params - Invalid Transaction Format: Expected Base64-encoded string"
    ),
    ("n3", "submitblock", "base64Block"): _quoting("Invalid Block Format"),
    ("n3", "getproof", "key"): _quoting("Invalid key"),
    ("n3", "verifyproof", "proof"): _quoting("Invalid proof"),
    ("n3", "verifymsg", "publicKey"): all_refused(({}, LONG, -1, HUGE), "Invalid params - Invalid public key format"),
    ("n3", "verifymsg", "signature"): {
        **all_refused(({}, LONG, -1, HUGE), "Invalid params - Invalid signature format (must be hex string)"),
        "too long": (LONG, (-2146233033, "Signature size should be 64 bytes.")),
    },
    # of the Neo 2 wallet, after the parameters are read
    ("n2", "claimgas", "to"): all_refused(*_NO_FORM),
    ("n2", "dumpprivkey", "address"): all_refused(*_NO_FORM),
    ("n2", "getbalance", "assetId"): all_refused(*_NO_FORM),
    ("n2", "sendfrom", "assetId"): all_refused(*_NO_FORM),
    ("n2", "sendfrom", "from"): all_refused(*_NO_FORM),
    ("n2", "sendfrom", "to"): all_refused(*_NO_FORM),
    ("n2", "sendtoaddress", "assetId"): all_refused(*_NO_FORM),
    ("n2", "sendtoaddress", "address"): all_refused(*_NO_FORM),
    ("n2", "sendfrom", "fee"): all_refused(*_NO_FORM) | {"negative": (-1, None)},
    ("n2", "sendfrom", "changeAddress"): all_refused(*_NO_FORM),
    ("n2", "sendtoaddress", "fee"): all_refused(*_NO_FORM) | {"negative": (-1, None)},
    ("n2", "sendtoaddress", "changeAddress"): all_refused(*_NO_FORM),
    # a span that ends before it starts: the cast leaves 2^32 - 1 of -1, and 0 of what is no number or the largest one
    ("n2", "getutxotransfers", "startOrEnd"): {
        **LEGACY[UInt64],
        "negative": (-1, (-32602, "Invalid params")),
    },
    ("n2", "getutxotransfers", "end"): all_refused(*_NO_FORM) | {"negative": (-1, None)},
    ("n3", "getnep11properties", "tokenId"): {
        **refused(({}, LONG, -1, HUGE), *(_BAD_HEX.replace("{}", text) for text in _TEXTS), code=-2146233033),
        "too long": (LONG, None),
    },
}
"""(profile, method, parameter) -> what its method says, where the type alone does not."""

SIGNED_BY_NOBODY: Final[Json] = {
    "type": "Neo.Network.P2P.Payloads.Transaction",
    "data": "AG64ehzsMhUAAAAAAI7EEgAAAAAAcAMAAAFXewxHIIn1YWjRod4tnyV6KvSbiYAALBMXEsAfDAphcml0aG1ldGljDBRWqCtO8SJZ8Uf1N1"
    "aEPXQ/8ubZv0FifVtS",
    "items": {"0x899bf42a7a259f2ddea1d16861f58920470c7b57": {"script": None, "parameters": [], "signatures": {}}},
    "network": 42,
}
"""A context that is complete, since its account has nothing to give; the transaction is refused."""

VALID_BY_METHOD: Final[dict[tuple[str, str, str], Json]] = {
    ("n3", "relay", "contextJson"): SIGNED_BY_NOBODY,
    ("n2", "claimgas", "to"): N2_ADDRESS,
    ("n2", "dumpprivkey", "address"): N2_ADDRESS,
    ("n2", "getbalance", "assetId"): HASH,
    ("n2", "sendfrom", "assetId"): HASH,
    ("n2", "sendfrom", "from"): N2_ADDRESS,
    ("n2", "sendfrom", "to"): N2_ADDRESS,
    ("n2", "sendtoaddress", "assetId"): LONG_HASH,
    ("n2", "sendtoaddress", "address"): N2_ADDRESS,
    ("n2", "sendfrom", "fee"): "0",
    ("n2", "sendfrom", "changeAddress"): N2_ADDRESS,
    ("n2", "sendtoaddress", "fee"): "0",
    ("n2", "sendtoaddress", "changeAddress"): N2_ADDRESS,
    ("n2", "getutxotransfers", "assetOrStart"): "neo",
    ("n2", "getutxotransfers", "end"): FAR_AWAY_SECONDS,
    ("n3", "getnep5transfers", "endTime"): FAR_AWAY_MS,
    ("n3-preview", "getnep5transfers", "endTime"): FAR_AWAY_MS,
    ("n2", "getnep5transfers", "endTime"): FAR_AWAY_SECONDS,
    ("n3", "getnep17transfers", "endTime"): FAR_AWAY_MS,
    ("n3", "getnep11transfers", "endTime"): FAR_AWAY_MS,
    ("n3", "getnep11properties", "tokenId"): "00",
    ("n3", "calculatenetworkfee", "tx"): TRANSACTION,
    ("n3", "sendrawtransaction", "base64Tx"): TRANSACTION,
    ("n3", "submitblock", "base64Block"): BLOCK,
    ("n3", "verifyproof", "proof"): "AQAA",  # of a key of one byte, without nodes
    ("n3", "verifymsg", "publicKey"): "02b3622bf4017bdfe317c58aed5f4c753f206b7db896046fa7d774bbc4bf7f8dc2",
    ("n3", "verifymsg", "signature"): "12" * 64,
}

_OUT_OF_RANGE = "Index was out of range. Must be non-negative and less than the size of the collection."
_NULL_REFERENCE = "Object reference not set to an instance of an object."
ABSENT: Final[dict[str, Refusal]] = {
    "n3": (-2147024809, "Required parameter '{name}' is missing"),
    "n3-unannotated": (-2147024809, "Required parameter '{name}' is missing"),
    "n3-preview": (-2146233086, f"{_OUT_OF_RANGE} (Parameter 'index')"),
    "n2": (-2146233086, f"{_OUT_OF_RANGE}\nParameter name: index"),
    "documented n3": (-32602, "Invalid params - Required parameter '{name}' is missing"),
    "documented legacy": (-32602, "Invalid params"),
}
"""What a missing required parameter gives."""

RUNTIME_NAMES: Final[dict[object, str]] = {
    UInt160: "Neo.UInt160",
    UInt256: "Neo.UInt256",
    Base64Text: "System.String",
    Base64Bytes: "System.Byte[]",
}
"""What .NET calls the types whose parameters nothing marks as required, where a plugin is compiled so."""


def absent_of(rules: str, kind: object) -> Refusal:
    """What a missing required parameter of a type gives; there, null gives the same."""
    if rules != "n3-unannotated" or kind not in RUNTIME_NAMES:
        return ABSENT[rules]
    return (-2147024809, f"Object of type 'System.DBNull' cannot be converted to type '{RUNTIME_NAMES[kind]}'.")


NULL: Final[dict[str, Refusal]] = {
    **ABSENT,
    "n3-preview": (-2147467261, _NULL_REFERENCE),
    "n2": (-2147467261, _NULL_REFERENCE),
}
"""What null gives in the place of a required parameter."""

NULL_OPTIONAL: Final[dict[str, Refusal]] = {
    "n3": None,
    "n3-unannotated": None,
    "n3-preview": (-2147467261, _NULL_REFERENCE),
    "n2": (-2147467261, _NULL_REFERENCE),
    "documented n3": None,
    "documented legacy": None,
}
"""What null gives in the place of an optional parameter; None: it stands for the default."""

NULL_LIST: Final[dict[str, Refusal]] = {
    "n3-preview": (-2147467261, "Value cannot be null. (Parameter 'source')"),
    "n2": (-2147467261, "Value cannot be null.\nParameter name: source"),
}
"""The same where a list belongs, on running nodes (tests/data/preview2, tests/data/neo2)."""

TABLES: Final[dict[str, dict[object, Rows]]] = {
    "n3": N3,
    "n3-unannotated": N3,
    "n3-preview": LEGACY,
    "n2": LEGACY,
    "documented n3": DOCUMENTED_N3,
    "documented legacy": DOCUMENTED_LEGACY,
}
"""By whose rules bind a parameter: the profile's, or the documented ones of its generation."""
