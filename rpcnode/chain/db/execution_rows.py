"""Executions as rows: so many lines of JSON a row, each an execution of the block, in order.

In a line numbers stand for integers, hex digits for bytes, `null` and booleans for themselves; other items are as
application logs print them. A row for each execution would take SQLite twice as long.
"""

import json
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

from rpcnode.execution.records import Execution, Notification, StateForm, Trigger
from rpcnode.execution.serializers.item_json import item_from_json, item_to_json
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import StackItem

LINES: Final = 64
"""Executions in a row: who asks for one transaction's reads so many."""

_INSERT = "INSERT INTO chain_execution (block_index, part, executions) VALUES (?, ?, ?)"
_OF_BLOCK = "SELECT executions FROM chain_execution WHERE block_index = ? ORDER BY part"
_OF_CONTAINER = "SELECT executions FROM chain_execution WHERE block_index = ? AND instr(executions, ?) ORDER BY part"

_SETTLED = "SELECT max(block_index) FROM chain_execution WHERE block_index <= ?"

_NO_LIMIT = sys.maxsize  # what an answer may hold is for the answer to say

_TRIGGER_TEXT = {trigger: f'"{trigger}"' for trigger in Trigger}
_FORM_TEXT = {form: "" if form is StateForm.ARRAY else f',"{form}"' for form in StateForm}
"""An Array, which nearly every state is, is not named."""

_dumps = json.JSONEncoder(separators=(",", ":")).encode


def insert_executions(connection: sqlite3.Connection, block_index: int, executions: Iterable[Execution]) -> None:
    """Stores the executions of a block, in order."""
    lines = [*map(_line, executions)]
    connection.executemany(
        _INSERT,
        [
            (block_index, part, "\n".join(lines[first : first + LINES]))
            for part, first in enumerate(range(0, len(lines), LINES))
        ],
    )


def settled_index(connection: sqlite3.Connection, block_index: int) -> int:
    """The newest block up to an index with executions, -1 for none: storage of an executed chain is written so far."""
    (found,) = connection.execute(_SETTLED, (block_index,)).fetchone()
    return -1 if found is None else int(found)


def executions_of(connection: sqlite3.Connection, block_index: int) -> tuple[Execution, ...]:
    """The executions of a block, in order."""
    rows = connection.execute(_OF_BLOCK, (block_index,))
    return tuple(_execution(line) for (lines,) in rows for line in lines.split("\n"))


def executions_of_container(
    connection: sqlite3.Connection, block_index: int, container: UInt256 | None
) -> tuple[Execution, ...]:
    """What one transaction of a block ran, or with None what the block itself did; nothing else is read."""
    beginning = f"[{_container_text(container)},"
    rows = connection.execute(_OF_CONTAINER, (block_index, beginning))
    return tuple(_execution(line) for (lines,) in rows for line in lines.split("\n") if line.startswith(beginning))


def log_length(connection: sqlite3.Connection, block_index: int, container: UInt256 | None) -> int:
    """The characters of what `executions_of_container` reads, in which nothing is looked at."""
    beginning = f"[{_container_text(container)},"
    rows = connection.execute(_OF_CONTAINER, (block_index, beginning))
    return sum(len(line) for (lines,) in rows for line in lines.split("\n") if line.startswith(beginning))


def _line(execution: Execution) -> str:
    trigger, container, vm_state, gas_consumed, stack, exception, notifications, *_ = execution
    events = [
        f"{_event_head(contract, name)}{_items_text(state)}{_FORM_TEXT[form]}]"
        for contract, name, state, form in notifications
    ]
    failure = "null" if exception is None else _dumps(exception)
    return (
        f'[{_container_text(container)},{_TRIGGER_TEXT[trigger]},"{vm_state}",{gas_consumed},{failure},'
        f"{_items_text(stack)},[{','.join(events)}]]"
    )


def _execution(line: str) -> Execution:
    container, trigger, vm_state, gas_consumed, exception, stack, notifications = json.loads(line)
    return Execution(
        trigger=Trigger(trigger),
        container=None if container is None else UInt256(bytes.fromhex(container)),
        vm_state=vm_state,
        gas_consumed=gas_consumed,
        exception=exception,
        stack=tuple(map(_item, stack)),
        notifications=tuple(
            Notification(
                UInt160(bytes.fromhex(contract)),
                name,
                tuple(map(_item, state)),
                StateForm(form[0]) if form else StateForm.ARRAY,
            )
            for contract, name, state, *form in notifications
        ),
    )


def _container_text(container: UInt256 | None) -> str:
    return "null" if container is None else f'"{container.hex()}"'


def _items_text(items: Sequence[StackItem]) -> str:
    # Accounts are nearly half of all items.
    texts = [f'"{item.hex()}"' if type(item) is bytes else _item_text(item) for item in items]
    return f"[{','.join(texts)}]"


def _item_text(item: StackItem) -> str:
    if isinstance(item, bytes):
        return f'"{item.hex()}"'
    if item is None:
        return "null"
    if item is True or item is False:
        return "true" if item else "false"
    if isinstance(item, int):
        return str(item)
    return _dumps(item_to_json(item, _NO_LIMIT))


def _item(written: Any) -> StackItem:
    if isinstance(written, str):
        return bytes.fromhex(written)
    return item_from_json(written) if isinstance(written, dict) else written


@lru_cache(maxsize=1024)
def _event_head(contract: UInt160, name: str | None) -> str:
    """How all events of one name of a contract begin."""
    return f'["{contract.hex()}",{_dumps(name)},'
