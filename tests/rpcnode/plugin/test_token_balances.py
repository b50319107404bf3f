"""The table of token balances that trackers and REST faces share."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from rpcnode.chain.blocks import AppliedBlock
from rpcnode.node import Node
from rpcnode.plugin.token_balances import FOLLOWERS, BalanceQuestion
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.json import Json, document_of
from rpcnode.primitives.uint import UInt160
from tests.rpcnode.plugin.plugin_files import node_with, write_plugin

ALICE: Final = "0x" + "a1" * 20
BOB: Final = "0x" + "b2" * 20
# Displayed in the order one, two, three; their storage bytes, read from the other end, sort three, two, one.
ONE: Final = "0x10" + "00" * 18 + "03"
TWO: Final = "0x20" + "00" * 18 + "02"
THREE: Final = "0x30" + "00" * 18 + "01"


def fixture(folder: Path, blocks: list[Json], contracts: dict[str, Json]) -> Path:
    path = folder / "chain.json"
    path.write_text(json.dumps({"node": {"height": 20}, "contracts": contracts, "blocks": blocks}), "utf-8")
    return path


def block(index: int, *transfers: tuple[str, str | None, str | None, int]) -> Json:
    moved: list[Json] = [
        {"asset": asset, "from": sender, "to": receiver, "amount": amount}
        for asset, sender, receiver, amount in transfers
    ]
    return {"index": index, "transactions": [{"transfers": moved}]}


def contracts(**standards: str) -> dict[str, Json]:
    hashes = {"one": ONE, "two": TWO, "three": THREE}
    return {name: {"hash": hashes[name], "standard": standard} for name, standard in standards.items()}


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    """Alice has 7 of one since block 3, spent all of two in block 2, and got three in block 1; Bob has the rest."""
    blocks = [
        block(1, ("one", None, ALICE, 10), ("two", None, ALICE, 5), ("three", None, ALICE, 2**255 - 1)),
        block(2, ("two", ALICE, BOB, 5)),
        block(3, ("one", ALICE, BOB, 3)),
    ]
    node = node_with(chain=fixture(tmp_path, blocks, contracts(one="NEP-17", two="NEP-17", three="NEP-5")))
    yield node
    node.close()


def rows(node: Node, account: str, offset: int = 0, limit: int = 100, **zero: bool) -> list[tuple[str, str, int]]:
    found = node.view.balances.of_account(UInt160.parse(account), offset, limit, **zero)
    return [(str(row.asset), row.amount, row.last_updated_block) for row in found]


def test_a_row_is_never_deleted_and_rows_are_in_the_order_of_displayed_hashes(node: Node) -> None:
    assert rows(node, ALICE) == [(ONE, "7", 3), (TWO, "0", 2), (THREE, str(2**255 - 1), 1)]
    assert rows(node, ALICE, with_zero=False) == [(ONE, "7", 3), (THREE, str(2**255 - 1), 1)]


def test_a_page_is_cut_from_the_ordered_rows(node: Node) -> None:
    assert [asset for asset, _, _ in rows(node, ALICE, 1, 1)] == [TWO]
    assert rows(node, ALICE, 3, 10) == []


def test_rows_are_counted_with_and_without_those_spent_out(node: Node) -> None:
    balances = node.view.balances
    assert (balances.count(UInt160.parse(ALICE)), balances.count(UInt160.parse(ALICE), with_zero=False)) == (3, 2)
    assert (balances.count(UInt160.parse(BOB)), balances.count(UInt160.parse(BOB), with_zero=False)) == (2, 2)
    assert balances.count(UInt160.parse("0x" + "c3" * 20)) == 0


@pytest.mark.parametrize("asked", [[ONE, TWO, "0x" + "99" * 20], [TWO]])
def test_amounts_are_read_for_few_assets_and_for_many(node: Node, asked: list[str]) -> None:
    held = {UInt160.parse(ONE): 7, UInt160.parse(TWO): 0}
    found = node.view.balances.amounts(UInt160.parse(ALICE), [UInt160.parse(asset) for asset in asked])
    for asset in map(UInt160.parse, asked):
        assert found.get(asset) == held.get(asset)


def test_both_trackers_list_their_own_rows_of_the_one_table(node: Node) -> None:
    nep17 = document_of(node.methods["getnep17balances"]([ALICE]))
    nep5 = node.methods["getnep5balances"]([ALICE])
    assert isinstance(nep17, dict) and isinstance(nep5, dict)
    assert [(row["assethash"], row["amount"], row["lastupdatedblock"]) for row in listed(nep17)] == [(ONE, "7", 3)]
    assert [(row["asset_hash"], row["amount"], row["last_updated_block"]) for row in listed(nep5)] == [
        (THREE, str(2**255 - 1), 1)
    ]


def listed(answer: dict[str, Json]) -> list[dict[str, Any]]:
    balance = answer["balance"]
    assert isinstance(balance, list)
    return [row for row in balance if isinstance(row, dict)]


@pytest.mark.parametrize(
    "settings",
    [
        (("RpcNep5Tracker.TrackedStandards", []), ("TokensTracker.EnabledTrackers", [])),
        (("RpcNep5Tracker.TrackedStandards", ["NEP-5", "NEP-17"]), ("TokensTracker.EnabledTrackers", ["NEP-17"])),
    ],
)
def test_the_rows_do_not_depend_on_what_trackers_follow(
    tmp_path: Path, node: Node, settings: list[tuple[str, Json]]
) -> None:
    other = node_with(chain=tmp_path / "chain.json", settings=settings)
    assert [rows(other, account) for account in (ALICE, BOB)] == [rows(node, account) for account in (ALICE, BOB)]
    other.close()


def test_a_non_fungible_token_has_no_row(tmp_path: Path) -> None:
    mint: Json = {"asset": "one", "from": None, "to": ALICE, "amount": 1, "token_id": "0x01"}
    blocks: list[Json] = [{"index": 1, "transactions": [{"transfers": [mint]}]}]
    node = node_with(chain=fixture(tmp_path, blocks, contracts(one="NEP-11")))
    assert rows(node, ALICE) == []
    node.close()


def test_an_event_alone_gives_a_row_of_what_balance_of_says(tmp_path: Path) -> None:
    event: Json = {"contract": "one", "event": "Transfer", "state": [None, ALICE, "5"]}
    blocks: list[Json] = [{"index": 1, "transactions": [{"notifications": [event]}]}]
    node = node_with(chain=fixture(tmp_path, blocks, contracts(one="NEP-17")))
    assert rows(node, ALICE) == [(ONE, "0", 1)]
    node.close()


def test_a_faulted_execution_touches_nothing(tmp_path: Path) -> None:
    blocks: list[Json] = [
        {
            "index": 1,
            "transactions": [{"faults": True, "transfers": [{"asset": "one", "from": None, "to": ALICE, "amount": 1}]}],
        }
    ]
    node = node_with(chain=fixture(tmp_path, blocks, contracts(one="NEP-17")))
    assert rows(node, ALICE) == []
    node.close()


def test_an_old_block_does_not_overwrite_what_a_newer_one_left(node: Node) -> None:
    class Old:
        """Alice's balance as block 1 left it."""

        index = 1
        state = node.ledger.state_at(1)

    follower = node.view.balances.follower("Late")
    with node.store.transaction():
        follower.refresh(Old, [(UInt160.parse(ALICE), UInt160.parse(ONE))])  # type: ignore[arg-type]
    assert rows(node, ALICE)[0] == (ONE, "7", 3)
    assert [(row.amount, row.last_updated_block) for row in follower.balances_of(UInt160.parse(ALICE))] == [("10", 1)]


def test_a_tracker_keeps_the_amount_it_noted_while_others_go_on(tmp_path: Path) -> None:
    """Alice has 10 of one after block 1, 7 after block 2, none after block 3, and 4 after block 4."""
    moves = [
        block(1, ("one", None, ALICE, 10)),
        block(2, ("one", ALICE, BOB, 3)),
        block(3, ("one", ALICE, BOB, 7)),
        block(4, ("one", BOB, ALICE, 4)),
    ]
    node = node_with(chain=fixture(tmp_path, [], contracts(one="NEP-17")))
    follower = node.view.balances.follower("Once")
    alice, one = UInt160.parse(ALICE), UInt160.parse(ONE)
    whole = node_with(chain=fixture(tmp_path, moves, contracts(one="NEP-17")))
    shown = []
    for index in (1, 2, 3, 4):
        now = AppliedBlock(index, index, whole.ledger.state_at(index))
        with node.store.transaction():
            if index != 2:
                node.view.balances.follower("TokensTracker").refresh(now, [(alice, one)])
            if index in (1, 4):
                follower.refresh(now, [(alice, one)])
            if index == 2:
                node.view.balances.complete(now, whole.ledger.executions(2))
        shown.append([(row.amount, row.last_updated_block) for row in follower.balances_of(alice)])
    assert shown == [[("10", 1)], [("10", 1)], [("10", 1)], [("4", 4)]]
    assert rows(node, ALICE) == [(ONE, "4", 4)]
    node.close()
    whole.close()


def test_a_tracker_takes_its_notes_back_and_the_rows_stay(node: Node) -> None:
    follower = node.view.balances.follower("TokensTracker")
    before = rows(node, ALICE)
    follower.clear()
    assert list(follower.balances_of(UInt160.parse(ALICE))) == []
    assert rows(node, ALICE) == before


def test_there_is_room_for_a_few_trackers_and_the_next_is_refused(node: Node) -> None:
    taken = 2  # RpcNep5Tracker and TokensTracker
    for number in range(FOLLOWERS - taken):
        node.view.balances.follower(f"Tracker{number}")
    with pytest.raises(NodeError, match=f"OneTooMany: token balances have no more than {FOLLOWERS} trackers"):
        node.view.balances.follower("OneTooMany")
    node.view.balances.reload()


def test_a_tracker_says_which_answers_of_balance_of_count(node: Node) -> None:
    block = node.ledger.state()

    class Now:
        index = 20
        state = block

    follower = node.view.balances.follower("Picky", BalanceQuestion(lambda item: None if item == 7 else 1))
    with node.store.transaction():
        follower.refresh(Now, [(UInt160.parse(ALICE), UInt160.parse(ONE))])  # type: ignore[arg-type]
    assert list(follower.balances_of(UInt160.parse(ALICE))) == []


def test_what_a_failing_tracker_wrote_is_completed_when_its_policy_lets_it_go(tmp_path: Path) -> None:
    plugins = write_plugin(
        tmp_path / "plugins",
        "failing.py",
        """
        from rpcnode.plugin.config import PluginConfig, Policy
        from dataclasses import dataclass

        @dataclass(frozen=True, slots=True)
        class Config(PluginConfig):
            unhandled_exception_policy: Policy = Policy.IGNORE

        class Failing(Plugin):
            name = "Failing"
            config_type = Config

            def __init__(self, node, config):
                super().__init__(node, config)
                self.follower = node.balances.follower(self.name)

            def on_committing(self, block, executions):
                touched = [
                    (UInt160(notification.state[1]), notification.contract)
                    for execution in executions
                    for notification in execution.notifications
                    if notification.state[1] is not None
                ]
                self.follower.refresh(block, touched)
                raise ValueError("after its writes")
        """,
    )
    chain = fixture(tmp_path, [block(1, ("one", None, ALICE, 10))], contracts(one="NEP-17"))
    settings: list[tuple[str, Json]] = [("TokensTracker.EnabledTrackers", [])]
    node = node_with(plugins, chain=chain, settings=settings)
    assert rows(node, ALICE) == [(ONE, "10", 1)]
    node.close()


def test_a_holding_that_is_changed_spent_and_received_again_is_counted_once(tmp_path: Path) -> None:
    # Alice: 10, then 7, then none, then 2; Bob only ever gets more: 3, 10, and 8 once he has paid 2 back.
    moves = [
        block(1, ("one", None, ALICE, 10)),
        block(2, ("one", ALICE, BOB, 3)),
        block(3, ("one", ALICE, BOB, 7)),
        block(4, ("one", BOB, ALICE, 2)),
    ]
    expected = {1: ("10", 1), 2: ("7", 1), 3: ("0", 0), 4: ("2", 1)}
    for height, (amount, held) in expected.items():
        node = node_with(chain=fixture(tmp_path, moves[:height], contracts(one="NEP-17")))
        assert rows(node, ALICE) == [(ONE, amount, height)]
        assert node.view.balances.count(UInt160.parse(ALICE)) == 1
        assert node.view.balances.count(UInt160.parse(ALICE), with_zero=False) == held
        node.close()
