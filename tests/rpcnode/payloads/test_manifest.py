from typing import Any

import pytest

from rpcnode.payloads.manifest import Manifest
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
    assert Manifest.from_json(MANIFEST).to_json() == MANIFEST


def test_members_print_in_neo_clis_order_whatever_theirs_was() -> None:
    shuffled = dict(reversed(MANIFEST.items()))
    json = Manifest.from_json(shuffled).to_json()
    assert " ".join(json) == "name groups features supportedstandards abi permissions trusts extra"


def test_the_bytes_are_compact_utf_8() -> None:
    data = Manifest.from_json(MANIFEST).to_bytes()
    assert data.startswith('{"name":"T\u00f6ken","groups":[{"pubkey":"'.encode())


@pytest.mark.parametrize(
    ("name", "parameter_count", "found"),
    [("get", -1, 1), ("get", 0, 0), ("get", 1, 1), ("get", 2, None), ("put", 2, 2), ("Put", -1, None)],
)
def test_a_method_is_found_by_name_and_number_of_parameters(name: str, parameter_count: int, found: int | None) -> None:
    method = Manifest.from_json(MANIFEST).method(name, parameter_count)
    assert (len(method.parameters) if method else None) == found


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (None, "the manifest is an object"),
        ([], "the manifest is an object"),
        (_changed("name", ""), "name of the manifest is a text that is not empty"),
        (_changed("name", 1), "name of the manifest is a text"),
        (_changed("features", {"storage": True}), "features must be empty"),
        (_changed("supportedstandards", None), "supportedstandards of the manifest is a list"),
        (_changed("supportedstandards", ["NEP-17", "NEP-17"]), "names one twice: NEP-17, NEP-17"),
        (_changed("supportedstandards", [""]), r"supportedstandards\[0\] of the manifest is a text"),
        (_changed("abi", None), "abi is an object"),
        (_changed("abi.methods", []), "has at least one method"),
        (_changed("abi.methods", [_method("a"), _method("a")]), "a method twice with as many parameters"),
        (_changed("abi.methods", [{**_method("a"), "offset": -1}]), r"methods\[0\].offset of the manifest is a number"),
        (_changed("abi.methods", [{**_method("a"), "offset": True}]), "offset of the manifest is a number"),
        (_changed("abi.methods", [{**_method("a"), "safe": 1}]), "safe of the manifest is true or false"),
        (_changed("abi.methods", [{**_method("a"), "returntype": "Nothing"}]), "returntype of the manifest is one of"),
        (_changed("abi.methods", [{**_method("a"), "returntype": []}]), "returntype of the manifest is one of"),
        (
            _changed("abi.events", [{"name": "E", "parameters": [{"name": "a", "type": "Void"}]}]),
            "type of the manifest",
        ),
        (_changed("abi.events", [{"name": "E", "parameters": []}] * 2), "has an event twice"),
        (
            _changed("groups", [{"pubkey": "00", "signature": "A" * 86 + "=="}]),
            r"groups\[0\] of the manifest: a public",
        ),
        (_changed("groups", [{"pubkey": KEY, "signature": "AA=="}]), "signature of the manifest has 64 bytes, got 1"),
        (_changed("groups", [{"pubkey": KEY, "signature": "?"}]), r"groups\[0\] of the manifest: "),
        (_changed("permissions", [{"contract": "x", "methods": "*"}]), r"permissions\[0\].contract of the manifest"),
        (_changed("permissions", [{"contract": "*", "methods": "a"}]), r"permissions\[0\].methods of the manifest"),
        (_changed("trusts", None), "trusts of the manifest is a list"),
        (_changed("trusts", [1]), r"trusts\[0\] of the manifest is a text"),
        (_changed("extra", "text"), "extra of the manifest is an object or null"),
        (_changed("extra", {"a": "b" * 65536}), "at most 65535 bytes"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_wrong_manifest_is_refused_with_the_member_at_fault(manifest: Json, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        Manifest.from_json(manifest)
