import json
from typing import Any

import pytest

from rpcnode.execution.serializers.manifest_items import manifest_item, manifest_of
from rpcnode.payloads.manifest_json import manifest_of_json, parse_manifest
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json

KEY = "02103a7f7dd016558597f7960d27c516a4394fd968b9e65155eb4b013e4040406e"


def _method(name: str, *parameters: str) -> dict[str, Any]:
    return {
        "name": name,
        "parameters": [{"name": parameter, "type": "Any"} for parameter in parameters],
        "returntype": "Void",
        "offset": 0,
        "safe": False,
    }


MANIFEST: dict[str, Any] = {
    "name": "T\u00f6ken",
    "groups": [{"pubkey": KEY, "signature": "A" * 86 + "=="}],
    "features": {},
    "supportedstandards": ["NEP-17"],
    "abi": {
        "methods": [_method("get", "key"), _method("get"), _method("put", "key", "value")],
        "events": [{"name": "Put", "parameters": [{"name": "key", "type": "ByteArray"}]}],
    },
    "permissions": [{"contract": "*", "methods": ["a"]}, {"contract": "0x" + "aa" * 20, "methods": "*"}],
    "trusts": ["0x" + "bb" * 20, KEY],
    "extra": {"Author": "somebody"},
}


def _changed(path: str, value: Json) -> dict[str, Any]:
    """The manifest with the member at `path` replaced."""
    head, _, rest = path.partition(".")
    if not rest:
        return {**MANIFEST, head: value}
    return {**MANIFEST, head: {**MANIFEST[head], rest: value}}


def test_a_manifest_prints_as_it_was_read() -> None:
    assert manifest_of_json(MANIFEST).to_json() == MANIFEST


def test_members_print_in_neo_clis_order_whatever_theirs_was() -> None:
    shuffled = dict(reversed(MANIFEST.items()))
    json = manifest_of_json(shuffled).to_json()
    assert " ".join(json) == "name groups features supportedstandards abi permissions trusts extra"


@pytest.mark.parametrize(
    ("name", "parameter_count", "found"),
    [("get", -1, 1), ("get", 0, 0), ("get", 1, 1), ("get", 2, None), ("put", 2, 2), ("Put", -1, None)],
)
def test_a_method_is_found_by_name_and_number_of_parameters(name: str, parameter_count: int, found: int | None) -> None:
    method = manifest_of_json(MANIFEST).method(name, parameter_count)
    assert (len(method.parameters) if method else None) == found


def _group(public_key: str = KEY, signature: str = "A" * 86 + "==") -> dict[str, Any]:
    return {"pubkey": public_key, "signature": signature}


def _no_cast(given: str, wanted: str) -> str:
    return f"Unable to cast object of type 'Neo.Json.{given}' to type 'Neo.Json.{wanted}'."


NULL_REFERENCE = "Object reference not set to an instance of an object."
INVALID_CAST = "Specified cast is not valid."
TWICE = "An item with the same key has already been added. Key: "
DESCRIPTOR = "Neo.SmartContract.Manifest.ContractPermissionDescriptor"


# The texts are those of neo-cli 3.10.2, which was given such manifests to deploy.
@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (None, NULL_REFERENCE),
        ([], _no_cast("JArray", "JObject")),
        (1, _no_cast("JNumber", "JObject")),
        ({}, NULL_REFERENCE),
        (_changed("name", ""), "Name in ContractManifest is empty"),
        (_changed("name", 1), INVALID_CAST),
        (_changed("features", {"storage": True}), "Features field must be empty"),
        (_changed("features", None), "Features field must be empty"),
        (_changed("supportedstandards", ["NEP-17", "NEP-17"]), f"{TWICE}NEP-17"),
        (_changed("supportedstandards", [""]), "SupportedStandards in ContractManifest has empty string"),
        (_changed("supportedstandards", "NEP-17"), _no_cast("JString", "JArray")),
        (_changed("abi", None), NULL_REFERENCE),
        (_changed("abi.methods", []), "Methods in ContractAbi is empty"),
        (_changed("abi.methods", None), "Methods in ContractAbi is empty"),
        (_changed("abi.methods", [None]), NULL_REFERENCE),
        (_changed("abi.methods", [_method("")]), "Name in ContractMethodDescriptor is empty"),
        (_changed("abi.methods", [_method("a", "b", "b")]), f"{TWICE}b"),
        (_changed("abi.methods", [_method("a", "")]), "Name in ContractParameterDefinition is empty"),
        (
            _changed("abi.methods", [{**_method("a"), "offset": -1}]),
            "Offset(-1) in ContractMethodDescriptor is not valid",
        ),
        (_changed("abi.methods", [{**_method("a"), "offset": 2**31}]), "Arithmetic operation resulted in an overflow."),
        (_changed("abi.methods", [{**_method("a"), "offset": 0.5}]), INVALID_CAST),
        (_changed("abi.methods", [{**_method("a"), "offset": True}]), INVALID_CAST),
        (_changed("abi.methods", [{**_method("a"), "safe": 1}]), INVALID_CAST),
        (_changed("abi.methods", [{**_method("a"), "safe": None}]), NULL_REFERENCE),
        (_changed("abi.methods", [{**_method("a"), "returntype": "Nope"}]), "Requested value 'Nope' was not found."),
        (_changed("abi.methods", [{**_method("a"), "returntype": "1"}]), "ReturnType(1) in ContractMethodDescriptor"),
        (
            _changed("abi.methods", [{**_method("a"), "parameters": None}]),
            "Value cannot be null. (Parameter 'source')",
        ),
        (
            _changed("abi.events", [{"name": "E", "parameters": [{"name": "a", "type": "Void"}]}]),
            "Type(Void) in ContractParameterDefinition is not valid",
        ),
        (_changed("abi.events", [{"name": "", "parameters": []}]), "Name in ContractEventDescriptor is empty"),
        (
            _changed("groups", [_group("00")]),
            "Invalid ECPoint encoding format: unknown prefix byte 0x00. Expected 0x02, 0x03 (compressed), or 0x04",
        ),
        (
            _changed("groups", [_group("0")]),
            "The input is not a valid hex string as its length is not a multiple of 2.",
        ),
        (_changed("groups", [_group("0g")]), "The input is not a valid hex string as it contains a non-hex character."),
        (_changed("groups", [_group(), _group()]), f"{TWICE}{KEY}"),
        (_changed("groups", [_group(signature="AA==")]), "Signature length(1) is not 64"),
        (_changed("groups", [_group(signature="?")]), "The input is not a valid Base-64 string as it contains"),
        (_changed("permissions", [{"contract": "x", "methods": "*"}]), "Invalid ContractPermissionDescriptor(x)"),
        (_changed("permissions", [{"contract": 1, "methods": "*"}]), _no_cast("JNumber", "JString")),
        (_changed("permissions", [{"contract": "*", "methods": "a"}]), "Invalid wildcard('a')"),
        (
            _changed("permissions", [{"contract": "*", "methods": 1}]),
            "Invalid json type for wildcard(Neo.Json.JNumber)",
        ),
        (_changed("permissions", [{"contract": "*", "methods": ["a", "a"]}]), f"{TWICE}a"),
        (
            _changed("permissions", [{"contract": "*", "methods": [""]}]),
            "Methods in ContractPermission has empty string",
        ),
        (_changed("permissions", [{"contract": "*", "methods": []}] * 2), f"{TWICE}{DESCRIPTOR}"),
        (_changed("trusts", None), NULL_REFERENCE),
        (_changed("trusts", [1]), _no_cast("JNumber", "JString")),
        (_changed("trusts", [KEY, KEY]), f"{TWICE}{DESCRIPTOR}"),
        (
            _changed("trusts", ["a" * 42]),
            "Invalid UInt160 string format: expected 40 hexadecimal characters, but got 42.",
        ),
        (_changed("extra", "text"), _no_cast("JString", "JObject")),
    ],
)
def test_a_wrong_manifest_is_refused_in_the_nodes_words(manifest: Json, message: str) -> None:
    with pytest.raises(FormatError) as refusal:
        manifest_of_json(manifest)
    assert str(refusal.value).startswith(message)


@pytest.mark.parametrize(
    "manifest",
    [
        _changed("groups", None),
        _changed("supportedstandards", None),
        _changed("permissions", None),
        _changed("trusts", "*"),
        _changed("trusts", ["*"]),
        _changed("extra", None),
        _changed("abi.events", None),
        _changed("abi.methods", [_method("a"), _method("a")]),  # the node looks for this when it checks the script
        _changed("abi.methods", [{**_method("a"), "offset": 1.0, "returntype": " Boolean, Integer"}]),
        _changed("more", 1),
    ],
)
def test_a_manifest_may_lack_some_members_and_have_others(manifest: Json) -> None:
    assert manifest_of_json(manifest).name == MANIFEST["name"]


def test_the_text_of_a_manifest_has_at_most_65535_bytes() -> None:
    data = json.dumps(MANIFEST).encode()
    assert parse_manifest(data.ljust(65535)).to_json() == MANIFEST
    with pytest.raises(FormatError, match="JSON content length 65536 exceeds maximum allowed size of 65535 bytes"):
        parse_manifest(data.ljust(65536))


def test_a_member_named_twice_is_refused() -> None:
    with pytest.raises(FormatError, match="Duplicate property name: name"):
        parse_manifest(b'{"name":1,"name":2}')


def test_extra_is_stored_as_dotnet_writes_it() -> None:
    data = json.dumps(MANIFEST).replace('"somebody"', '["\u00e9+<", 1.0, 1e17, 1e-5, 12345678901234567]').encode()
    stored = manifest_item(parse_manifest(data)).items[7]
    assert stored == b'{"Author":["\\u00E9\\u002B\\u003C",1,1E+17,1E-05,12345678901234568]}'
    assert manifest_item(manifest_of(manifest_item(parse_manifest(data)))).items[7] == stored


def test_whole_numbers_of_extra_print_as_the_node_prints_doubles() -> None:
    data = json.dumps(MANIFEST).replace('"somebody"', "[1, 1.0, 1e3, 1.5, -0]").encode()
    assert json.dumps(parse_manifest(data).extra) == '{"Author": [1, 1, 1000, 1.5, -0.0]}'
