"""How each profile prints a log.

Source: neo-node 3.10, plugins/ApplicationLogs: LogReader.BlockToJObject, TransactionToJObject; neo-plugins
3.0.0-preview2 and 2.12, ApplicationLogs: LogReader.OnPersist.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from rpcnode.plugin import Execution, Json, ProfileName, Trigger, UInt160, UInt256, item_of_notification
from rpcnode.plugin.items import StackItem, item_to_json, parameter_json
from rpcnode.plugin.neo2 import fixed8_text
from rpcnode.plugins.application_logs.config import ApplicationLogsConfig
from rpcnode.primitives.errors import ItemTooLarge, RecursiveReference
from rpcnode.primitives.records import dataclass

_RECURSIVE = "error: recursive reference"
_NO_LIMIT = 2**31 - 1

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Log:
    """What a block or transaction did. `script_hash` is that of a transaction's script, where the dialect names it."""

    hash: UInt256
    is_block: bool
    executions: Sequence[Execution]
    script_hash: UInt160 | None = None


@dataclass(frozen=True, slots=True)
class Dialect:
    """`block_triggers`: the runs that the log of a block holds; empty where blocks have none.

    `quiet_run`: a block's own run that nobody paid for. `first_logged_block`: those before it have no log.
    """

    block_triggers: tuple[Trigger, ...]
    names_script: bool
    quiet_run: Callable[[Trigger], Execution]
    first_logged_block: int
    write: Callable[[Log, ApplicationLogsConfig], dict[str, Json]]


def _items(items: Iterable[StackItem]) -> Json:
    return [item_to_json(item, _NO_LIMIT) for item in items]


def _or_recursive(write: Callable[[T], Json], value: T) -> Json:
    try:
        return write(value)
    except RecursiveReference:
        return _RECURSIVE


# neo-cli 3.10


def _n3_state(state: Iterable[StackItem]) -> Json:
    return {"type": "Array", "value": _items(state)}


def _n3_execution(execution: Execution, config: ApplicationLogsConfig) -> dict[str, Json]:
    json: dict[str, Json] = {"trigger": execution.trigger.value, "vmstate": execution.vm_state}
    if execution.trigger is Trigger.APPLICATION:
        # Only a transaction's execution has the member; a block's gets one when its stack cannot be printed.
        json["exception"] = execution.exception or None
    json["gasconsumed"] = str(execution.gas_consumed)
    try:
        json["stack"] = [item_to_json(item, config.max_stack_size) for item in execution.stack]
    except ItemTooLarge:
        # neo-cli quirk: the reason takes the place of the contract's own exception, and there is no stack.
        json["exception"] = "Max size reached."
    except RecursiveReference:
        json["exception"] = "Circular reference."
    json["notifications"] = [
        {
            "contract": str(event.contract),
            "eventname": event.event_name,
            "state": _or_recursive(_n3_state, event.state),
        }
        # N3 forgets the notifications of a failed execution; another node's recording may hold them.
        for event in (execution.notifications if execution.halted else ())
    ]
    if config.debug:
        json["logs"] = []
    return json


def _n3(log: Log, config: ApplicationLogsConfig) -> dict[str, Json]:
    return {
        "blockhash" if log.is_block else "txid": str(log.hash),
        "executions": [_n3_execution(execution, config) for execution in log.executions],
    }


# Before preview3, where an event's name is the first item of its state


def _preview(log: Log, config: ApplicationLogsConfig) -> dict[str, Json]:
    execution = log.executions[-1]
    return {
        "txid": None if log.is_block else str(log.hash),
        "trigger": execution.trigger.value,
        "vmstate": execution.vm_state,
        "gas_consumed": str(execution.gas_consumed),
        "stack": _or_recursive(_items, execution.stack),
        "notifications": [
            {"contract": str(event.contract), "state": _or_recursive(item_to_json, item_of_notification(event))}
            for event in execution.notifications
        ],
    }


def _parameter(item: StackItem) -> Json:
    # Neo 2 has no null: an empty byte array stands for it.
    return parameter_json(item, bytes.hex, null=b"")


def _parameters(items: Iterable[StackItem]) -> Json:
    return [_parameter(item) for item in items]


def _n2(log: Log, config: ApplicationLogsConfig) -> dict[str, Json]:
    executions: list[Json] = [
        {
            "trigger": execution.trigger.value,
            "contract": str(log.script_hash),
            "vmstate": execution.vm_state,
            "gas_consumed": fixed8_text(execution.gas_consumed),
            "stack": _or_recursive(_parameters, execution.stack),
            "notifications": [
                {"contract": str(event.contract), "state": _or_recursive(_parameter, item_of_notification(event))}
                for event in execution.notifications
            ],
        }
        for execution in log.executions
    ]
    return {"txid": str(log.hash), "executions": executions}


def _quiet(trigger: Trigger) -> Execution:
    return Execution(trigger, None, "HALT", 0, (), None, ())


def _quiet_preview(trigger: Trigger) -> Execution:
    """preview2's calls OnPersist of NEO and GAS: what that leaves and costs, as a running node logged it."""
    return Execution(trigger, None, "HALT", 2_030_780, (True, True), None, ())


DIALECTS: dict[ProfileName, Dialect] = {
    "n3": Dialect((Trigger.ON_PERSIST, Trigger.POST_PERSIST), False, _quiet, 0, _n3),
    "n3-preview": Dialect((Trigger.SYSTEM,), False, _quiet_preview, 1, _preview),
    "n2": Dialect((), True, _quiet, 0, _n2),
}
