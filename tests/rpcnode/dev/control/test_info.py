"""The node at a glance, its methods as a document, and the table of dev methods."""

import subprocess
import sys

import pytest

from rpcnode.dev.control.dev_control import CONTROLS
from rpcnode.dev.control.method import declared_methods
from rpcnode.primitives.errors import ProfileName
from tests import PROJECT
from tests.rpcnode.dev.control.small_chain_nodes import HEIGHT, MS_PER_BLOCK, PROFILES, TIP_MS, Start

"""The shape of a document. Source: OpenRPC 1.2.6, meta schema: its required members of what is used here."""


def test_the_node_is_told_at_a_glance(start: Start) -> None:
    node = start(block_time="manual")
    transaction = node("dev_mint", {"asset": "coin", "to": "bob", "amount": 1})
    node("dev_snapshot", "a")
    info = node("dev_info")
    assert (info["profile"], info["network"]) == ("n3", 860833102)
    assert (info["height"], info["header_height"]) == (HEIGHT, HEIGHT)
    assert info["block_hash"] == node("getbestblockhash")
    assert (info["clock_ms"], info["next_block_ms"]) == (TIP_MS + 1, TIP_MS + MS_PER_BLOCK)
    assert (info["block_time"], info["time_step_ms"]) == ("manual", MS_PER_BLOCK)
    assert info["waiting"] == [transaction]
    assert (info["snapshots"], info["faults"], set(info["lags"].values())) == (["a"], [], {0})
    assert [account["name"] for account in info["accounts"]] == ["alice", "bob"]
    assert info["accounts"][0].keys() == {"name", "address", "script_hash", "wif"}


def test_the_contracts_that_stand_are_told_by_name(start: Start) -> None:
    node = start()
    told = {contract["name"]: contract["script_hash"] for contract in node("dev_info")["contracts"]}
    assert node("getcontractstate", told["coin"])["manifest"]["name"] == "coin"
    assert told["GAS"] == "0xd2a4cff31913016155e38e474a2c06d08be276cf"
    assert "later" not in told  # it is deployed in block 100


@pytest.mark.parametrize("profile", PROFILES)
def test_the_document_says_how_near_each_method_is(start: Start, profile: ProfileName) -> None:
    node = start(profile)
    methods = node("rpc.discover")["methods"]
    assert {method["x-fidelity"] for method in methods} == {"exact", "modelled", "not yet"}
    fidelity = {method["name"]: method["x-fidelity"] for method in methods}
    assert (fidelity["getblock"], fidelity["sendmany"]) == ("exact", "not yet")
    assert all(method["summary"] for method in methods)


def test_a_parameter_of_the_document_has_its_name_on_the_wire_and_its_schema(start: Start) -> None:
    methods = {method["name"]: method for method in start()("rpc.discover")["methods"]}
    assert methods["getblock"]["params"] == [
        {
            "name": "blockHashOrIndex",
            "required": True,
            "schema": {
                "oneOf": [
                    {"type": "string", "pattern": "^(0[xX])?[0-9a-fA-F]{64}$"},
                    {"type": "integer", "minimum": 0, "maximum": 4294967295},
                ]
            },
        },
        {"name": "verbose", "required": False, "schema": {"type": "boolean"}},
    ]
    assert [parameter["name"] for parameter in methods["dev_mine"]["params"]] == ["n", "interval_ms"]


def test_no_plugin_is_behind_the_dev_methods(start: Start) -> None:
    assert "dev" not in [plugin["name"] for plugin in start()("listplugins")]


# The table


def test_the_table_of_dev_methods_says_what_the_control_objects_declare(start: Start) -> None:
    dev = start().node.dev
    assert dev is not None
    declared = {
        name: tuple(sorted(method.name for method in declared_methods(getattr(dev, name)))) for name in CONTROLS
    }
    assert declared == {name: tuple(sorted(methods)) for name, methods in CONTROLS.items()}


@pytest.mark.parametrize(
    ("host", "dev", "is_commanded"),
    [
        (None, None, True),
        ("127.0.0.1", None, True),
        ("127.9.9.9", None, True),
        ("localhost", None, True),
        ("::1", None, True),
        ("0.0.0.0", None, False),
        ("::", None, False),
        ("10.0.0.1", None, False),
        ("127.example.org", None, False),
        ("0.0.0.0", True, True),
        ("127.0.0.1", False, False),
    ],
)
def test_dev_methods_are_there_where_only_this_machine_reaches_the_node_or_as_it_is_told(
    start: Start, host: str | None, dev: bool | None, is_commanded: bool
) -> None:
    node = start(host=host, dev=dev).node
    assert ("dev_mine" in node.methods, "rpc.discover" in node.methods) == (is_commanded, is_commanded)
    assert (node.dev is not None) == is_commanded


def test_a_node_loads_no_control_object_until_it_is_commanded() -> None:
    code = (
        "import sys; from rpcnode.node import Node; from rpcnode.options import NodeOptions; Node(NodeOptions());"
        "print(*sorted(name for name in sys.modules if name.startswith('rpcnode.dev.control.')))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["rpcnode.dev.control.commanded_node", "rpcnode.dev.control.dev_control"]
