"""invokefunction: how arguments are pushed, which signers are in form, and what is said of others."""

import base64
from typing import Any

import pytest

from rpcnode.node import Node
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from tests.plugins.node_builder import HOLDER, TOKEN, NodeBuilder, chain_of, error, result
from tests.plugins.rpc_server.invocations.invoked_chain import ABSENT


def arguments_script(chain: Node, *args: Json) -> str:
    answer = result(chain, "invokefunction", ABSENT, "m", list(args))
    return base64.b64decode(answer["script"]).hex().split("1f0c016d")[0]  # up to PUSH15 and the method


@pytest.mark.parametrize(
    ("argument", "pushed"),
    [
        ({"type": "Any"}, "0b"),
        ({"type": "Any", "value": None}, "0b"),
        ({"type": "Integer"}, "0b"),  # a missing value is null, whatever the type
        ({"type": "Boolean", "value": True}, "08"),
        ({"type": "Boolean", "value": "false"}, "08"),  # any text but the empty one is true
        ({"type": "Boolean", "value": ""}, "09"),
        ({"type": "Integer", "value": "-1"}, "0f"),
        ({"type": "Integer", "value": 16}, "20"),
        ({"type": "Integer", "value": " +256 "}, "010001"),
        ({"type": "Integer", "value": "-" + "0" * 6000 + "1"}, "0f"),  # more digits than Python likes to read
        ({"type": "ByteArray", "value": "AQI="}, "0c020102"),
        ({"type": "Signature", "value": "AQI="}, "0c020102"),
        ({"type": "String", "value": "é"}, "0c02c3a9"),
        ({"type": "String", "value": 5}, "0c0135"),
        ({"type": "Hash160", "value": "0x" + "00" * 19 + "01"}, "0c1401" + "00" * 19),
        ({"type": "Hash256", "value": "00" * 31 + "01"}, "0c2001" + "00" * 31),
        (
            {"type": "PublicKey", "value": "02b3622bf4017bdfe317c58aed5f4c753f206b7db896046fa7d774bbc4bf7f8dc2"},
            "0c2102b3622bf4017bdfe317c58aed5f4c753f206b7db896046fa7d774bbc4bf7f8dc2",
        ),
        ({"type": "Array", "value": [{"type": "Integer", "value": 1}, {"type": "Any"}]}, "0b1112c0"),
        ({"type": "Array", "value": []}, "10c0"),
        (
            {"type": "Map", "value": [{"key": {"type": "Integer", "value": 1}, "value": {"type": "Any"}}]},
            "0b1111be",
        ),
        ({"type": "Map", "value": []}, "c8"),
    ],
)
def test_an_argument_is_pushed_as_neo_cli_pushes_it(chain: Node, argument: Json, pushed: str) -> None:
    assert arguments_script(chain, argument) == pushed + "11c0"


@pytest.mark.parametrize(
    "argument",
    [
        {"type": "Nothing", "value": 1},
        {"type": 17, "value": 1},
        {"value": 1},
        {"type": "Any", "value": 1},
        {"type": "Void", "value": 1},
        {"type": "Integer", "value": "1.5"},
        {"type": "Integer", "value": "0x10"},
        {"type": "ByteArray", "value": "AQI"},
        {"type": "Hash160", "value": "N" * 34},
        {"type": "PublicKey", "value": "02" + "00" * 31},
        {"type": "Array", "value": {}},
        {"type": "Array", "value": [1]},
        {"type": "Map", "value": [{"key": {"type": "Any"}}]},
    ],
)
def test_an_argument_that_cannot_be_read_is_an_invalid_value_of_the_parameter(chain: Node, argument: Json) -> None:
    assert error(chain, "invokefunction", TOKEN, "symbol", [argument]) == {
        "code": -2147024809,
        "message": "Invalid value for parameter 'args'",
    }


def test_an_argument_that_is_no_object_is_named_by_its_place(chain: Node) -> None:
    assert error(chain, "invokefunction", TOKEN, "symbol", [{"type": "Any"}, None]) == {
        "code": -32602,
        "message": "Invalid params - Invalid ContractParameter at [1]",
        "data": "Invalid ContractParameter at [1]",
    }


@pytest.mark.parametrize("integer", [str(2**255), str(-(2**255) - 1), "9" * 78, "9" * 100_000])
def test_an_integer_past_256_bits_is_out_of_range(chain: Node, integer: str) -> None:
    huge: Json = [{"type": "Integer", "value": integer}]
    assert error(chain, "invokefunction", TOKEN, "balanceOf", huge) == {
        "code": -2146233086,
        "message": "Specified argument was out of the range of valid values. (Parameter 'value')",
    }


@pytest.mark.parametrize("profile", ["n3", "n3-preview", "n2"])
def test_half_a_surrogate_pair_names_no_method(build_once: NodeBuilder, profile: ProfileName) -> None:
    assert result(build_once(chain_of(height=1), profile), "invokefunction", TOKEN, "\ud800")["state"] == "FAULT"


SIGNER = {"account": HOLDER, "scopes": "CalledByEntry"}
KEY = "02b3622bf4017bdfe317c58aed5f4c753f206b7db896046fa7d774bbc4bf7f8dc2"


@pytest.mark.parametrize(
    "signers",
    [
        [SIGNER],
        [{**SIGNER, "account": "NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1"}],
        [{**SIGNER, "scopes": "CalledByEntry, CustomContracts", "allowedcontracts": [TOKEN]}],
        [{**SIGNER, "scopes": "CustomGroups", "allowedgroups": [KEY]}],
        [{**SIGNER, "scopes": "None", "allowedcontracts": [TOKEN]}],  # a list whose scope is not set is dropped
        [{**SIGNER, "scopes": 1}],
        [{**SIGNER, "scopes": " +001 "}],
        [{**SIGNER, "scopes": "WitnessRules", "rules": [{"action": "1", "condition": {"type": " 32"}}]}],
        [{**SIGNER, "scopes": "Global", "invocation": "", "verification": "EQ=="}],
        [
            {
                **SIGNER,
                "scopes": "WitnessRules",
                "rules": [
                    {
                        "action": "Allow",
                        "condition": {
                            "type": "And",
                            "expressions": [
                                {"type": "CalledByEntry"},
                                {"type": "Not", "expression": {"type": "Boolean", "expression": False}},
                                {"type": "ScriptHash", "hash": TOKEN},
                                {"type": "CalledByContract", "hash": TOKEN},
                                {"type": "Group", "group": KEY},
                                {"type": "CalledByGroup", "group": KEY},
                            ],
                        },
                    }
                ],
            }
        ],
        [SIGNER] * 16,
    ],
)
def test_signers_in_form_change_nothing(chain: Node, signers: Json) -> None:
    assert result(chain, "invokefunction", TOKEN, "symbol", [], signers)["state"] == "HALT"


def rule_of(condition: Json) -> Json:
    return {**SIGNER, "rules": [{"action": "Allow", "condition": condition}]}


TOO_LONG = base64.b64encode(bytes(1025)).decode()


@pytest.mark.parametrize(
    ("signers", "detail"),
    [
        ([SIGNER] * 17, "Max allowed signers exceeded."),
        ([SIGNER, None], "Invalid Signer at 1."),
        ([{}, None], "Invalid 'account' in Signer."),
        (["text"], "Invalid Signer at 0."),
        ([{"scopes": "None"}], "Invalid 'account' in Signer."),
        ([{"account": HOLDER}], "Invalid 'scopes' in Signer."),
        ([{"account": "nobody", "scopes": "None"}], "Invalid Address: nobody"),
        ([{**SIGNER, "scopes": "calledbyentry"}], "Invalid 'scopes' in Signer."),
        ([{**SIGNER, "scopes": "256"}], "Invalid 'scopes' in Signer."),
        ([{**SIGNER, "allowedcontracts": "all"}], "Invalid 'allowedcontracts' in Signer."),
        ([{**SIGNER, "allowedcontracts": ["0x00"]}], "Invalid 'allowedcontracts' in Signer."),
        ([{**SIGNER, "allowedgroups": ["0x00"]}], "Invalid 'allowedgroups' in Signer."),
        ([{**SIGNER, "rules": [{"action": "Allow"}]}], "Invalid 'rules' in Signer."),
        ([{**SIGNER, "rules": [{"action": "Maybe", "condition": {}}]}], "Invalid 'rules' in Signer."),
        ([rule_of({"type": "99"})], "Invalid 'rules' in Signer."),
        ([rule_of({"type": "Boolean", "expression": "true"})], "Invalid 'rules' in Signer."),
        ([rule_of({"type": "ScriptHash", "hash": 5})], "Invalid 'rules' in Signer."),
        ([{**SIGNER, "scopes": "129"}, {"account": HOLDER}], "Invalid 'scopes' in Signer."),  # reads all, then judges
        (
            [SIGNER, {**SIGNER, "invocation": TOO_LONG}],
            "Invocation script length exceeds the maximum allowed length at 1.",
        ),
        (
            [{**SIGNER, "verification": TOO_LONG}],
            "Verification script length exceeds the maximum allowed length at 0.",
        ),
    ],
)
def test_signers_out_of_form_are_refused_with_the_references_words(chain: Node, signers: Json, detail: str) -> None:
    assert error(chain, "invokefunction", TOKEN, "symbol", [], signers) == {
        "code": -32602,
        "message": f"Invalid params - {detail}",
        "data": detail,
    }


@pytest.mark.parametrize(
    "signer",
    [
        {**SIGNER, "scopes": "Global, CalledByEntry"},
        {**SIGNER, "scopes": "CustomContracts", "allowedcontracts": [TOKEN] * 17},
        {**SIGNER, "verification": "EQ="},
    ],
)
def test_signers_that_no_transaction_could_have_are_an_invalid_value(chain: Node, signer: dict[str, Any]) -> None:
    assert error(chain, "invokefunction", TOKEN, "symbol", [], [signer]) == {
        "code": -2147024809,
        "message": "Invalid value for parameter 'signersAndWitnesses'",
    }
