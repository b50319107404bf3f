"""A transaction in words: who sent what to whom, or what else there is to say of it."""

from collections.abc import Iterator, Sequence
from typing import Final

from rpcnode.chain.ledger import Ledger
from rpcnode.execution.records import Execution, Notification
from rpcnode.plugin.token_balances import TRANSFER_EVENTS
from rpcnode.plugin.transfer_events import NotATransfer, amount_of, side_of
from rpcnode.primitives.uint import UInt160
from rpcnode.server.page.known import Known
from rpcnode.server.page.markup import Markup, joined, link, tag, text
from rpcnode.server.page.queries import Found
from rpcnode.vm.items import Buffer, StackItem

MOST_SENTENCES: Final = 3
"""Of one transaction, in a list."""

LARGEST_LOG: Final = 6_000
"""Characters of stack and events that are read for a list."""
_LONGEST_TEXT: Final = 80

COINS: Final = {
    "0xc56f33fc6ecfcd0c225c4ab356fee59390af8560be0e930faebe74a6daff7c9b": "NEO",
    "0x602c79718b16e442de58778e148d0b1084e3b2dffd5de6b7b16cee7969282de7": "GAS",
}
"""Neo 2's own assets, by hash. Source: neo 2.12, Neo: Ledger/Blockchain."""


class Words:
    """Puts what ran on one chain into words."""

    def __init__(self, ledger: Ledger, known: Known) -> None:
        self._ledger = ledger
        self._known = known

    def line(self, found: Found) -> Markup:
        """A transaction as one entry of a list."""
        return tag(
            "li",
            link(f"/tx/{found.hash}", f"{str(found.hash)[:10]}…", class_="hash", title=str(found.hash)),
            tag("span", self._sentence(found), class_="words"),
            tag("span", "block ", link(f"/block/{found.block_index}", found.block_index), class_="soft"),
        )

    def sentences(self, execution: Execution) -> Iterator[Markup]:
        """What a run did, in its order: each movement of tokens, and deployments."""
        for event in execution.notifications:
            told = self._movement(event) or self._deployment(event)
            if told is not None:
                yield told

    def moved(self, executions: Sequence[Execution]) -> list[tuple[UInt160, UInt160, int]]:
        """What runs that did not fail gave to accounts, or took: (account, asset, amount), in hash order of neither."""
        sums: dict[tuple[UInt160, UInt160], int] = {}
        for execution in executions:
            for event in execution.notifications if execution.halted else ():
                read = _transfer(event)
                if read is not None:
                    sender, receiver, amount, _ = read
                    for account, change in ((sender, -amount), (receiver, amount)):
                        if account is not None:
                            key = (account, event.contract)
                            sums[key] = sums.get(key, 0) + change
        return [(account, asset, change) for (account, asset), change in sums.items() if change]

    def item(self, item: StackItem) -> Markup:
        """A stack item for people: an account by its name, text as text, other bytes as hexadecimal digits."""
        if isinstance(item, bytes | Buffer):
            if len(item) == UInt160.SIZE:
                return self._known.account(UInt160(item))
            return tag("code", _bytes_text(bytes(item)))
        if item is None:
            return tag("code", "null")
        if isinstance(item, bool | int):
            return tag("code", str(item)[:_LONGEST_TEXT])
        return tag("code", type(item).__name__)

    def _sentence(self, found: Found) -> Markup:
        if self._known.queries.log_size(found.block_index, found.hash) > LARGEST_LOG:
            return tag("span", "ran a script with much to tell")
        executions = self._ledger.executions_of(found.hash, found.block_index)
        failed = next((execution for execution in executions if not execution.halted), None)
        if failed is not None:
            return joined(tag("span", "failed: ", class_="loss"), _shortened(failed.exception or "without a word"))
        told: list[Markup] = []
        for execution in executions:
            for sentence in self.sentences(execution):
                if len(told) == MOST_SENTENCES:
                    return joined(*between(told), ", and more")
                told.append(sentence)
        if told:
            return joined(*between(told))
        events = [event for execution in executions for event in execution.notifications]
        if events:
            first = events[0]
            more = f", and {len(events) - 1} more" if len(events) > 1 else ""
            name = tag("b", _shortened(str(first.event_name)))
            return joined(self._known.account(first.contract), " told ", name, more)
        return self._outputs(found) or text("ran a script" if executions else "ran nothing")

    def _outputs(self, found: Found) -> Markup | None:
        """Who got coins by a transaction of Neo 2, whose coins are no contracts'."""
        if self._ledger.coins is None or (transaction := self._ledger.transaction(found.hash)) is None:
            return None
        printed = transaction[0].to_json(self._ledger.parameters.address_version)
        outputs = printed.get("vout")
        told = [
            joined(
                self._known.account(account),
                f" got {output.get('value')} {COINS.get(str(output.get('asset')), 'coins')}",
            )
            for output in (outputs[:MOST_SENTENCES] if isinstance(outputs, list) else ())
            if isinstance(output, dict) and (account := self._known.parsed(str(output.get("address")))) is not None
        ]
        return joined(*between(told)) if told else text(printed.get("type"))

    def _movement(self, event: Notification) -> Markup | None:
        read = _transfer(event)
        if read is None:
            return None
        sender, receiver, amount, token_id = read
        known = self._known
        what = joined(known.amount(event.contract, amount))
        if token_id is not None:
            what = joined(what, " ", tag("code", _bytes_text(token_id)))
        if sender is not None and receiver is not None:
            return joined(known.account(sender), " sent ", what, " to ", known.account(receiver))
        if receiver is not None:
            return joined(known.account(receiver), " got ", what)
        return None if sender is None else joined(known.account(sender), " burned ", what)

    def _deployment(self, event: Notification) -> Markup | None:
        if event.event_name not in ("Deploy", "Update", "Destroy") or len(event.state) != 1:
            return None
        contract = event.state[0]
        if not isinstance(contract, bytes) or len(contract) != UInt160.SIZE:
            return None
        did = {"Deploy": "deployed", "Update": "updated", "Destroy": "destroyed"}[event.event_name]
        return joined(self._known.account(UInt160(contract)), f" was {did}")


def _transfer(event: Notification) -> tuple[UInt160 | None, UInt160 | None, int, bytes | None] | None:
    """Sender, receiver, amount and the id of a token, of an event that tells of a movement."""
    if event.event_name not in TRANSFER_EVENTS or len(event.state) not in (3, 4):
        return None
    try:
        token_id = event.state[3] if len(event.state) == 4 else None
        sides = side_of(event.state[0]), side_of(event.state[1])
        return *sides, amount_of(event.state[2]), token_id if isinstance(token_id, bytes) else None
    except NotATransfer:
        return None


def between(told: Sequence[Markup]) -> Iterator[Markup]:
    """Pieces with commas between them."""
    for position, sentence in enumerate(told):
        if position:
            yield text(", ")
        yield sentence


def _bytes_text(data: bytes) -> str:
    """Bytes as the text they are, or in hexadecimal digits."""
    try:
        shown = data.decode()
    except UnicodeDecodeError:
        shown = ""
    return _shortened(shown if shown and shown.isprintable() else f"0x{data.hex()}")


def _shortened(shown: str) -> str:
    return shown if len(shown) <= _LONGEST_TEXT else f"{shown[: _LONGEST_TEXT - 1]}…"
