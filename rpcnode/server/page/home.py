"""The chain at a glance: the newest blocks and transactions."""

from collections.abc import Sequence
from datetime import UTC, datetime
from heapq import nsmallest
from typing import Final

from rpcnode.chain.ledger import Ledger
from rpcnode.payloads.neo2.coins import fixed8_text
from rpcnode.primitives.uint import UInt160
from rpcnode.server.page.facts import PageNode
from rpcnode.server.page.known import Known
from rpcnode.server.page.markup import Markup, joined, link, listed_facts, tag, text
from rpcnode.server.page.queries import Found
from rpcnode.server.page.shell import Page, observed_note, panel
from rpcnode.server.page.words import COINS, Words, between

_SHOWN: Final = 20
"""Blocks and transactions on a page."""
_CONTRACTS: Final = 50
_ACCOUNTS: Final = 10
_HOLDINGS: Final = 4
"""Tokens that are shown of an account."""
_MOST_MS: Final = 253_402_300_799_999  # the last millisecond that has a date


def time_of(timestamp_ms: int) -> Markup:
    """A block's time, UTC."""
    if not 0 <= timestamp_ms <= _MOST_MS:
        return tag("span", f"{timestamp_ms} ms")
    moment = datetime.fromtimestamp(timestamp_ms / 1000, UTC)
    return tag("time", f"{moment:%Y-%m-%d %H:%M:%S}", datetime=moment.isoformat())


def home_page(node: PageNode, known: Known, words: Words, before: int | None) -> Page:
    """The newest blocks, or those up to `before`, and the newest transactions up to it."""
    ledger = node.view.ledger
    facts = node.facts()
    newest = ledger.height if before is None else min(before, ledger.height)
    found = known.queries.newest_transactions(newest, _SHOWN)
    content = joined(
        tag("h1", "The chain", tag("span", f" at block {newest}", class_="soft")),
        listed_facts(*facts.facts),
        observed_note(node),
        tag(
            "div",
            panel(
                "Transactions",
                tag("ul", *(words.line(each) for each in found), class_="list")
                if found
                else tag("p", "No block up to here holds a transaction."),
                _older(found),
                place="transactions",
            ),
            panel("Blocks", _blocks(ledger, known, newest), place="blocks"),
            class_="columns",
        ),
        tag("p", f"{len(ledger.mempool)} transactions wait for a block.") if len(ledger.mempool) else None,
        _accounts(node, known),
        panel("Contracts", _contracts(known), place="contracts"),
    )
    return Page("Chain", content, script="live" if before is None else None)


def _older(found: Sequence[Found]) -> Markup | None:
    """The way on from a full list; of a block that fills it alone, to its own page."""
    if len(found) < _SHOWN:
        return None
    last = found[-1].block_index
    if last < found[0].block_index:
        return tag("p", link(f"/?before={last}", "Older ones"))
    older = joined(", ", link(f"/?before={last - 1}", "older ones")) if last > 0 else None
    return tag("p", link(f"/block/{last}", f"All of block {last}"), older)


def _blocks(ledger: Ledger, known: Known, newest: int) -> Markup:
    first = max(ledger.base_height, newest - _SHOWN + 1, 0)
    counts = known.queries.transaction_counts(first, newest)
    rows = [
        tag(
            "li",
            link(f"/block/{index}", index, class_="height"),
            tag("span", _count_text(counts.get(index, 0)), class_="words"),
            tag("span", time_of(ledger.timestamp_ms(index)), class_="soft"),
        )
        for index in range(newest, first - 1, -1)
    ]
    older = tag("p", link(f"/?before={first - 1}", "Older ones")) if first > max(ledger.base_height, 0) else None
    return joined(tag("ul", *rows, class_="list"), older)


def _accounts(node: PageNode, known: Known) -> Markup | None:
    """Some accounts that have a name, those with short names first, each with some of what it holds."""
    names = known.queries.account_names()
    shown = nsmallest(_ACCOUNTS, names.items(), key=lambda named: (len(named[1]), named[1]))
    entries = [
        tag("li", known.account(account), tag("span", _held(node, known, account), class_="words"))
        for account in (UInt160(script_hash) for script_hash, _ in shown)
    ]
    if not entries:
        return None
    more = tag("p", f"Only {_ACCOUNTS} are shown; the search finds the others.") if len(names) > _ACCOUNTS else None
    return panel("Accounts", tag("ul", *entries, class_="list"), more, place="accounts")


def _held(node: PageNode, known: Known, account: UInt160) -> Markup:
    view = node.view
    coins = {} if view.ledger.coins is None else view.ledger.coins.holdings_of(account, view.ledger.height)
    held = [text(f"{fixed8_text(value)} {COINS[str(asset)]}") for asset, value in coins.items() if str(asset) in COINS]
    rows = [*view.balances.of_account(account, 0, _HOLDINGS + 1, with_zero=False)]
    held += [known.amount(row.asset, int(row.amount)) for row in rows[:_HOLDINGS]]
    if len(rows) > _HOLDINGS:
        held.append(text("and more"))
    nothing = "no fungible token" if view.ledger.coins is None else "no coin and no token"
    return joined(*between(held)) if held else tag("span", nothing, class_="soft")


def _contracts(known: Known) -> Markup:
    shown = []
    for contract in known.contracts():
        shown.append(contract)
        if len(shown) > _CONTRACTS:
            break
    shown.sort(key=lambda contract: (contract.contract_id < 0, known.contract_name(contract).lower()))
    entries = [
        tag("li", link(f"/contract/{contract.script_hash}", known.contract_name(contract)))
        for contract in shown[:_CONTRACTS]
    ]
    more = tag("p", f"Only {_CONTRACTS} are shown; the search finds the others.") if len(shown) > _CONTRACTS else None
    return joined(tag("ul", *entries, class_="words-list many"), more)


def _count_text(count: int) -> str:
    return {0: "empty", 1: "1 transaction"}.get(count, f"{count} transactions")
