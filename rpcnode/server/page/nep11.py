"""The tokens of a NEP-11 contract: their ids and owners, as the contract answers."""

from collections.abc import Iterator
from itertools import islice
from time import perf_counter
from typing import Final

from rpcnode.chain.state import State
from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.iterators import StorageIterator
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.server.page.facts import PageNode
from rpcnode.server.page.known import Known, amount_text
from rpcnode.server.page.markup import Markup, joined, link, table, tag
from rpcnode.server.page.shell import panel
from rpcnode.server.page.words import Words, between
from rpcnode.vm.conversions import to_integer
from rpcnode.vm.items import Array, Buffer, InteropInterface, StackItem

_ON_A_PAGE: Final = 25
_LAST_PAGE: Final = 100
_MOST_OWNERS: Final = 5  # that are shown of one token, where it is divisible
_GAS_TO_ASK: Final = 5_000_000
_TIME_TO_ASK: Final = 0.05  # seconds for the owners of a page together: nobody else is answered meanwhile


def tokens_panel(node: PageNode, known: Known, words: Words, contract: ContractState, number: int) -> Markup:
    """A page of the ids that `tokens` lists, each with its owner, or some of several with what they hold."""
    state, asset = node.view.ledger.state(), contract.script_hash
    answer = state.call(asset, "tokens", (), _GAS_TO_ASK)
    if not answer.halted or not answer.stack:
        why = tag("p", "Its contract does not list them: ", (answer.exception or "it answers nothing")[:500])
        return panel("Tokens by their ids", why, place="tokens")
    number = min(number, _LAST_PAGE)
    first = number * _ON_A_PAGE
    try:
        listed = islice(_items(answer.stack[-1]), first, first + _ON_A_PAGE + 1)
        ids = [bytes(item) for item in listed if isinstance(item, bytes | Buffer)]
    except VmFault:
        ids = []
    until = perf_counter() + _TIME_TO_ASK
    rows = [
        (words.item(token_id), _owners(state, known, contract, token_id) if perf_counter() < until else "not asked")
        for token_id in ids[:_ON_A_PAGE]
    ]
    address = f"/contract/{asset}"
    return panel(
        "Tokens by their ids",
        table(("Id", "Owner"), *rows) if rows else tag("p", "No more." if number else "It has no tokens now."),
        tag(
            "nav",
            link(f"{address}?page={number - 1}#tokens", "← Earlier") if number else None,
            link(f"{address}?page={number + 1}#tokens", "Later →") if len(ids) > _ON_A_PAGE else None,
            class_="paged",
            aria_label="Pages of tokens",
        ),
        place="tokens",
    )


def _owners(state: State, known: Known, contract: ContractState, token_id: bytes) -> Markup:
    """The owner of a token; of a divisible one some of its owners, each with what it holds."""
    answer = state.call(contract.script_hash, "ownerOf", (token_id,), _GAS_TO_ASK)
    if not answer.halted or not answer.stack:
        return tag("span", "its contract does not say", class_="soft")
    owner = answer.stack[-1]
    if not isinstance(owner, InteropInterface | Array):
        return _account(known, owner)
    try:
        found = [*islice(_items(owner), _MOST_OWNERS + 1)]
    except VmFault:
        found = []
    shown = [joined(_account(known, each), _held(state, known, contract, each, token_id)) for each in found]
    more = [tag("span", "and others", class_="soft")] if len(found) > _MOST_OWNERS else []
    return joined(*between([*shown[:_MOST_OWNERS], *more])) if shown else tag("span", "nobody", class_="soft")


def _held(state: State, known: Known, contract: ContractState, owner: StackItem, token_id: bytes) -> Markup | None:
    answer = state.call(contract.script_hash, "balanceOf", (owner, token_id), _GAS_TO_ASK)
    try:
        amount = to_integer(answer.stack[-1]) if answer.halted and answer.stack else None
    except VmFault:
        amount = None
    if amount is None:
        return None
    return tag("span", f" {amount_text(amount, known.token(contract.script_hash).decimals)}", class_="amount")


def _account(known: Known, item: StackItem) -> Markup:
    if isinstance(item, bytes | Buffer) and len(item) == UInt160.SIZE:
        return known.account(UInt160(bytes(item)))
    return tag("span", "nobody" if item is None else "no account", class_="soft")


def _items(item: StackItem) -> Iterator[StackItem]:
    """What an iterator gives, or a list holds. Raises VmFault where its script would."""
    if isinstance(item, Array):
        yield from item.items
    elif isinstance(item, InteropInterface) and isinstance(item.value, StorageIterator):
        while item.value.advance():
            yield item.value.value()
    elif isinstance(item, InteropInterface) and isinstance(item.value, Iterator):
        yield from item.value
