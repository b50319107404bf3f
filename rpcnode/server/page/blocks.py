"""Pages of blocks and of transactions."""

import json
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar
from urllib.parse import quote

from rpcnode.execution.records import Execution, Notification
from rpcnode.primitives.errors import FormatError, ProfileName
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.server.page.facts import PageNode
from rpcnode.server.page.home import time_of
from rpcnode.server.page.known import Known, amount_text
from rpcnode.server.page.markup import Markup, joined, link, listed_facts, table, tag
from rpcnode.server.page.shell import Page, calls_line, missing, observed_note, paged, panel
from rpcnode.server.page.words import Words, between

T = TypeVar("T")

_ON_A_PAGE: Final = 50
"""Transactions of a block, or events."""
_MOST_ITEMS: Final = 20
_LONGEST_JSON: Final = 60_000
_LARGEST_LOG: Final = 200_000
"""Characters of stack and events that are read for one page."""
_GAS_DECIMALS: Final = 8


def call_address(method: str, *params: Json) -> str:
    """Where the node answers a call by GET."""
    return f"/?jsonrpc=2.0&id=1&method={method}&params={quote(json.dumps(params))}"


def block_page(node: PageNode, known: Known, words: Words, written: str, number: int) -> Page:
    """A block by its index or hash, with a page of its transactions."""
    ledger = node.view.ledger
    index: int | None = None
    if written.isascii() and written.isdecimal():
        index = int(written[:20])
    else:
        block_hash = hash_of(written)
        index = None if block_hash is None else ledger.block_index(block_hash)
    if index is None or not max(ledger.base_height, 0) <= index <= ledger.header_height:
        return missing("No such block", f"There is no block {written[:80]} here; the newest is {ledger.height}.")
    header = ledger.header(index).to_json(ledger.parameters.address_version)
    is_whole = index <= ledger.height
    count = known.queries.transaction_counts(index, index).get(index, 0) if is_whole else 0
    number = min(number, max(count - 1, 0) // _ON_A_PAGE)
    found = known.queries.transactions_of(index, number * _ON_A_PAGE, _ON_A_PAGE) if is_whole else []
    lines = (
        tag("ul", *(words.line(each) for each in found), class_="list")
        if found
        else tag("p", "It holds no transaction.")
    )
    own = _own_runs(node, known, words, index) if is_whole else None
    content = joined(
        tag("h1", f"Block {index}"),
        tag(
            "nav",
            link(f"/block/{index - 1}", "← Block before") if index > max(ledger.base_height, 0) else None,
            link(f"/block/{index + 1}", "Next block →") if index < ledger.header_height else None,
            class_="paged",
            aria_label="Blocks beside this one",
        ),
        listed_facts(
            ("Hash", tag("code", header["hash"])),
            ("Time, UTC", time_of(ledger.timestamp_ms(index))),
            ("Transactions", count if is_whole else "the node has its header only"),
            ("Size of header", f"{header['size']} bytes"),
            ("Next consensus", header.get("nextconsensus")),
        ),
        panel("Transactions", lines, paged(f"/block/{index}", number, count, _ON_A_PAGE), place="transactions"),
        own,
        calls_line(_offered(node, [("getblock", (index, 1)), ("getblockheader", (index, 1))])),
        _raw("Header as JSON", header),
    )
    return Page(f"Block {index}", content)


def transaction_page(node: PageNode, known: Known, words: Words, written: str) -> Page:
    """A transaction by its hash, one that waits too."""
    ledger = node.view.ledger
    transaction_hash = hash_of(written)
    found = None if transaction_hash is None else ledger.transaction(transaction_hash)
    if found is not None:
        transaction, index = found
        printed = transaction.to_json(ledger.parameters.address_version)
        facts = _facts_of_block(node, index)
        transaction_hash = transaction.hash
        ran: Markup | None
        if known.queries.log_size(index, transaction_hash) > _LARGEST_LOG:
            ran = tag("p", "What it did is too long for a page; the application log has it.")
        else:
            ran = _ran(ledger.executions_of(transaction_hash, index), known, words)
        is_whole = True
    else:
        waiting = None if transaction_hash is None else ledger.waiting_transaction(transaction_hash)
        if waiting is None:
            return missing("No such transaction", f"There is no transaction {written[:80]} here.")
        transaction_hash, is_whole = waiting.hash, False
        printed = waiting.to_json(ledger.parameters.address_version)
        facts, ran = (("Block", "waits for one"),), None
    content = joined(
        tag("h1", "Transaction"),
        tag("p", tag("code", str(transaction_hash)), class_="whole-hash"),
        listed_facts(*facts, *_facts_of_transaction(node, printed, known)),
        observed_note(node),
        ran,
        _trace(node) if is_whole else None,
        calls_line(
            _offered(
                node,
                [("getrawtransaction", (str(transaction_hash), 1)), ("getapplicationlog", (str(transaction_hash),))],
            )
        ),
        _raw("Transaction as JSON", printed),
    )
    return Page("Transaction", content, script="transaction", data=(("hash", str(transaction_hash)),))


def hash_of(written: str) -> UInt256 | None:
    """The hash of a block or transaction that is written."""
    try:
        return UInt256.parse(written)
    except FormatError:
        return None


def _facts_of_block(node: PageNode, index: int) -> tuple[tuple[str, object], ...]:
    ledger = node.view.ledger
    return ("Block", link(f"/block/{index}", index)), ("Time, UTC", time_of(ledger.timestamp_ms(index)))


def _facts_of_transaction(node: PageNode, printed: Mapping[str, Json], known: Known) -> list[tuple[str, object]]:
    """What the JSON of any profile's transaction says of it, under the names of each."""
    facts: list[tuple[str, object]] = []
    sender = printed.get("sender")
    account = known.parsed(str(sender)) if sender is not None else None
    if account is not None:
        facts.append(("Sender", known.account(account)))
    facts.append(("Type", printed.get("type")))
    for name, keys in (("System fee", ("sysfee", "sys_fee")), ("Network fee", ("netfee", "net_fee"))):
        for key in keys:
            if key in printed:
                facts.append((name, _gas_text(node.view.profile, str(printed[key]))))
    signers = printed.get("signers", printed.get("cosigners"))
    if isinstance(signers, list):
        shown = [_signer(signer, known) for signer in signers if isinstance(signer, dict)]
        facts.append(("Signers", joined(*(tag("span", each, class_="line") for each in shown)) if shown else None))
    facts.append(("Size", f"{printed['size']} bytes"))
    return facts


def _signer(signer: Mapping[str, Json], known: Known) -> Markup:
    account = known.parsed(str(signer.get("account")))
    shown = str(signer.get("account")) if account is None else known.account(account)
    return joined(shown, " ", tag("small", str(signer.get("scopes", "")), class_="soft"))


def _gas_text(profile: ProfileName, fee: str) -> str:
    """A fee, which Neo 2 writes in GAS and those after it in datoshi."""
    return f"{fee if profile == 'n2' else amount_text(int(fee), _GAS_DECIMALS)} GAS"


def _ran(executions: Sequence[Execution], known: Known, words: Words) -> Markup | None:
    if not executions:
        return tag("p", "It ran no script.")
    pieces: list[Markup] = []
    for execution in executions:
        used = f" It used {amount_text(execution.gas_consumed, _GAS_DECIMALS)} GAS."
        pieces.append(tag("p", tag("b", execution.vm_state), ".", used))
        if execution.exception:
            pieces.append(tag("p", execution.exception[:2_000], class_="fault", role="note"))
        told = [*_first(list(words.sentences(execution)))]
        if told:
            pieces.append(
                panel("In words", tag("ol", *(tag("li", sentence) for sentence in told), class_="words-list"))
            )
    moved = words.moved(executions)
    if moved:
        pieces.append(_moved(moved, known))
    events = [event for execution in executions for event in execution.notifications]
    if events:
        pieces.append(_events(events, known, words))
    return joined(*pieces)


def _moved(moved: list[tuple[UInt160, UInt160, int]], known: Known) -> Markup:
    rows = [
        (
            known.account(account),
            tag(
                "span", "+" if change > 0 else "", known.amount(asset, change), class_="gain" if change > 0 else "loss"
            ),
        )
        for account, asset, change in moved[:_ON_A_PAGE]
    ]
    return panel("Balances moved", table(("Account", "Change"), *rows), place="moved")


def _events(events: Sequence[Notification], known: Known, words: Words) -> Markup:
    rows = [
        (
            position,
            known.account(event.contract),
            tag("b", str(event.event_name)[:80]),
            joined(*between([words.item(item) for item in event.state[:_MOST_ITEMS]])),
        )
        for position, event in enumerate(_first(events), start=1)
    ]
    more = len(events) - len(rows)
    return panel(
        "Notifications",
        table(("#", "Contract", "Event", "State"), *rows),
        tag("p", f"{more} more are in the application log.") if more else None,
        place="notifications",
    )


def _first(things: Sequence[T]) -> Sequence[T]:
    return things[:_ON_A_PAGE]


def _own_runs(node: PageNode, known: Known, words: Words, index: int) -> Markup | None:
    """What a block itself did, as minting GAS."""
    if known.queries.log_size(index, None) > _LARGEST_LOG:
        return None
    executions = node.view.ledger.executions_of(None, index)
    told = _first([sentence for execution in executions for sentence in words.sentences(execution)])
    if not told:
        return None
    return panel("By the block itself", tag("ul", *(tag("li", sentence) for sentence in told), class_="words-list"))


def _trace(node: PageNode) -> Markup:
    """The place of calls and storage, or why they are not known."""
    if node.view.ledger.is_executed:
        return tag("div", id="trace")
    why = "its events are believed" if node.blocks_are == "observed" else "its tokens are modelled"
    return panel("Calls", tag("p", f"What it called and wrote is not known: this chain runs no scripts; {why}."))


def _offered(node: PageNode, calls: Sequence[tuple[str, tuple[Json, ...]]]) -> list[tuple[str, str]]:
    return [(method, call_address(method, *params)) for method, params in calls if method in node.offered]


def _raw(title: str, printed: Mapping[str, Json]) -> Markup:
    written = json.dumps(printed, indent=2, ensure_ascii=False)
    if len(written) > _LONGEST_JSON:
        written = f"{written[:_LONGEST_JSON]}…"
    return tag("details", tag("summary", title), tag("pre", written, tabindex=0))
