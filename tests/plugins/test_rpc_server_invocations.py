"""invokefunction: safe methods of tokens, what fails, what needs the VM, and each profile's form."""

import base64
from typing import Any

import pytest
from node_builder import HOLDER, TOKEN, NodeBuilder, block, chain_of, error, result, transfers
from recorded_nodes import Recorded

from rpcnode.node import Node
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json

GAS = "0xd2a4cff31913016155e38e474a2c06d08be276cf"
POLICY = "0xcc5e4edd9f5f8dba8bb65734541df7a1c081c67b"
ABSENT = "0x" + "ee" * 20
NFT = "0x" + "99" * 20


@pytest.fixture(scope="module")
def chain(build_once: NodeBuilder) -> Node:
    """HOLDER has 256 of a token with 8 decimals and the symbol DEMO, and 7 GAS datoshi."""
    contracts = {
        "demo": {"hash": TOKEN, "standard": "NEP-17", "symbol": "DEMO", "decimals": 8},
    }
    blocks = (block(1, transfers((None, HOLDER, 256)), transfers((None, HOLDER, 7), asset="GAS")),)
    return build_once(chain_of(*blocks, contracts=contracts))


def account(script_hash: str) -> Json:
    return [{"type": "Hash160", "value": script_hash}]


# Scripts, gas and stacks of GAS: what a neo-go 0.120 with neo-cli's prices answers to the same calls
SYMBOL_OF_GAS = "wh8MBnN5bWJvbAwUz3bii9AGLEpHjuNVYQETGfPPpNJBYn1bUg=="
DECIMALS_OF_GAS = "wh8MCGRlY2ltYWxzDBTPduKL0AYsSkeO41VhARMZ88+k0kFifVtS"
SUPPLY_OF_GAS = "wh8MC3RvdGFsU3VwcGx5DBTPduKL0AYsSkeO41VhARMZ88+k0kFifVtS"
BALANCE_OF_GAS = "DBTPduKL0AYsSkeO41VhARMZ88+k0hHAHwwJYmFsYW5jZU9mDBTPduKL0AYsSkeO41VhARMZ88+k0kFifVtS"


@pytest.mark.parametrize(
    ("method", "args", "script", "gas", "item"),
    [
        ("symbol", [], SYMBOL_OF_GAS, "984060", {"type": "ByteString", "value": "R0FT"}),
        ("decimals", [], DECIMALS_OF_GAS, "984060", {"type": "Integer", "value": "8"}),
        ("totalSupply", [], SUPPLY_OF_GAS, "1967100", {"type": "Integer", "value": "7"}),
        ("balanceOf", account(GAS), BALANCE_OF_GAS, "2028330", {"type": "Integer", "value": "0"}),
    ],
)
def test_a_native_token_answers_as_a_node_does(
    chain: Node, method: str, args: Json, script: str, gas: str, item: dict[str, Json]
) -> None:
    answer = result(chain, "invokefunction", GAS, method, args)
    assert answer == {
        "script": script,
        "state": "HALT",
        "gasconsumed": gas,
        "exception": None,
        "notifications": [],
        "stack": [item],
    }
    assert list(answer) == ["script", "state", "gasconsumed", "exception", "notifications", "stack"]


@pytest.mark.parametrize(
    ("method", "args", "item"),
    [
        ("symbol", [], {"type": "ByteString", "value": "REVNTw=="}),
        ("decimals", [], {"type": "Integer", "value": "8"}),
        ("totalSupply", [], {"type": "Integer", "value": "256"}),
        ("balanceOf", account(HOLDER), {"type": "Integer", "value": "256"}),
        (
            "balanceOf",
            [{"type": "ByteArray", "value": "oaGhoaGhoaGhoaGhoaGhoaGhoaE="}],
            {"type": "Integer", "value": "256"},
        ),
        ("balanceOf", account(ABSENT), {"type": "Integer", "value": "0"}),
    ],
)
def test_a_modelled_token_answers_from_its_storage(chain: Node, method: str, args: Json, item: Json) -> None:
    answer = result(chain, "invokefunction", TOKEN, method, args)
    assert (answer["state"], answer["stack"]) == ("HALT", [item])


def test_arguments_and_all_that_follows_may_be_left_out(chain: Node) -> None:
    whole = result(chain, "invokefunction", TOKEN, "symbol", [], [], False)
    assert result(chain, "invokefunction", TOKEN, "symbol") == whole
    assert result(chain, "invokefunction", TOKEN, "symbol", None, None, None) == whole


@pytest.mark.parametrize(
    ("contract", "method", "args", "exception"),
    [
        (ABSENT, "symbol", [], f"Called Contract Does Not Exist: {ABSENT}.symbol"),
        (
            GAS,
            "nosuch",
            [{"type": "Any"}],
            f'Method "nosuch" with 1 parameter(s) doesn\'t exist in the contract {GAS}.',
        ),
        (GAS, "Symbol", [], f'Method "Symbol" with 0 parameter(s) doesn\'t exist in the contract {GAS}.'),
        (TOKEN, "balanceOf", [], f'Method "balanceOf" with 0 parameter(s) doesn\'t exist in the contract {TOKEN}.'),
    ],
)
def test_what_is_not_there_is_a_fault_and_no_error(
    chain: Node, contract: str, method: str, args: Json, exception: str
) -> None:
    answer = result(chain, "invokefunction", contract, method, args)
    assert (answer["state"], answer["exception"], answer["stack"]) == ("FAULT", exception, [])


def test_a_call_of_nothing_costs_what_the_entry_script_costs(chain: Node) -> None:
    # NEWARRAY0 16, PUSH15 1, two PUSHDATA1 8 each, System.Contract.Call 32768; 30 datoshi each unit
    assert result(chain, "invokefunction", ABSENT, "symbol")["gasconsumed"] == str((16 + 1 + 8 + 8 + 32768) * 30)


@pytest.mark.parametrize(
    ("contract", "method", "args"),
    [
        (TOKEN, "transfer", [{"type": "Any"}] * 4),
        (POLICY, "getFeePerByte", []),
        (GAS, "transfer", [{"type": "Any"}] * 4),
    ],
)
def test_what_only_a_script_knows_is_no_fault_but_an_error_that_says_so(
    chain: Node, contract: str, method: str, args: Json
) -> None:
    detail = f"{method} of {contract} needs the VM, which this version of rpcnode does not have"
    assert error(chain, "invokefunction", contract, method, args) == {
        "code": -32603,
        "message": f"Internal server RpcError - {detail}",
        "data": detail,
    }


def test_a_non_fungible_token_prints_an_iterator_without_its_items(build: NodeBuilder) -> None:
    node = build(chain_of(contracts={"art": {"hash": NFT, "standard": "NEP-11"}}, height=1))
    answer = result(node, "invokefunction", NFT, "tokens")
    assert (answer["state"], answer["stack"]) == ("HALT", [{"type": "InteropInterface"}])


def test_diagnostics_name_the_entry_script_and_what_it_called(chain: Node) -> None:
    answer = result(chain, "invokefunction", TOKEN, "symbol", [], [], True)
    assert list(answer) == [
        "script",
        "state",
        "gasconsumed",
        "exception",
        "notifications",
        "diagnostics",
        "stack",
    ]
    assert answer["diagnostics"]["invokedcontracts"]["call"] == [{"hash": TOKEN}]
    assert answer["diagnostics"]["storagechanges"] == []
    nothing_called = result(chain, "invokefunction", ABSENT, "symbol", [], [], True)["diagnostics"]
    assert list(nothing_called["invokedcontracts"]) == ["hash"]


def test_every_recorded_token_says_its_symbol_or_that_only_its_script_knows(recorded: Recorded) -> None:
    # What the trackers of the recorded node said of each token
    rows = [row for query in recorded.answers["queries"].values() for row in query["getnep17balances"]["balance"]]
    symbols = {row["assethash"]: row["symbol"] for row in rows}
    assert {hash_: symbol_of(recorded.node, hash_) for hash_ in symbols} == symbols


def symbol_of(node: Node, contract: str) -> str:
    (item,) = result(node, "invokefunction", contract, "symbol")["stack"]
    return base64.b64decode(item["value"]).decode()


# The older nodes


def test_preview2_writes_the_script_of_its_own_test_case(build: NodeBuilder) -> None:
    # RpcTestCases.json of neo-plugins 3.0.0-preview2, "invokefunction": script, state, gas and stack
    node = build(chain_of(height=1), "n3-preview")
    holder = "91b83e96f2a7c4fdf0c1688441ec61986c7cae26"
    answer = result(node, "invokefunction", "0x8c23f196d8a1bfd103a9dcb1f9ccf0c611377d3b", "balanceOf", account(holder))
    assert answer == {
        "script": "0c1426ae7c6c9861ec418468c1f0fdc4a7f2963eb89111c00c0962616c616e63654f660c14"
        "3b7d3711c6f0ccf9b1dca903d1bfa1d896f1238c41627d5b52",
        "state": "HALT",
        "gas_consumed": "2007570",
        "stack": [{"type": "Integer", "value": "0"}],
    }
    assert list(answer) == ["script", "state", "gas_consumed", "stack"]


@pytest.mark.parametrize(
    ("profile", "symbol"),
    [("n3-preview", {"type": "ByteArray", "value": "REVNTw=="}), ("n2", {"type": "ByteArray", "value": "44454d4f"})],
)
def test_older_nodes_call_bytes_a_byte_array(build: NodeBuilder, profile: ProfileName, symbol: Json) -> None:
    contracts = {"demo": {"hash": TOKEN, "standard": "NEP-5", "symbol": "DEMO"}}
    node = build(chain_of(contracts=contracts, height=1), profile)
    assert result(node, "invokefunction", TOKEN, "symbol")["stack"] == [symbol]


def test_neo_2_writes_its_own_opcodes(build: NodeBuilder) -> None:
    node = build(chain_of(block(1, transfers((None, HOLDER, 5)))), "n2")
    answer = result(node, "invokefunction", TOKEN, "balanceOf", account(HOLDER))
    # PUSHBYTES20 account, PUSH1 PACK, PUSHBYTES9 "balanceOf", APPCALL contract
    script = "14" + "a1" * 20 + "51c1" + "0962616c616e63654f66" + "67" + "77" * 20
    assert answer == {
        "script": script,
        "state": "HALT",
        "gas_consumed": "0.011",
        "stack": [{"type": "Integer", "value": "5"}],
    }


@pytest.mark.parametrize("profile", ["n3-preview", "n2"])
def test_older_nodes_fault_without_saying_why(build_once: NodeBuilder, profile: ProfileName) -> None:
    answer = result(build_once(chain_of(height=1), profile), "invokefunction", ABSENT, "symbol")
    assert (answer["state"], answer["stack"]) == ("FAULT", [])
    assert "exception" not in answer


# Arguments and signers


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


@pytest.mark.parametrize(
    ("signers", "detail"),
    [
        ([SIGNER] * 17, "Max allowed signers exceeded."),
        ([SIGNER, None], "Invalid Signer at 1."),
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


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        (None, {"code": -2147467261, "message": "Object reference not set to an instance of an object."}),
        (
            {"type": "Any", "value": 1},
            {"code": -2147024809, "message": "Value does not fall within the expected range."},
        ),
        ({"type": "Integer", "value": "1.5"}, {"code": -32602, "message": "Invalid params"}),
        (
            {"type": "Array", "value": "x"},
            {
                "code": -2147467262,
                "message": "Unable to cast object of type 'Neo.IO.Json.JString' to type 'Neo.IO.Json.JArray'.",
            },
        ),
    ],
)
@pytest.mark.parametrize("profile", ["n3-preview", "n2"])
def test_older_nodes_leak_what_their_runtime_says_of_arguments(
    build_once: NodeBuilder, profile: ProfileName, argument: Json, expected: dict[str, int | str]
) -> None:
    node = build_once(chain_of(height=1), profile)
    assert error(node, "invokefunction", TOKEN, "symbol", [argument]) == expected
