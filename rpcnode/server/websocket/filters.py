"""Filters of subscriptions, read from JSON as neo-go reads them, and whether an event passes one.

Source: neo-go 0.120, pkg/neorpc/filters.go, pkg/neorpc/rpcevent/filter.go, pkg/smartcontract/parameter.go.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from rpcnode.primitives.json import Json
from rpcnode.server.websocket.events import Event, Stream
from rpcnode.server.websocket.filter_items import MOST_PARAMETERS, ParameterItem, matches_items, read_parameters
from rpcnode.server.websocket.refusals import BadSubscription, breaks_rule, is_no, no_such_field

Matches = Callable[[Event], bool]
"""Whether an event passes; what is asked of it is one member of a filter."""

AddressOf: TypeAlias = Callable[[str], str]
"""A script hash, 0x and hex, to its address on this network."""

_LONGEST_NAME: Final = 32  # bytes of UTF-8
_HEX: Final = re.compile(r"[0-9a-fA-F]*").fullmatch


def read_filter(stream: Stream, value: Json, address_of: AddressOf) -> Matches | None:
    """What tells whether an event of a stream passes; None where all do. Raises BadSubscription."""
    if value is None:
        return None
    name, readers = _FILTERS[stream]
    if not isinstance(value, dict):
        raise is_no(f"neorpc.{name}", value)
    known = {field.lower(): field for field in readers}
    found: dict[str, Matches] = {}
    for given, member in value.items():
        field = known.get(given.lower())
        if field is None:
            raise no_such_field(given)
        # As Go reads JSON: null is as if it were not there.
        found.pop(field, None)
        if member is not None and (matches := readers[field](member, f"{name}.{field}", address_of)) is not None:
            found[field] = matches
    asked = tuple(found.values())
    return (lambda event: all(matches(event) for matches in asked)) if asked else None


Reader = Callable[[Json, str, AddressOf], Matches | None]
"""(value, its place in Go's words, addresses) to what is asked of an event."""


def _integer(value: Json, place: str, go_type: str, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise is_no(go_type, value, place)
    return value


def _text(value: Json, place: str) -> str:
    if not isinstance(value, str):
        raise is_no("string", value, place)
    return value


def read_hash(value: Json, place: str, digits: int) -> str:
    """A hash as 0x and hex, most significant first, given with or without the 0x."""
    text = _text(value, place).removeprefix("0x")
    if len(text) != digits:
        raise BadSubscription(f"expected string size of {digits} got {len(text)}")
    if not _HEX(text):
        wrong = next(char for char in text if not _HEX(char))
        raise BadSubscription(f"encoding/hex: invalid byte: U+{ord(wrong):04X} '{wrong}'")
    return f"0x{text.lower()}"


# Blocks and headers


def _primary(value: Json, place: str, _: AddressOf) -> Matches:
    primary = _integer(value, place, "uint8", 255)
    return lambda event: primary_of(event.json) == primary


def _since(value: Json, place: str, _: AddressOf) -> Matches:
    since = _integer(value, place, "uint32", 2**32 - 1)
    return lambda event: event.block_index >= since


def _till(value: Json, place: str, _: AddressOf) -> Matches:
    till = _integer(value, place, "uint32", 2**32 - 1)
    return lambda event: event.block_index <= till


def primary_of(block: Mapping[str, Json]) -> Json:
    """Which validator proposed a block; preview2 says it in another place, Neo 2 nowhere: the first."""
    consensus = block.get("consensusdata") or block.get("consensus_data")
    return block.get("primary", consensus.get("primary", 0) if isinstance(consensus, dict) else 0)


# Transactions


def _transaction_of(event: Event) -> Mapping[str, Json]:
    inner = event.json.get("transaction")
    return inner if isinstance(inner, dict) else event.json


def _sender(value: Json, place: str, address_of: AddressOf) -> Matches:
    address = address_of(read_hash(value, place, 40))
    return lambda event: _transaction_of(event).get("sender") == address


def _signer(value: Json, place: str, _: AddressOf) -> Matches:
    account = read_hash(value, place, 40)

    def matches(event: Event) -> bool:
        transaction = _transaction_of(event)
        # They are cosigners, beside the sender, before preview3.
        signers = transaction.get("signers", transaction.get("cosigners"))
        return isinstance(signers, list) and any(
            isinstance(signer, dict) and signer.get("account") == account for signer in signers
        )

    return matches


def _mempool_type(value: Json, place: str, _: AddressOf) -> Matches:
    kind = _text(value, place)
    if kind not in ("added", "removed"):
        raise BadSubscription("invalid event type name")
    return lambda event: event.json["type"] == kind


# Executions and notifications


def _state(value: Json, place: str, _: AddressOf) -> Matches:
    state = _text(value, place)
    if state not in ("HALT", "FAULT"):
        raise breaks_rule("ExecutionFilter state parameter must be either HALT or FAULT")
    return lambda event: event.execution is not None and event.execution[1].vm_state == state


def _container(value: Json, place: str, _: AddressOf) -> Matches:
    container = read_hash(value, place, 64)
    return lambda event: event.execution is not None and event.execution[0] == container


def _contract(value: Json, place: str, _: AddressOf) -> Matches:
    contract = read_hash(value, place, 40)
    return lambda event: event.notification is not None and str(event.notification.contract) == contract


def _name(value: Json, place: str, _: AddressOf) -> Matches:
    name = _text(value, place)
    if len(name.encode("utf-8", "replace")) > _LONGEST_NAME:
        raise breaks_rule(f"NotificationFilter name parameter must be less than {_LONGEST_NAME}")
    return lambda event: event.notification is not None and event.notification.event_name == name


def _parameters(value: Json, place: str, _: AddressOf) -> Matches | None:
    items: tuple[ParameterItem, ...] = read_parameters(value, place, read_hash)
    if not items:
        return None
    if len(items) > MOST_PARAMETERS:
        raise breaks_rule(f"NotificationFilter's parameters number exceeded: {len(items)} > {MOST_PARAMETERS}")
    for position, item in enumerate(items):
        if not item.is_simple:
            raise breaks_rule(f"NotificationFilter type parameter {position} is unsupported: {item.type_name}")
    if all(item.type_name == "Any" for item in items):
        raise breaks_rule("NotificationFilter cannot have all parameters of type Any")
    return lambda event: event.notification is not None and matches_items(items, event.notification.state)


_OF_BLOCKS: Final[tuple[str, dict[str, Reader]]] = (
    "BlockFilter",
    {"primary": _primary, "since": _since, "till": _till},
)

_FILTERS: Final[dict[Stream, tuple[str, dict[str, Reader]]]] = {
    Stream.BLOCK: _OF_BLOCKS,
    Stream.HEADER: _OF_BLOCKS,
    Stream.TRANSACTION: ("TxFilter", {"sender": _sender, "signer": _signer}),
    Stream.EXECUTION: ("ExecutionFilter", {"state": _state, "container": _container}),
    Stream.NOTIFICATION: ("NotificationFilter", {"contract": _contract, "name": _name, "parameters": _parameters}),
    Stream.MEMPOOL: ("MempoolEventFilter", {"sender": _sender, "signer": _signer, "type": _mempool_type}),
}
"""Each stream's filter: its name in neo-go, and its members."""
