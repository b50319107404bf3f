"""One thing that happened: which stream it belongs to, what filters look at, and its text as every client gets it."""

from collections.abc import Callable
from enum import StrEnum
from functools import cached_property
from typing import Final

from rpcnode.execution.records import Execution, Notification
from rpcnode.execution.serializers.item_json import item_to_json
from rpcnode.primitives.errors import ItemTooLarge, RecursiveReference
from rpcnode.primitives.json import Json

WriteJson = Callable[[Json], str]
MakeJson = Callable[[], dict[str, Json]]


class Stream(StrEnum):
    """What a client can subscribe to. Source: neo-go 0.120, pkg/neorpc/events.go."""

    BLOCK = "block_added"
    HEADER = "header_of_added_block"
    TRANSACTION = "transaction_added"
    EXECUTION = "transaction_executed"
    NOTIFICATION = "notification_from_execution"
    MEMPOOL = "mempool_event"


NOTARY_STREAM: Final = "notary_request_event"
"""A stream of neo-go's that a node without its P2P extensions refuses by name."""

MISSED: Final = '{"jsonrpc":"2.0","method":"event_missed","params":[]}'
"""What a client is told in place of events that it does not get."""

OF_EVERY_BLOCK: Final = frozenset((Stream.BLOCK, Stream.HEADER, Stream.EXECUTION, Stream.NOTIFICATION))
"""The streams that empty blocks have events of."""


class Event:
    """An event; its JSON is made when a filter or a client first asks for it, and once for all of them.

    `block_index` -1: it is of no block. `notification` is that of a NOTIFICATION, `execution` with its container that
    of an EXECUTION: what filters ask of these needs no JSON.
    """

    def __init__(
        self,
        stream: Stream,
        block_index: int,
        make: MakeJson,
        write: WriteJson,
        *,
        notification: Notification | None = None,
        execution: tuple[str, Execution] | None = None,
    ) -> None:
        self.stream: Final = stream
        self.block_index: Final = block_index
        self.notification: Final = notification
        self.execution: Final = execution
        self._make = make
        self._write = write

    @cached_property
    def json(self) -> dict[str, Json]:
        """Its one parameter."""
        return self._make()

    @cached_property
    def text(self) -> str:
        """What a client is sent."""
        return f'{{"jsonrpc":"2.0","method":"{self.stream.value}","params":[{self._write(self.json)}]}}'


def without_size(json: dict[str, Json]) -> dict[str, Json]:
    """The object of a block or header as neo-go tells of it."""
    json.pop("size", None)
    return json


def execution_json(container: str, execution: Execution) -> dict[str, Json]:
    """A run; a list of notifications that is empty is null, as neo-go's.

    Of one that failed neo-cli keeps no notifications, and says why in its own words.
    """
    notifications: list[Json] = [
        _notification_json(event) for event in (execution.notifications if execution.halted else ())
    ]
    json: dict[str, Json] = {
        "container": container,
        "trigger": execution.trigger.value,
        "vmstate": execution.vm_state,
        "gasconsumed": str(execution.gas_consumed),
        "stack": [],
        "notifications": notifications or None,
        "exception": execution.exception or None,
        "invocations": None,
    }
    try:
        json["stack"] = [item_to_json(item) for item in execution.stack]
    except ItemTooLarge:
        json["exception"] = "Max size reached."
    except RecursiveReference:
        json["exception"] = "Circular reference."
    return json


def notification_json(container: str, event: Notification) -> dict[str, Json]:
    """An event of a contract, with the block or transaction that it is of."""
    return {"container": container, **_notification_json(event)}


def _notification_json(event: Notification) -> dict[str, Json]:
    try:
        state: Json = {"type": "Array", "value": [item_to_json(item) for item in event.state]}
    except (ItemTooLarge, RecursiveReference):
        state = "error: recursive reference"
    return {"contract": str(event.contract), "eventname": event.event_name, "state": state}


def mempool_json(kind: str, transaction: dict[str, Json]) -> dict[str, Json]:
    """A transaction that came to wait, `added`, or does not any more, `removed`."""
    return {"type": kind, "transaction": transaction}
