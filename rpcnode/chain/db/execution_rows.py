"""Executions as rows: stack and notifications are stored as the JSON that application logs print."""

import json
import sqlite3
import sys
from base64 import b64encode
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rpcnode.execution.records import Execution, Notification, StateForm, Trigger
from rpcnode.execution.serializers.item_json import item_from_json, item_to_json
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import StackItem

_INSERT = """
    INSERT INTO chain_execution
        (block_index, position, trigger, container, vm_state, gas_consumed, exception, stack, notifications)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_OF_BLOCK, _OF_CONTAINER = (
    f"""
        SELECT trigger, container, vm_state, gas_consumed, exception, stack, notifications
        FROM chain_execution WHERE block_index = ? {which} ORDER BY position
    """
    for which in ("", "AND container IS ?")
)

_SETTLED = "SELECT max(block_index) FROM chain_execution WHERE block_index <= ?"

_NO_LIMIT = sys.maxsize  # what an answer may hold is for the answer to say

_FORM_TEXT = {form: "" if form is StateForm.ARRAY else f',"{form}"' for form in StateForm}
"""An Array, which nearly every state is, is not named."""

_dumps = json.JSONEncoder(separators=(",", ":")).encode


def insert_executions(connection: sqlite3.Connection, block_index: int, executions: Iterable[Execution]) -> None:
    """Stores the executions of a block, in order."""
    connection.executemany(
        _INSERT,
        [
            (
                block_index,
                position,
                execution.trigger.value,
                execution.container,
                execution.vm_state,
                str(execution.gas_consumed),
                execution.exception,
                _items_text(execution.stack),
                _notifications_text(execution.notifications),
            )
            for position, execution in enumerate(executions)
        ],
    )


def settled_index(connection: sqlite3.Connection, block_index: int) -> int:
    """The newest block up to an index with executions, -1 for none: storage of an executed chain is written so far."""
    (found,) = connection.execute(_SETTLED, (block_index,)).fetchone()
    return -1 if found is None else int(found)


def executions_of(connection: sqlite3.Connection, block_index: int) -> tuple[Execution, ...]:
    """The executions of a block, in order."""
    return _executions(connection.execute(_OF_BLOCK, (block_index,)))


def executions_of_container(
    connection: sqlite3.Connection, block_index: int, container: UInt256 | None
) -> tuple[Execution, ...]:
    """What one transaction of a block ran, or with None what the block itself did; nothing else is read."""
    return _executions(connection.execute(_OF_CONTAINER, (block_index, container)))


def _executions(rows: sqlite3.Cursor) -> tuple[Execution, ...]:
    return tuple(
        Execution(
            trigger=Trigger(trigger),
            container=None if container is None else UInt256(container),
            vm_state=vm_state,
            gas_consumed=int(gas_consumed),
            exception=exception,
            stack=tuple(item_from_json(item) for item in json.loads(stack)),
            notifications=tuple(
                Notification(
                    UInt160(bytes.fromhex(contract)),
                    name,
                    tuple(item_from_json(item) for item in state),
                    StateForm(form[0]) if form else StateForm.ARRAY,
                )
                for contract, name, state, *form in json.loads(notifications)
            ),
        )
        for trigger, container, vm_state, gas_consumed, exception, stack, notifications in rows
    )


def _items_text(items: Sequence[StackItem]) -> str:
    return f"[{','.join(map(_item_text, items))}]"


def _item_text(item: StackItem) -> str:
    """The JSON of an item; the three kinds that transfers are made of are written out, four times as fast."""
    if type(item) is int:
        return f'{{"type":"Integer","value":"{item}"}}'
    if type(item) is bytes:
        return f'{{"type":"ByteString","value":"{b64encode(item).decode()}"}}'
    if item is None:
        return '{"type":"Any"}'
    return _dumps(item_to_json(item, _NO_LIMIT))


def _notifications_text(notifications: Sequence[Notification]) -> str:
    entries = [
        f'["{notification.contract.hex()}",{_name_text(notification.event_name)},{_items_text(notification.state)}'
        f"{_FORM_TEXT[notification.state_form]}]"
        for notification in notifications
    ]
    return f"[{','.join(entries)}]"


@lru_cache(maxsize=1024)
def _name_text(name: str | None) -> str:
    return _dumps(name)
