"""Manifests that a node printed. The shipped recording's were printed by neo-go, csharp's forms by neo-cli 3.10.2."""

import gzip
import json
from typing import Any

import pytest

from rpcnode.payloads.manifest import Manifest, Method, Parameter, Permission
from rpcnode.payloads.told_manifest import told_manifest
from tests import PROJECT

RECORDING = json.loads(gzip.decompress((PROJECT / "fixtures" / "recorded-n3-chain.json.gz").read_bytes()))
PRINTED = [state["manifest"] for state in [*RECORDING["contracts"].values(), *RECORDING["native_contracts"]]]


@pytest.mark.parametrize("printed", PRINTED, ids=lambda manifest: manifest["name"])
def test_what_a_node_printed_is_read_whole(printed: dict[str, Any]) -> None:
    told = told_manifest(printed).to_json()
    assert told == {**told, **printed}


@pytest.mark.parametrize(
    ("printed", "manifest"),
    [
        ({}, Manifest("", (), ())),
        (None, Manifest("", (), ())),
        ({"name": 5, "abi": [], "groups": "no", "trusts": "*"}, Manifest("", (), (), trusts=None)),
        ({"name": "a", "supportedstandards": ["NEP-17", 5]}, Manifest("a", ("NEP-17",), ())),
        ({"abi": {"methods": [{"name": "m"}]}}, Manifest("", (), (Method("m", (), "Any", 0, safe=False),))),
        (
            {"abi": {"methods": [{"name": "m", "parameters": [{"name": "p"}], "offset": 7, "safe": True}]}},
            Manifest("", (), (Method("m", (Parameter("p", "Any"),), "Any", 7, safe=True),)),
        ),
        (
            {"permissions": [{"contract": "*", "methods": "*"}, {"contract": "nobody", "methods": []}]},
            Manifest("", (), (), permissions=(Permission(None, None),)),
        ),
        ({"groups": [{"pubkey": "02", "signature": "AA=="}]}, Manifest("", (), ())),
    ],
)
def test_what_is_missing_or_unreadable_is_left_out(printed: Any, manifest: Manifest) -> None:
    assert told_manifest(printed) == manifest
