"""getapplicationlog: recorded logs told again, and each profile's own form."""

from typing import Any

import pytest

from rpcnode.chain.blocks import NewBlock
from rpcnode.execution.records import HALT, Execution, Trigger
from rpcnode.node import Node
from rpcnode.options import PluginSetting
from rpcnode.plugins.application_logs.plugin import is_trigger
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt256
from rpcnode.vm.items import StackItem
from tests.plugins.node_builder import (
    HOLDER,
    PROFILES,
    TOKEN,
    NodeBuilder,
    block,
    chain_of,
    error,
    event,
    notifies,
    result,
    transfers,
)
from tests.plugins.recorded_nodes import Recorded

NO_SUCH = "0x" + "12" * 32
HOLDER_BASE64 = "oaGhoaGhoaGhoaGhoaGhoaGhoaE="  # 20 bytes a1


NEO_CLIS_WORDS = {"at instruction 0 (ABORT): ABORT": "ABORT is executed."}
"""The exception that neo-go printed, and what neo-cli 3.10.2 does of the same script."""


def as_neo_cli_prints(log: dict[str, Any]) -> dict[str, Any]:
    """A log of neo-go, without what only neo-go prints, and with neo-cli's words for an exception.

    `invocations` is neo-go's own member; neo-cli's block executions have no `exception` (LogReader.BlockItemToJObject).
    """
    executions = []
    for execution in log["executions"]:
        dropped = {"invocations"} if execution["trigger"] == "Application" else {"invocations", "exception"}
        kept = {name: value for name, value in execution.items() if name not in dropped}
        if kept.get("exception"):
            kept["exception"] = NEO_CLIS_WORDS[kept["exception"]]
        executions.append(kept)
    return {**log, "executions": executions}


def without_words(log: dict[str, Any]) -> dict[str, Any]:
    """A log with whether there is an exception: its words are each node's own."""
    executions = [
        {name: value is not None if name == "exception" else value for name, value in execution.items()}
        for execution in log["executions"]
    ]
    return {**log, "executions": executions}


def test_every_recorded_log_is_told_again(recorded: Recorded) -> None:
    logs = recorded.answers["application_logs"]
    told = {log_hash: without_words(result(recorded.node, "getapplicationlog", log_hash)) for log_hash in logs}
    assert told == {log_hash: without_words(as_neo_cli_prints(log)) for log_hash, log in logs.items()}


def test_members_are_in_neo_clis_order(recorded: Recorded) -> None:
    verbose = recorded.answers["blocks"][-1]["verbose"]
    block_log = result(recorded.node, "getapplicationlog", verbose["hash"])
    assert list(block_log) == ["blockhash", "executions"]
    assert [list(execution) for execution in block_log["executions"]] == [
        ["trigger", "vmstate", "gasconsumed", "stack", "notifications"],
        ["trigger", "vmstate", "gasconsumed", "stack", "notifications"],
    ]
    transaction = next(transaction for transaction, _ in recorded.transactions)
    log = result(recorded.node, "getapplicationlog", transaction["hash"])
    assert list(log) == ["txid", "executions"]
    assert list(log["executions"][0]) == ["trigger", "vmstate", "exception", "gasconsumed", "stack", "notifications"]


@pytest.mark.parametrize(
    ("trigger", "kept"),
    [
        ("OnPersist", ["OnPersist"]),
        ("postpersist", ["PostPersist"]),
        ("Application", []),
        ("", ["OnPersist", "PostPersist"]),
        ("Nonsense", ["OnPersist", "PostPersist"]),  # no trigger: no filter
        ("All", []),  # a trigger that no execution has
        ("System", []),
        ("OnPersist, PostPersist", []),
        ("1", []),  # the number of OnPersist is a trigger too, and equals no name
        (None, ["OnPersist", "PostPersist"]),
    ],
)
def test_a_trigger_keeps_its_executions(build_once: NodeBuilder, trigger: str | None, kept: list[str]) -> None:
    node = build_once(chain_of(height=3))
    log = result(node, "getapplicationlog", result(node, "getbestblockhash"), trigger)
    assert [execution["trigger"] for execution in log["executions"]] == kept


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Application", True),
        (" application ", True),
        ("onpersist,POSTPERSIST", True),
        ("64", True),
        ("255", True),
        ("256", False),
        ("", False),
        ("Application,", False),
        ("Apply", False),
    ],
)
def test_a_trigger_is_what_dotnet_reads_as_one(text: str, expected: bool) -> None:
    assert is_trigger(text) is expected


def test_an_empty_block_pays_the_committee(build: NodeBuilder) -> None:
    node = build(chain_of(height=5))
    quiet = {"vmstate": "HALT", "gasconsumed": "0", "stack": []}
    block_hash = result(node, "getblockhash", 4)
    (before, after) = result(node, "getapplicationlog", block_hash)["executions"]
    assert before == {"trigger": "OnPersist", **quiet, "notifications": []}
    (paid,) = after.pop("notifications")
    assert after == {"trigger": "PostPersist", **quiet}
    assert (paid["contract"], paid["eventname"]) == ("0xd2a4cff31913016155e38e474a2c06d08be276cf", "Transfer")
    sender, _, amount = paid["state"]["value"]
    assert (sender, amount) == ({"type": "Any"}, {"type": "Integer", "value": "50000000"})  # 10 % of 5 GAS


def transaction_of(node: Node, index: int) -> str:
    """The hash of the last transaction of a block."""
    transaction = result(node, "getblock", index, True)["tx"][-1]
    return str(transaction.get("hash") or transaction["txid"])


def test_n3_prints_a_declared_transfer(build: NodeBuilder) -> None:
    node = build(chain_of(block(1, transfers((None, HOLDER, 5)))))
    transaction = transaction_of(node, 1)
    state = [{"type": "Any"}, {"type": "ByteString", "value": HOLDER_BASE64}, {"type": "Integer", "value": "5"}]
    answer = result(node, "getapplicationlog", transaction)
    assert int(answer["executions"][0].pop("gasconsumed")) > 10_000_000  # two rows of storage alone cost as much
    assert answer == {
        "txid": transaction,
        "executions": [
            {
                "trigger": "Application",
                "vmstate": "HALT",
                "exception": None,
                "stack": [],
                "notifications": [
                    {"contract": TOKEN, "eventname": "Transfer", "state": {"type": "Array", "value": state}}
                ],
            }
        ],
    }


def test_preview2_prints_one_flat_execution(build: NodeBuilder) -> None:
    node = build(chain_of(block(1, transfers((None, HOLDER, 5)))), "n3-preview")
    transaction = transaction_of(node, 1)
    state = [
        {"type": "ByteString", "value": "VHJhbnNmZXI="},  # "Transfer"
        {"type": "Any"},
        {"type": "ByteString", "value": HOLDER_BASE64},
        {"type": "Integer", "value": "5"},
    ]
    assert result(node, "getapplicationlog", transaction) == {
        "txid": transaction,
        "trigger": "Application",
        "vmstate": "HALT",
        "gas_consumed": "0",
        "stack": [],
        "notifications": [{"contract": TOKEN, "state": {"type": "Array", "value": state}}],
    }


def test_preview2_prints_a_blocks_own_run_without_a_transaction(build: NodeBuilder) -> None:
    node = build(chain_of(height=2), "n3-preview")
    assert result(node, "getapplicationlog", result(node, "getbestblockhash")) == {
        "txid": None,
        "trigger": "System",
        "vmstate": "HALT",
        "gas_consumed": "2030780",
        "stack": [{"type": "Boolean", "value": True}] * 2,
        "notifications": [],
    }


def test_neo_2_prints_byte_arrays_in_hex_and_the_scripts_hash(build: NodeBuilder) -> None:
    node = build(chain_of(block(1, transfers((None, HOLDER, 5)))), "n2")
    transaction = transaction_of(node, 1)
    log = result(node, "getapplicationlog", transaction)
    (execution,) = log["executions"]
    assert log["txid"] == transaction
    assert list(execution) == ["trigger", "contract", "vmstate", "gas_consumed", "stack", "notifications"]
    assert execution["notifications"] == [
        {
            "contract": TOKEN,
            "state": {
                "type": "Array",
                "value": [
                    {"type": "ByteArray", "value": "7472616e73666572"},  # "transfer"
                    {"type": "ByteArray", "value": ""},  # nobody: minted
                    {"type": "ByteArray", "value": "a1" * 20},
                    {"type": "Integer", "value": "5"},
                ],
            },
        }
    ]


def test_neo_2_prints_an_empty_byte_array_for_a_null_at_any_depth(build: NodeBuilder) -> None:
    entries: Json = {"type": "Map", "value": [{"key": 1, "value": None}]}
    node = build(chain_of(block(1, notifies(event("n2", None, [None, [None]], entries)))), "n2")
    (execution,) = result(node, "getapplicationlog", transaction_of(node, 1))["executions"]
    nothing = {"type": "ByteArray", "value": ""}
    assert execution["notifications"][0]["state"]["value"] == [
        {"type": "ByteArray", "value": "7472616e73666572"},  # "transfer"
        nothing,
        {"type": "Array", "value": [nothing, {"type": "Array", "value": [nothing]}]},
        {"type": "Map", "value": [{"key": {"type": "Integer", "value": "1"}, "value": nothing}]},
    ]


def test_neo_2_has_no_log_of_blocks_and_of_transactions_without_a_script(build: NodeBuilder) -> None:
    node = build(chain_of(height=1), "n2")
    for unlogged in (result(node, "getbestblockhash"), transaction_of(node, 1)):
        assert error(node, "getapplicationlog", unlogged) == {"code": -100, "message": "Unknown transaction"}


@pytest.mark.parametrize(("profile", "kept"), [("n3", 0), ("n3-preview", 1), ("n2", 1)])
def test_only_n3_forgets_what_a_failed_transaction_said(build: NodeBuilder, profile: ProfileName, kept: int) -> None:
    failed = notifies(event(profile, None, HOLDER, "5"), faults=True)
    node = build(chain_of(block(1, failed)), profile)
    log = result(node, "getapplicationlog", transaction_of(node, 1))
    execution = log if profile == "n3-preview" else log["executions"][0]
    assert execution["vmstate"] == "FAULT"
    assert len(execution["notifications"]) == kept


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("n3", {"code": -32602, "message": "Invalid params - Unknown transaction/blockhash"}),
        ("n3-preview", {"code": -100, "message": "Unknown transaction"}),
        ("n2", {"code": -100, "message": "Unknown transaction"}),
    ],
)
def test_an_unknown_hash_is_refused(
    build_once: NodeBuilder, profile: ProfileName, expected: dict[str, int | str]
) -> None:
    assert error(build_once(chain_of(height=1), profile), "getapplicationlog", NO_SUCH) == expected


def test_a_block_above_the_height_has_no_log(build: NodeBuilder) -> None:
    node = build(chain_of(node={"height": 3, "header_height": 9}))
    header = str(node.ledger.block_hash(7))
    assert error(node, "getapplicationlog", header)["message"] == "Invalid params - Unknown transaction/blockhash"


def log_of_stack(build: NodeBuilder, stack: tuple[StackItem, ...], *settings: PluginSetting) -> dict[str, Any]:
    """The log's OnPersist execution of a block whose own run left a stack."""
    node = build(chain_of(height=0), settings=settings)
    run = Execution(Trigger.ON_PERSIST, None, HALT, 7, stack, None, ())
    time_ms = node.ledger.timestamp_ms(0) + 1
    node.ledger.apply_block(NewBlock(1, time_ms, UInt256.ZERO, (), (run,), node.ledger.new_storage()))
    execution: dict[str, Any] = result(node, "getapplicationlog", result(node, "getblockhash", 1))["executions"][0]
    return execution


def test_a_stack_past_max_stack_size_leaves_its_reason_and_no_stack(build: NodeBuilder) -> None:
    # {"type":"ByteString","value":"..."} of 60 bytes has 20 + 9 + 2 + 80 characters and more
    too_long = log_of_stack(build, (bytes(60),), PluginSetting("ApplicationLogs", "MaxStackSize", 100, "test"))
    assert too_long == {
        "trigger": "OnPersist",
        "vmstate": "HALT",
        "gasconsumed": "7",
        "exception": "Max size reached.",
        "notifications": [],
    }


def test_max_stack_size_is_65535_characters(build: NodeBuilder) -> None:
    assert "stack" in log_of_stack(build, (bytes(49_000),))  # 65,336 characters of Base64
    assert "stack" not in log_of_stack(build, (bytes(49_200),))  # 65,600


def test_debug_adds_logs(build: NodeBuilder) -> None:
    with_logs = log_of_stack(build, (), PluginSetting("ApplicationLogs", "Debug", True, "test"))
    assert list(with_logs)[-1] == "logs"
    assert with_logs["logs"] == []


def test_the_plugin_is_listed_with_its_interfaces(build_once: NodeBuilder) -> None:
    listed = {
        profile: next(
            plugin
            for plugin in result(build_once(chain_of(height=1), profile), "listplugins")
            if plugin["name"] == "ApplicationLogs"
        )
        for profile in PROFILES
    }
    assert {profile: plugin["interfaces"] for profile, plugin in listed.items()} == {
        "n3": [],
        "n3-preview": ["IPersistencePlugin"],
        "n2": ["IRpcPlugin", "IPersistencePlugin"],
    }


def test_a_transaction_of_neo_2_that_moves_coins_alone_has_no_log(build: NodeBuilder) -> None:
    """The node logs what the VM ran: of its recorded chain it answers so about every transaction without a script."""
    node = build(chain_of(block(1, transfers((None, HOLDER, "5"), asset="GAS")), contracts={}), "n2")
    hashes = [transaction["txid"] for transaction in result(node, "getblock", 1, 1)["tx"]]
    assert len(hashes) == 2
    assert [error(node, "getapplicationlog", each)["code"] for each in hashes] == [-100, -100]
