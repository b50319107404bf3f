"""Commands for blocks and time."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from tests import PROJECT
from tests.rpcnode.dev.control.small_chain_nodes import FUNDS, GENESIS_MS, HEIGHT, MS_PER_BLOCK, PROFILES, TIP_MS, Start

ONE_COIN: dict[str, Json] = {"asset": "coin", "from": "alice", "to": "bob", "amount": 1}


# Blocks


def test_mining_makes_one_block_unless_it_is_told_how_many(start: Start) -> None:
    node = start()
    assert node("dev_mine") == HEIGHT + 1
    assert node("dev_mine", 5) == HEIGHT + 6
    assert node("getblockcount") == HEIGHT + 7


@pytest.mark.parametrize("profile", PROFILES)
def test_blocks_that_are_mined_one_by_one_are_those_that_are_mined_at_once(start: Start, profile: ProfileName) -> None:
    at_once, one_by_one = start(profile), start(profile)
    at_once("dev_mine", 4)
    for _ in range(4):
        one_by_one("dev_mine")
    assert at_once.hashes() == one_by_one.hashes()


def test_a_block_follows_the_one_before_by_the_time_of_the_network(start: Start) -> None:
    node = start()
    node("dev_mine", 2)
    assert node.times(3, 4) == [TIP_MS + MS_PER_BLOCK, TIP_MS + 2 * MS_PER_BLOCK]


def test_an_interval_lies_between_the_blocks_of_one_call(start: Start) -> None:
    node = start()
    node("dev_mine", 3, 1)
    first = TIP_MS + MS_PER_BLOCK
    assert node.times(3, 4, 5) == [first, first + 1, first + 2]


def test_a_million_blocks_at_the_pace_of_the_network_take_no_rows(start: Start) -> None:
    node = start()
    assert node("dev_mine", 1_000_000) == HEIGHT + 1_000_000
    assert node.times(HEIGHT + 1_000_000) == [TIP_MS + 1_000_000 * MS_PER_BLOCK]
    rows = node.node.store.connection.execute("SELECT block_index FROM chain_block WHERE block_index > 2").fetchall()
    assert rows == [(100,)], "a contract is deployed there"


@pytest.mark.parametrize("profile", PROFILES)
def test_each_mined_block_names_the_one_before(start: Start, profile: ProfileName) -> None:
    node = start(profile)
    node("dev_setNextBlockTimestamp", TIP_MS + 1005)
    node("dev_mine", 2)
    node("dev_transfer", ONE_COIN)
    node("dev_mine", 2, 7)
    hashes = node.hashes()
    for index in range(1, len(hashes)):
        header = node("getblockheader", index, True if profile != "n2" else 1)
        assert (header["hash"], header["previousblockhash"]) == (hashes[index], hashes[index - 1])


def test_plugins_have_seen_every_mined_block(start: Start) -> None:
    node = start()
    node("dev_mine", 3)
    node("dev_mine", 3, 5)
    progress = node.node.store.connection.execute("SELECT DISTINCT block_index FROM plugin_progress").fetchall()
    assert progress == [(HEIGHT + 6,)]


# The clock


def test_the_next_block_has_exactly_the_time_that_was_set_and_the_rest_go_on_from_it(start: Start) -> None:
    node = start()
    assert node("dev_setNextBlockTimestamp", TIP_MS + 1) == TIP_MS + 1  # the clock, which that does not move
    node("dev_mine", 2)
    assert node.times(3, 4) == [TIP_MS + 1, TIP_MS + 1 + MS_PER_BLOCK]


def test_a_clock_that_was_put_on_dates_the_next_block(start: Start) -> None:
    node = start()
    assert node("dev_setTime", TIP_MS + 1_000_000) == TIP_MS + 1_000_000
    node("dev_mine", 2)
    assert node.times(3, 4) == [TIP_MS + 1_000_000, TIP_MS + 1_000_000 + MS_PER_BLOCK]


def test_putting_the_clock_on_counts_from_where_it_stands(start: Start) -> None:
    node = start()
    # It stands a millisecond after the newest block.
    assert node("dev_increaseTime", 60_000) == TIP_MS + 60_001
    assert node("dev_increaseTime", 60_000) == TIP_MS + 120_001
    node("dev_mine")
    assert node.times(3) == [TIP_MS + 120_001]
    assert node("dev_info")["clock_ms"] == TIP_MS + 120_002


def test_a_clock_that_is_not_a_time_step_on_does_not_hurry_the_next_block(start: Start) -> None:
    node = start()
    node("dev_increaseTime", 10)
    node("dev_mine")
    assert node.times(3) == [TIP_MS + MS_PER_BLOCK]


def test_an_exact_time_takes_a_later_clock_back(start: Start) -> None:
    node = start()
    node("dev_setTime", TIP_MS + 1_000_000)
    assert node("dev_setNextBlockTimestamp", TIP_MS + 500) == TIP_MS + 500
    node("dev_mine", 2)
    assert node.times(3, 4) == [TIP_MS + 500, TIP_MS + 500 + MS_PER_BLOCK]


def test_a_clock_put_on_after_an_exact_time_dates_the_block_after_that(start: Start) -> None:
    node = start()
    node("dev_setNextBlockTimestamp", TIP_MS + 5)
    node("dev_setTime", TIP_MS + 1_000_000)
    node("dev_mine", 3)
    assert node.times(3, 4, 5) == [TIP_MS + 5, TIP_MS + 1_000_000, TIP_MS + 1_000_000 + MS_PER_BLOCK]


def test_a_time_step_lies_between_blocks_until_it_is_given_up(start: Start) -> None:
    node = start()
    node("dev_setTimeStep", 1)
    node("dev_mine", 3)
    node("dev_setTimeStep", None)
    node("dev_mine")
    assert node.times(3, 4, 5, 6) == [TIP_MS + 1, TIP_MS + 2, TIP_MS + 3, TIP_MS + 3 + MS_PER_BLOCK]


def test_windows_of_transfers_end_at_the_clock(start: Start) -> None:
    node = start()
    node("dev_transfer", ONE_COIN)
    address = node("dev_info")["accounts"][0]["address"]
    seven_days_ms = 7 * 24 * 60 * 60 * 1000
    assert len(node("getnep17transfers", address)["sent"]) == 1
    # The block was dated TIP_MS + MS_PER_BLOCK; a window of seven days that begins later does not hold it.
    node("dev_setTime", TIP_MS + MS_PER_BLOCK + seven_days_ms + 1)
    assert node("getnep17transfers", address)["sent"] == []


@pytest.mark.parametrize(
    ("method", "time_ms", "message"),
    [
        (
            "dev_setTime",
            TIP_MS,
            f"{TIP_MS} ms is not after the newest block, dated {TIP_MS}; {TIP_MS + 1} is the earliest",
        ),
        ("dev_setNextBlockTimestamp", GENESIS_MS, f"{GENESIS_MS} ms is not after the newest block, dated {TIP_MS}"),
        ("dev_setTime", 253_402_300_800_000, "is later than a block can be dated; 253402300799999 is the last"),
        ("dev_increaseTime", 253_402_300_799_999, "is later than a block can be dated; 253402300799999 is the last"),
    ],
    ids=["the newest block's", "before it", "after the year 9999", "on to after the year 9999"],
)
def test_a_time_the_chain_cannot_take_is_refused(start: Start, method: str, time_ms: int, message: str) -> None:
    error = start().error(method, time_ms)
    assert error["code"] == -32000
    assert message in error["message"]


def test_neo_2_ends_in_2106_since_it_counts_seconds_in_32_bits(start: Start) -> None:
    node = start("n2")
    last = 4_294_967_295_999
    assert node("dev_setNextBlockTimestamp", last) == TIP_MS + 1
    node("dev_mine")
    assert node("getblockheader", 3, 1)["time"] == 4_294_967_295
    assert f"{last} is the last" in node.error("dev_mine")["message"]


def test_neo_2_dates_every_block_in_a_second_of_its_own(start: Start) -> None:
    node = start("n2")
    node("dev_mine", 3, 300)
    node("dev_setTimeStep", 1)
    node("dev_mine", 2)
    node("dev_setNextBlockTimestamp", TIP_MS + MS_PER_BLOCK + 10_000)
    node("dev_mine")
    seconds = [node("getblock", index, 1)["time"] for index in range(HEIGHT + 1, HEIGHT + 7)]
    first = (TIP_MS + MS_PER_BLOCK) // 1000
    assert seconds == [first, first + 1, first + 2, first + 3, first + 4, first + 10]


def test_neo_2_refuses_a_time_in_the_second_of_the_newest_block(start: Start) -> None:
    message = start("n2").error("dev_setNextBlockTimestamp", TIP_MS + 999)["message"]
    assert f"{TIP_MS + 1000} is the earliest" in message


# When


def test_a_transaction_is_mined_at_once_unless_blocks_are_made_otherwise(start: Start) -> None:
    node = start()
    transaction = node("dev_transfer", ONE_COIN)
    assert node("getblockcount") == HEIGHT + 2
    assert node("gettransactionheight", transaction) == HEIGHT + 1
    assert node("getrawmempool") == []


@pytest.mark.parametrize("profile", PROFILES)
def test_what_waits_is_in_the_pool_and_not_on_the_chain(start: Start, profile: ProfileName) -> None:
    node = start(profile, block_time="manual")
    first, second = node("dev_transfer", ONE_COIN), node("dev_transfer", ONE_COIN)
    assert node("getrawmempool") == [first, second]
    assert node("getrawmempool", True) == {"height": HEIGHT, "verified": [first, second], "unverified": []}
    assert node("getblockcount") == HEIGHT + 1
    verbose = node("getrawtransaction", first, True if profile != "n2" else 1)
    assert (verbose["txid"] if profile == "n2" else verbose["hash"]) == first
    assert not {"blockhash", "confirmations", "blocktime"} & verbose.keys()
    assert node("getrawtransaction", first)
    assert node.error("gettransactionheight", first)["message"].startswith("Unknown transaction")


def test_a_transaction_that_waits_is_in_the_pool_already(start: Start) -> None:
    node = start(block_time="manual")
    raw = node("getrawtransaction", node("dev_transfer", ONE_COIN))
    assert node.error("sendrawtransaction", raw)["code"] == -503


def test_the_first_block_that_is_mined_takes_in_what_waits_in_order(start: Start) -> None:
    node = start(block_time="manual")
    waiting = [node("dev_transfer", ONE_COIN) for _ in range(3)]
    node("dev_mine", 2)
    assert [transaction["hash"] for transaction in node("getblock", HEIGHT + 1, True)["tx"]] == waiting
    assert node("getblock", HEIGHT + 2, True)["tx"] == []
    assert node("getrawmempool") == []
    assert node.balance("bob") == 3


def test_a_full_block_leaves_the_rest_to_the_next(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    node = start(block_time="manual")
    for _ in range(513):  # a block holds 512
        node("dev_transfer", ONE_COIN)
    node("dev_mine")
    assert len(node("getrawmempool")) == 1
    node("dev_mine")
    assert (len(node("getrawmempool")), node.balance("bob")) == (0, 513)


def test_what_waits_is_mined_when_blocks_are_made_at_once_again(start: Start) -> None:
    node = start()
    assert node("dev_setBlockTime", "manual") == "manual"
    node("dev_transfer", ONE_COIN)
    assert node("dev_setBlockTime", "instant") == "instant"
    assert (node("getblockcount"), node.balance("bob")) == (HEIGHT + 2, 1)


@pytest.mark.parametrize(("mode", "answer"), [(5, 5), (0.25, 0.25), (2.0, 2), ("manual", "manual")])
def test_the_answer_is_the_mode(start: Start, mode: Json, answer: Json) -> None:
    node = start()
    assert node("dev_setBlockTime", mode) == answer
    assert node("dev_info")["block_time"] == answer


def test_the_mode_of_the_command_line_is_that_of_the_chain(start: Start) -> None:
    assert start(block_time=12.5)("dev_info")["block_time"] == 12.5


def test_a_database_keeps_mode_clock_step_and_what_waits(start: Start, tmp_path: Path) -> None:
    node = start(db=tmp_path / "chain.db", block_time="manual")
    transaction = node("dev_transfer", ONE_COIN)
    deployment = node("dev_deploy", {"key": "new", "standard": "NEP-17", "total_supply": "12"})
    event = node("dev_notify", {"contract": "coin", "event": "Odd", "state": [None, ["alice"], True], "faults": True})
    node("dev_setTime", TIP_MS + 77_000)
    node("dev_setTimeStep", 3)
    node("dev_setNextBlockTimestamp", TIP_MS + 99_000)
    before = node("dev_info")
    node.node.close()
    again = start(db=tmp_path / "chain.db", with_fixture=False)
    assert again("dev_info") == before
    assert again("getrawmempool") == [transaction, deployment, event]
    again("dev_mine", 2)
    assert again.times(3, 4) == [TIP_MS + 99_000, TIP_MS + 99_003]
    assert again.balance("bob") == 1
    states = [again("getapplicationlog", each)["executions"][0]["vmstate"] for each in (transaction, deployment, event)]
    assert states == ["HALT", "HALT", "FAULT"]


def test_one_who_has_too_little_by_the_time_of_the_block_fails_in_it(start: Start) -> None:
    node = start(block_time="manual")
    node("dev_transfer", {**ONE_COIN, "amount": FUNDS})
    # What waits is counted: nothing is left.
    assert node.error("dev_transfer", ONE_COIN)["message"] == "cannot move 1 of coin: alice has 0"
    assert len(node("getrawmempool")) == 1


# The same everywhere


@pytest.mark.slow
def test_the_same_calls_give_the_same_chain_in_another_process(tmp_path: Path) -> None:
    script = tmp_path / "calls.py"
    script.write_text(
        """
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.json import document_of
node = Node(NodeOptions())
call = lambda name, *params: document_of(node.methods[name](list(params)))
print(call("dev_transfer", {"asset": "GAS", "from": "account1", "to": "account2", "amount": 5}))
call("dev_setBlockTime", "manual")
print(call("dev_mint", {"asset": "NEO", "to": "account3", "amount": 5}))
print(call("dev_deploy", {"key": "new", "standard": "NEP-11", "tokens": {"b": {"name": "B"}, "a": {"name": "A"}}}))
call("dev_increaseTime", 123456789)
call("dev_mine", 7, 13)
print(call("getbestblockhash"), call("getblock", 70012))
node.close()
""",
        "utf-8",
    )
    outputs = [
        subprocess.run(
            [sys.executable, str(script)],
            cwd=PROJECT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(PROJECT), "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    ]
    assert outputs[0] == outputs[1] != ""


# What is wrong


@pytest.mark.parametrize(
    ("method", "params", "message"),
    [
        ("dev_mine", [0], "n: 0 is not between 1 and 10000000"),
        ("dev_mine", [1, 0], "interval_ms: 0 is not between 1 and 3162240000000"),
        ("dev_mine", ["1"], 'n: "1" is no whole number'),
        ("dev_mine", [1.5], "n: 1.5 is no whole number"),
        ("dev_mine", [True], "n: true is no whole number"),
        ("dev_mine", [1, 2, 3], "3 parameters given; right are: n, interval_ms"),
        ("dev_setBlockTime", [], "mode is missing"),
        ("dev_setBlockTime", [0], "mode: instant, manual or a number of seconds (0.01 to 86400) is expected, not 0"),
        ("dev_setBlockTime", ["auto"], "mode: instant, manual or a number of seconds"),
        ("dev_setTime", [], "time_ms is missing"),
        ("dev_setTime", ["2020"], 'time_ms: "2020" is no whole number'),
        ("dev_increaseTime", [-1], "by_ms: -1 is not between 0 and 9007199254740991"),
        ("dev_setNextBlockTimestamp", [{}], "timestamp_ms: {} is no whole number"),
        ("dev_setTimeStep", [0], "step_ms: 0 is not between 1 and 3162240000000"),
    ],
)
def test_a_wrong_parameter_is_named_with_what_would_be_right(
    start: Start, method: str, params: list[Any], message: str
) -> None:
    error = start().error(method, *params)
    assert error["code"] == -32602
    assert error["message"].startswith(f"Invalid params - {message}")


def test_too_many_blocks_with_times_of_their_own_are_refused(start: Start) -> None:
    error = start().error("dev_mine", 1_000_001, 5)
    assert error["code"] == -32000
    assert "1000001 blocks at once are too many where they lie 5 ms apart" in error["message"]


def test_no_block_is_mined_after_the_last_index(start: Start) -> None:
    # Preview2's transactions are valid for 2,102,400 blocks, and a block's index has 32 bits.
    last = 2**32 - 1 - 2_102_400
    node = start(document={"network": {"ms_per_block": 1}, "node": {"height": last - 1}})
    assert node("dev_mine") == last
    assert f"{last} is the last" in node.error("dev_mine")["message"]
