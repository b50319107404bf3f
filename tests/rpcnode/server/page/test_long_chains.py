"""Pages of long chains and long lists: they take the rows that they show, and no more."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.rpcnode.server.page.pages import Shown, shown

HIGH = 7_000_000


def written(tmp_path: Path, chain: dict[str, Any]) -> Path:
    path = tmp_path / "chain.json"
    path.write_text(json.dumps(chain))
    return path


def statements_of(node: Shown, address: str) -> tuple[int, int]:
    """The status of a page, and how many times a thousand instructions SQLite took for it."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    node.node.store.connection.set_progress_handler(count, 1000)
    try:
        return node.page(address).status, counted
    finally:
        node.node.store.connection.set_progress_handler(None, 0)


@pytest.mark.parametrize("address", ["/", f"/block/{HIGH}", f"/block/{HIGH - 1000}", "/?before=3500000"])
def test_seven_million_empty_blocks_take_no_longer_than_a_few(tmp_path: Path, address: str) -> None:
    with shown(written(tmp_path, {"node": {"height": HIGH}, "accounts": {"alice": {"seed": "alice"}}})) as node:
        status, instructions = statements_of(node, address)
    assert status == 200
    assert instructions < 200


def test_a_block_of_many_transactions_is_paged(tmp_path: Path) -> None:
    balances = [{"account": f"a{number}", "asset": "coin", "amount": number, "block": 1} for number in range(1, 121)]
    chain = {
        "accounts": {f"a{number}": {"seed": f"a{number}"} for number in range(1, 121)},
        "contracts": {"coin": {"standard": "NEP-17", "symbol": "COIN", "decimals": 0}},
        "balances": balances,
    }
    with shown(written(tmp_path, chain)) as node:
        pages = [node.page(f"/block/1?page={number}").text for number in range(3)]
        beyond = node.page("/block/1?page=99").text
        holders = node.page(str(node.found("coin"))).text
        first = node.page("/block/1")
    assert "1 to 50 of 120" in pages[0]
    assert "101 to 120 of 120" in pages[2]
    assert [f"a{number} got {number} COIN" in pages[number // 51] for number in (1, 60)] == [True, True]
    assert beyond == pages[2]
    assert "/block/1?page=1" in first.links
    assert "a120 120 a119 119" in holders
    assert "70 more hold less" in holders


def test_older_transactions_are_reached_page_by_page_also_past_a_long_block(tmp_path: Path) -> None:
    def minted(index: int, times: int) -> dict[str, Any]:
        transfer = {"asset": "coin", "from": None, "to": "alice", "amount": index}
        return {"index": index, "transactions": [{"transfers": [transfer]}] * times}

    chain = {
        "accounts": {"alice": {"seed": "alice"}},
        "contracts": {"coin": {"standard": "NEP-17", "symbol": "COIN", "decimals": 0}},
        "blocks": [minted(1, 1), minted(2, 50), minted(3, 1)],
    }
    with shown(written(tmp_path, chain)) as node:
        first, second, third = (node.page(address) for address in ("/", "/?before=2", "/?before=1"))
    assert "alice got 3 COIN" in first.text
    assert "/?before=2" in first.links
    assert {"/block/2", "/?before=1"} <= set(second.links)
    assert "alice got 1 COIN" in third.text


def test_holders_are_looked_for_among_so_many_rows_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rpcnode.server.page.queries._LOOKED_THROUGH", 4)
    accounts = {f"a{number}": {"seed": f"a{number}"} for number in range(1, 8)}
    coin = {"standard": "NEP-17", "symbol": "COIN", "decimals": 0}
    balances = [{"account": name, "asset": "coin", "amount": 5, "block": 1} for name in accounts]
    chain = {"accounts": accounts, "contracts": {"coin": coin}, "balances": balances}
    with shown(written(tmp_path, chain)) as node:
        address, found = str(node.found("coin")), set()
        for _ in range(20):
            page = node.page(address)
            found |= {name for name in accounts if f" {name} 5" in page.text}
            onward = [link for link in page.links if "after=" in link]
            if not onward:
                break
            address = onward[0].partition("#")[0]
    assert onward == []
    assert found == set(accounts)


@pytest.mark.parametrize("after", ["", "x", "%FF", "A" * 5000, "====", "AAAA"])
def test_any_cursor_is_taken(tmp_path: Path, after: str) -> None:
    chain = {"contracts": {"coin": {"standard": "NEP-17", "symbol": "COIN", "decimals": 0}}}
    with shown(written(tmp_path, chain)) as node:
        assert node.page(f"{node.found('coin')}?after={after}").status == 200


def test_a_transaction_with_very_many_events_is_shown_in_part(tmp_path: Path) -> None:
    transfers = [{"asset": "coin", "from": None, "to": "alice", "amount": 1}] * 400
    chain = {
        "accounts": {"alice": {"seed": "alice"}},
        "contracts": {"coin": {"standard": "NEP-17", "symbol": "COIN", "decimals": 0}},
        "blocks": [{"index": 1, "transactions": [{"transfers": transfers}]}],
    }
    with shown(written(tmp_path, chain)) as node:
        home = node.page("/")
        page = node.page(next(link for link in home.links if link.startswith("/tx/"))).text
    assert "alice got 1 COIN, alice got 1 COIN, alice got 1 COIN, and more" in home.text or "much to tell" in home.text
    assert "350 more are in the application log" in page
