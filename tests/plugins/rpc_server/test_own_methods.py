"""The node's own methods and those about addresses: shapes by profile, and every kind of parameter.

Source: neo-node 3.10, plugins/RpcServer: ParameterConverter, RpcServer.Node, RpcServer.Utilities; neo-plugins
v3.0.0-preview2, RpcServer; neo 2.12, Neo: Network/RPC/RpcServer.
"""

import json
import re
from typing import Any, Final

import pytest

from rpcnode.node import Node
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from tests import PROJECT
from tests.plugins.node_builder import HOLDER, NodeBuilder, address, error, result
from tests.plugins.rpc_server.one_transfer_nodes import CHAIN, INDEX, NULL_REFERENCE, missing

PREVIEW2_CASES: Final = PROJECT.parent / "shared" / "data" / "rpc-cases-n3-preview2.json"


# Shapes


def test_getversion_has_the_members_of_its_node_in_order(profile: ProfileName, node: Node) -> None:
    version = result(node, "getversion")
    assert (
        list(version)
        == {
            "n3": ["tcpport", "nonce", "useragent", "rpc", "protocol"],
            "n3-preview": ["tcp_port", "ws_port", "nonce", "user_agent"],
            "n2": ["port", "nonce", "useragent"],
        }[profile]
    )
    agent = {"n3": "/Neo:3.10.2/", "n3-preview": "/Neo:3.0.0-preview2-00/", "n2": "/Neo:2.12.2/"}[profile]
    assert version.get("useragent", version.get("user_agent")) == agent
    assert next(iter(version.values())) == 10333
    assert isinstance(version["nonce"], int)


def test_getversion_of_n3_tells_the_networks_constants(build_once: NodeBuilder) -> None:
    version = result(build_once(CHAIN, "n3"), "getversion")
    assert version["rpc"] == {"maxiteratorresultitems": 100, "sessionenabled": False}
    protocol = version["protocol"]
    assert list(protocol) == [
        "addressversion",
        "network",
        "validatorscount",
        "msperblock",
        "maxtraceableblocks",
        "maxvaliduntilblockincrement",
        "maxtransactionsperblock",
        "memorypoolmaxtransactions",
        "initialgasdistribution",
        "hardforks",
        "standbycommittee",
        "seedlist",
    ]
    assert (protocol["addressversion"], protocol["network"], protocol["msperblock"]) == (53, 860833102, 15000)
    assert (protocol["maxtransactionsperblock"], protocol["initialgasdistribution"]) == (512, 5200000000000000)
    assert (protocol["maxtraceableblocks"], protocol["maxvaliduntilblockincrement"]) == (2102400, 5760)
    forks = ["Aspidochelone", "Basilisk", "Cockatrice", "Domovoi", "Echidna", "Faun", "Gorgon"]
    assert [fork["name"] for fork in protocol["hardforks"]] == forks
    assert all(list(fork) == ["name", "blockheight"] for fork in protocol["hardforks"])


def test_a_fixture_sets_the_networks_number_and_block_time(build: NodeBuilder) -> None:
    chain = {**CHAIN, "network": {"magic": 894710606, "ms_per_block": 1000}}
    protocol = result(build(chain, "n3"), "getversion")["protocol"]
    assert (protocol["network"], protocol["msperblock"]) == (894710606, 1000)


def test_a_node_that_stands_alone_has_no_peers(node: Node) -> None:
    assert result(node, "getconnectioncount") == 0
    peers = result(node, "getpeers")
    assert list(peers.items()) == [("unconnected", []), ("bad", []), ("connected", [])]


def test_listplugins_names_the_loaded_plugins_in_order(profile: ProfileName, node: Node) -> None:
    plugins = result(node, "listplugins")
    names = [plugin["name"] for plugin in plugins]
    assert names == sorted(names)
    # Those of the node it stands in for: REST faces are none.
    assert not {"Chainbase", "Teos"} & set(names)
    assert names == LISTED[profile]
    assert all(list(plugin) == ["name", "version", "interfaces"] for plugin in plugins)
    assert all(re.fullmatch(r"\d+(\.\d+){3}", plugin["version"]) for plugin in plugins)


LISTED: Final[dict[ProfileName, list[str]]] = {
    "n3": ["ApplicationLogs", "RpcNep5Tracker", "RpcServer", "StateService", "TokensTracker"],
    "n3-preview": ["ApplicationLogs", "LevelDBStore", "RpcNep5Tracker", "RpcServerPlugin"],
    "n2": [
        "ApplicationLogs",
        "CoreMetrics",
        "RpcNep5Tracker",
        "RpcSecurity",
        "RpcSystemAssetTrackerPlugin",
        "RpcWallet",
    ],
}
"""Of the older profiles: what running nodes answered (tests/data/preview2, tests/data/neo2)."""


def test_listplugins_says_of_the_tracker_what_preview2_said(build_once: NodeBuilder) -> None:
    # RpcTestCases.json of neo-plugins v3.0.0-preview2, case listplugins.
    plugins = {plugin["name"]: plugin for plugin in result(build_once(CHAIN, "n3-preview"), "listplugins")}
    assert plugins["RpcNep5Tracker"] == {
        "name": "RpcNep5Tracker",
        "version": "3.0.0.0",
        "interfaces": ["IPersistencePlugin"],
    }
    # Its own name, of a running node of that version: the case is older than the release.
    assert plugins["RpcServerPlugin"] == {"name": "RpcServerPlugin", "version": "3.0.0.0", "interfaces": []}


def test_counts_and_hashes_go_together(profile: ProfileName, node: Node) -> None:
    assert result(node, "getblockcount") == 11
    assert result(node, "getbestblockhash") == result(node, "getblockhash", 10)
    hashes = [result(node, "getblockhash", index) for index in range(11)]
    assert len(set(hashes)) == 11
    assert all(re.fullmatch("0x[0-9a-f]{64}", found) for found in hashes)


def test_surplus_params_are_ignored(node: Node) -> None:
    assert result(node, "getblockcount", 1, None, {}) == 11
    assert result(node, "getblockhash", 0, "x") == result(node, "getblockhash", 0)


@pytest.mark.parametrize("case", ["getversion", "getpeers", "getconnectioncount", "listplugins", "validateaddress"])
def test_answers_have_the_shape_of_preview2s_own_test_cases(case: str, build_once: NodeBuilder) -> None:
    """Values are its node's; names, order and types of members are to be ours."""
    if not PREVIEW2_CASES.exists():
        pytest.skip(f"{PREVIEW2_CASES.name} is not beside this checkout")
    # The file has comment lines, as .NET's reader takes them.
    text = re.sub(r"^\s*//.*$", "", PREVIEW2_CASES.read_text("utf-8"), flags=re.MULTILINE)
    cases = [found for found in json.loads(text) if found["Request"]["method"] == case]
    assert cases
    node = build_once(CHAIN, "n3-preview")
    for found in cases:
        answer = result(node, case, *found["Request"]["params"])
        assert shape(answer, found["Response"]["result"])


def shape(answer: Any, recorded: Any) -> bool:
    """Whether an answer is built like the recorded one, as far as both have something there."""
    if type(answer) is not type(recorded):
        return False
    if isinstance(answer, dict):
        return list(answer) == list(recorded) and all(shape(answer[key], recorded[key]) for key in answer)
    if isinstance(answer, list):
        return all(shape(item, recorded[0]) for item in answer if recorded)
    return True


# validateaddress


def test_validateaddress_knows_its_own_networks_addresses_only(profile: ProfileName, node: Node) -> None:
    own = address(profile, HOLDER)
    other = address("n3" if profile == "n2" else "n2", HOLDER)
    for text in (own, other, own[:-1], " " + own, HOLDER, ""):
        answer = result(node, "validateaddress", text)
        assert list(answer.items()) == [("address", text), ("isvalid", text == own)]


# What is given; the text that N3, and that the older nodes make of it. .NET prints 1e20 with a capital E.
AS_TEXT: Final[dict[str, tuple[Json, str, str]]] = {
    "number": (123, "123", "123"),
    "fraction": (1.5, "1.5", "1.5"),
    "large number": (1e20, "1E+20", "1E+20"),
    "true": (True, "true", "true"),
    "false": (False, "false", "false"),
    "object": ({}, "{}", "{}"),
    "object in an array": ([{"a": 1}], '[{"a":1}]', '{"a":1}'),
    "array": (["a", 1, None], '["a",1,null]', "a,1,"),
    "empty array": ([], "[]", ""),
}


@pytest.mark.parametrize("row", AS_TEXT)
def test_validateaddress_reads_any_value_as_a_text(row: str, profile: ProfileName, node: Node) -> None:
    value, n3, legacy = AS_TEXT[row]
    text = n3 if profile == "n3" else legacy
    if profile == "n2" and row.startswith("object"):
        text = "[object Object]"
    assert result(node, "validateaddress", value) == {"address": text, "isvalid": False}


def test_validateaddress_wants_an_address(profile: ProfileName, node: Node) -> None:
    if profile == "n3":
        assert error(node, "validateaddress") == error(node, "validateaddress", None) == missing("address")
    else:
        assert error(node, "validateaddress") == INDEX[profile]
        assert error(node, "validateaddress", None) == NULL_REFERENCE


def test_an_array_of_one_address_is_that_address_before_n3(profile: ProfileName, node: Node) -> None:
    own = address(profile, HOLDER)
    answer = result(node, "validateaddress", [own])
    expected = (f'["{own}"]', False) if profile == "n3" else (own, True)
    assert (answer["address"], answer["isvalid"]) == expected
