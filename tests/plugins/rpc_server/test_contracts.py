"""Contract states and their storage."""

import base64
import re
from typing import Any

import pytest

from rpcnode.execution.native_hashes import NATIVE_TOKENS
from rpcnode.node import Node
from rpcnode.options import PluginSetting
from rpcnode.primitives.errors import NodeError, ProfileName
from rpcnode.primitives.json import Json
from tests.plugins.node_builder import HOLDER, OTHER, TOKEN, NodeBuilder, block, chain_of, error, result, transfers
from tests.plugins.recorded_nodes import Recorded

GAS = "0xd2a4cff31913016155e38e474a2c06d08be276cf"
NATIVES = [
    ("ContractManagement", -1, "0xfffdc93764dbaddd97c48f252a53ea4643faa3fd"),
    ("StdLib", -2, "0xacce6fd80d44e1796aa0c2c625e9e4e0ce39efc0"),
    ("CryptoLib", -3, "0x726cb6e0cd8628a1350a611384688911ab75f51b"),
    ("LedgerContract", -4, "0xda65b600f7124ce6c79950c1772a36403104f2be"),
    ("NeoToken", -5, "0xef4073a0f2b305a38ec4050e4d3d28bc40ea63f5"),
    ("GasToken", -6, GAS),
    ("PolicyContract", -7, "0xcc5e4edd9f5f8dba8bb65734541df7a1c081c67b"),
    ("RoleManagement", -8, "0x49cf4e5378ffcd4dec034fd98a174c5491e395e2"),
    ("OracleContract", -9, "0xfe924b7cfe89ddd271abaf7210a80a7e11178758"),
    ("Notary", -10, "0xc1e14f19c3e60d0b9244d06dd7ba9b113135ec3b"),
    ("Treasury", -11, "0x156326f25b1b5d839a4d326aeaa75383c9563ac1"),
]
"""Source: neo 3.10, Neo: SmartContract/Native/NativeContract; each hash is that of its name, recomputed."""

ABSENT = "0x" + "ee" * 20
UNKNOWN = {"code": -102, "message": "Unknown contract"}


@pytest.fixture
def chain(build: NodeBuilder) -> Node:
    """HOLDER has 256 of a token, OTHER 1, ZERO-side nothing; the supply is 257."""
    return build(chain_of(block(1, transfers((None, HOLDER, 256), (None, OTHER, 1)))))


def test_every_recorded_contract_state_is_told_again(recorded: Recorded) -> None:
    states = recorded.answers["contracts"]
    assert {hash_: result(recorded.node, "getcontractstate", hash_) for hash_ in states} == states


def test_a_recorded_contract_is_found_by_its_id_too(recorded: Recorded) -> None:
    states = recorded.answers["contracts"].values()
    assert [result(recorded.node, "getcontractstate", state["id"]) for state in states] == list(states)


def test_the_recorded_native_contracts_are_told_again_in_order(recorded: Recorded) -> None:
    assert result(recorded.node, "getnativecontracts") == recorded.answers["native_contracts"]


@pytest.mark.parametrize(
    ("profile", "key", "contract_id"), [("n3", "GAS", -6), ("n3", "NEO", -5), ("n3-preview", "GAS", -2)]
)
def test_a_native_token_that_a_fixture_declares_is_the_native_one(
    build: NodeBuilder, profile: ProfileName, key: str, contract_id: int
) -> None:
    script_hash = str(NATIVE_TOKENS[profile][key])
    declared = {"coin": {"standard": "NEP-5"}, "native": {"hash": script_hash, "rest": {"current_usd_price": 1}}}
    plain, node = build({}, profile), build({"contracts": declared}, profile)
    assert result(node, "getcontractstate", script_hash) == result(plain, "getcontractstate", script_hash)
    assert result(node, "getcontractstate", script_hash)["id"] == contract_id
    by_key = {node.ledger.label_of(contract).key: contract.contract_id for contract in node.ledger.contracts()}
    assert by_key["coin"] == 1


def member_orders(json: Any, path: str = "") -> dict[str, list[str]]:
    """The order of members of each object, the first of a list standing for all."""
    if isinstance(json, list):
        return member_orders(json[0], path + "[]") if json else {}
    if not isinstance(json, dict):
        return {}
    orders = {path: list(json)}
    for name, value in json.items():
        orders |= member_orders(value, f"{path}.{name}")
    return orders


def test_members_of_a_contract_are_in_neo_clis_order(recorded: Recorded) -> None:
    # neo-go's own order differs: ContractState.ToJson and ContractManifest.ToJson of neo 3.10 give this one
    assert member_orders(result(recorded.node, "getcontractstate", "GasToken")) == {
        "": ["id", "updatecounter", "hash", "nef", "manifest"],
        ".nef": ["magic", "compiler", "source", "tokens", "script", "checksum"],
        ".manifest": [
            "name",
            "groups",
            "features",
            "supportedstandards",
            "abi",
            "permissions",
            "trusts",
            "extra",
        ],
        ".manifest.features": [],
        ".manifest.abi": ["methods", "events"],
        ".manifest.abi.methods[]": ["name", "parameters", "returntype", "offset", "safe"],
        ".manifest.abi.methods[].parameters[]": ["name", "type"],
        ".manifest.abi.events[]": ["name", "parameters"],
        ".manifest.abi.events[].parameters[]": ["name", "type"],
        ".manifest.permissions[]": ["contract", "methods"],
    }


def test_a_described_chain_has_all_native_contracts(build: NodeBuilder) -> None:
    natives = result(build(chain_of(height=1)), "getnativecontracts")
    assert [(native["manifest"]["name"], native["id"], native["hash"]) for native in natives] == NATIVES


def test_a_native_contract_appears_at_its_hardfork(build: NodeBuilder) -> None:
    forks = {"network": {"hardforks": {"Echidna": 5, "Faun": 6}}}
    before, after = build(forks | {"node": {"height": 4}}), build(forks | {"node": {"height": 5}})
    assert error(before, "getcontractstate", "notary") == UNKNOWN
    assert result(after, "getcontractstate", "notary")["id"] == -10
    assert len(result(before, "getnativecontracts")) == 9
    assert len(result(after, "getnativecontracts")) == 10
    listed = result(after, "getversion")["protocol"]["hardforks"]
    assert [fork["blockheight"] for fork in listed] == [0, 0, 0, 0, 5, 6]


@pytest.mark.parametrize(
    ("hardforks", "message"),
    [
        ({"Echo": 5}, '"Echo" is no hardfork; right are Aspidochelone, Basilisk, Cockatrice, Domovoi, Echidna, Faun'),
        ({"Echidna": 5, "Faun": 4}, "Faun is at 4 and Echidna, which came before it, at 5; heights do not fall"),
        ({"Domovoi": 1, "Faun": 2}, "Echidna is left out, between Domovoi and Faun; give it a height"),
    ],
)
def test_hardforks_that_no_network_has_are_refused(build: NodeBuilder, hardforks: Json, message: str) -> None:
    with pytest.raises(NodeError, match=re.escape(message)):
        build({"network": {"hardforks": hardforks}})


@pytest.mark.parametrize("name", ["GasToken", "gastoken", "GASTOKEN", GAS, GAS[2:], GAS.upper(), -6, "-6", " -6 "])
def test_a_contract_is_found_by_name_hash_or_id(build_once: NodeBuilder, name: str | int) -> None:
    assert result(build_once(chain_of(height=1)), "getcontractstate", name)["hash"] == GAS


@pytest.mark.parametrize("ref", [ABSENT, 99, -12, "0" * 6000 + "99", "-0"])
def test_a_contract_that_is_not_there_is_unknown(build_once: NodeBuilder, ref: str | int) -> None:
    assert error(build_once(chain_of(height=1)), "getcontractstate", ref) == UNKNOWN


@pytest.mark.parametrize("profile", ["n3-preview", "n2"])
def test_older_nodes_know_unknown_contracts_by_another_code(build_once: NodeBuilder, profile: ProfileName) -> None:
    node = build_once(chain_of(height=1), profile)
    assert error(node, "getcontractstate", ABSENT) == {"code": -100, "message": "Unknown contract"}


def test_a_name_that_is_none_leaks_the_failure_to_parse_it_as_a_hash(build_once: NodeBuilder) -> None:
    node = build_once(chain_of(height=1))
    assert error(node, "getcontractstate", "NoToken") == {
        "code": -2146233033,
        "message": "Invalid UInt160 string format: expected 40 hexadecimal characters, but got 7. UInt160 values must"
        " be represented as 40 hexadecimal characters (with or without '0x' prefix).",
    }
    assert error(node, "getcontractstate", "0x" + "g" * 40) == {
        "code": -2146233033,
        "message": "Failed to convert hex span to reversed bytes: The input contains invalid hexadecimal characters."
        f" Input: '{'g' * 40}'. Valid hex characters are 0-9, A-F, and a-f.",
    }


def test_a_contract_exists_from_its_deployment_until_its_destruction(build: NodeBuilder) -> None:
    contracts = {
        "soon": {"hash": "0x" + "01" * 20, "standard": "NEP-17", "deployed_at": 5},
        "gone": {"hash": "0x" + "02" * 20, "standard": "NEP-17", "destroyed_at": 3},
    }
    node = build(chain_of(contracts=contracts, height=4))
    assert error(node, "getcontractstate", "0x" + "01" * 20) == UNKNOWN
    assert error(node, "getcontractstate", "0x" + "02" * 20) == UNKNOWN


def test_preview2_prints_gas_with_the_script_its_hash_comes_from(build: NodeBuilder) -> None:
    node = build(chain_of(height=1), "n3-preview")
    state = result(node, "getcontractstate", "0x8c23f196d8a1bfd103a9dcb1f9ccf0c611377d3b")
    # id, script, entry point and event as preview2's own RpcTestCases.json has them
    assert {name: state[name] for name in ("id", "hash", "script")} == {
        "id": -2,
        "hash": "0x8c23f196d8a1bfd103a9dcb1f9ccf0c611377d3b",
        "script": "QetD9PQ=",
    }
    assert list(state["manifest"]) == [
        "groups",
        "features",
        "abi",
        "permissions",
        "trusts",
        "safeMethods",
        "extra",
    ]
    assert state["manifest"]["abi"]["entryPoint"] == {
        "name": "Main",
        "parameters": [{"name": "operation", "type": "String"}, {"name": "args", "type": "Array"}],
        "returnType": "Any",
    }
    assert state["manifest"]["abi"]["events"] == [
        {
            "name": "Transfer",
            "parameters": [
                {"name": "from", "type": "Hash160"},
                {"name": "to", "type": "Hash160"},
                {"name": "amount", "type": "Integer"},
            ],
            "returnType": "Signature",
        }
    ]


def test_neo_2_prints_a_contract_in_its_own_form(build: NodeBuilder) -> None:
    state = result(build(chain_of(height=1), "n2"), "getcontractstate", TOKEN)
    assert list(state) == [
        "version",
        "hash",
        "script",
        "parameters",
        "returntype",
        "name",
        "code_version",
        "author",
        "email",
        "description",
        "properties",
    ]
    assert state["properties"] == {"storage": True, "dynamic_invoke": False}


# Storage: the supply stands under 0x0b, a balance under 0x14 and the account, as little-endian integers

SUPPLY_KEY = base64.b64encode(b"\x0b").decode()
ACCOUNTS_PREFIX = base64.b64encode(b"\x14").decode()
HOLDER_KEY = b"\x14" + b"\xa1" * 20
OTHER_KEY = b"\x14" + b"\xb2" * 20


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_a_value_is_found_under_its_key(chain: Node) -> None:
    assert result(chain, "getstorage", TOKEN, SUPPLY_KEY) == text(b"\x01\x01")  # 257
    assert result(chain, "getstorage", 1, text(HOLDER_KEY)) == text(b"\x00\x01")  # 256


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        (TOKEN, {"code": -104, "message": "Unknown storage item"}),
        (77, {"code": -104, "message": "Unknown storage item"}),  # an id is not looked up
        (ABSENT, UNKNOWN),
    ],
)
def test_a_key_that_is_not_there_is_unknown(chain: Node, ref: str | int, expected: dict[str, Any]) -> None:
    assert error(chain, "getstorage", ref, "AAAA") == expected


def test_keys_are_found_by_prefix_in_storage_order(chain: Node) -> None:
    assert result(chain, "findstorage", TOKEN, "") == {
        "truncated": False,
        "next": 3,
        "results": [
            {"key": SUPPLY_KEY, "value": text(b"\x01\x01")},
            {"key": text(HOLDER_KEY), "value": text(b"\x00\x01")},
            {"key": text(OTHER_KEY), "value": text(b"\x01")},
        ],
    }
    found = result(chain, "findstorage", 1, ACCOUNTS_PREFIX)["results"]
    assert [item["key"] for item in found] == [text(HOLDER_KEY), text(OTHER_KEY)]


@pytest.mark.parametrize(
    ("start", "keys", "following", "truncated"),
    [
        (0, 2, 2, True),
        (1, 2, 3, False),
        (2, 1, 3, False),
        (3, 0, 3, False),
        (9, 0, 9, False),
        (-4, 2, -2, True),  # skips nothing, and is counted from all the same
    ],
)
def test_pages_follow_each_other(build: NodeBuilder, start: int, keys: int, following: int, truncated: bool) -> None:
    page_of_2 = PluginSetting("RpcServer", "FindStoragePageSize", 2, "test")
    node = build(chain_of(block(1, transfers((None, HOLDER, 1), (None, OTHER, 1)))), settings=(page_of_2,))
    page = result(node, "findstorage", TOKEN, "", start)
    assert (len(page["results"]), page["next"], page["truncated"]) == (keys, following, truncated)


def test_a_page_has_50_keys(build: NodeBuilder) -> None:
    # 60 accounts and the supply
    minted = transfers(*[(None, f"0x{index:040x}", 1) for index in range(1, 61)])
    node = build(chain_of(block(1, minted)))
    page = result(node, "findstorage", TOKEN, "")
    assert (len(page["results"]), page["next"], page["truncated"]) == (50, 50, True)
    page = result(node, "findstorage", TOKEN, "", 50)
    assert (len(page["results"]), page["next"], page["truncated"]) == (11, 61, False)


@pytest.mark.parametrize(("profile", "ref"), [("n3-preview", TOKEN), ("n3-preview", 1), ("n2", TOKEN)])
def test_older_nodes_print_values_in_hex(build: NodeBuilder, profile: ProfileName, ref: str | int) -> None:
    node = build(chain_of(block(1, transfers((None, HOLDER, 256)))), profile)
    assert result(node, "getstorage", ref, HOLDER_KEY.hex()) == "0001"


@pytest.mark.parametrize("key", [["aa"], ["zz"], [], [None], [{}], [5]])
def test_preview2_looks_at_a_key_only_when_the_contract_is_there(build: NodeBuilder, key: list[Json]) -> None:
    # Source: neo-plugins v3.0.0-preview2, src/RpcServer/RpcServer.Blockchain.cs, GetStorage.
    assert result(build(chain_of(block(1)), "n3-preview"), "getstorage", ABSENT, *key) is None


@pytest.mark.parametrize("ref", [TOKEN, -1, 99])
def test_preview2_reads_the_key_of_a_contract_that_is_there_and_of_any_id(build: NodeBuilder, ref: str | int) -> None:
    node = build(chain_of(block(1)), "n3-preview")
    assert error(node, "getstorage", ref, "zz")["code"] == -32602
    assert error(node, "getstorage", ref)["code"] == -2146233086
    assert error(node, "getstorage", ref, None)["code"] == -2147467261


@pytest.mark.parametrize("profile", ["n3-preview", "n2"])
@pytest.mark.parametrize("ref", [TOKEN, ABSENT])
def test_older_nodes_answer_null_for_what_is_not_there(build: NodeBuilder, profile: ProfileName, ref: str) -> None:
    node = build(chain_of(block(1, transfers((None, HOLDER, 256)))), profile)
    assert result(node, "getstorage", ref, "00") is None
