"""Executions as logs have them."""

from typing import Final

from rpcnode.execution.records import Execution
from rpcnode.execution.serializers.binary import serialize
from rpcnode.execution.serializers.item_json import MAX_JSON_DEPTH
from rpcnode.execution.serializers.item_text import ItemTexts
from rpcnode.primitives.errors import VmFault
from rpcnode.vm.items import Compound, InteropInterface, Pointer, StackItem

_MOST_DEPTH: Final = 2 * MAX_JSON_DEPTH


def logged(execution: Execution) -> Execution:
    """An execution as logs have it: Null stands for an item of its stack that has no bytes.

    So it does, unlike on a real node, for one that is nested deeper than executions are kept.
    Source: neo-node 3.10.2, plugins/ApplicationLogs: LogStorageStore.PutStackItemState.
    """
    if not execution.stack:
        return execution
    if not any(isinstance(item, Compound | Pointer | InteropInterface) for item in execution.stack):
        return execution
    return execution._replace(stack=tuple(item if _has_bytes(item) else None for item in execution.stack))


def _has_bytes(item: StackItem) -> bool:
    try:
        serialize(item)
    except VmFault:
        return False
    return not isinstance(item, Compound) or ItemTexts().of(item).depth <= _MOST_DEPTH
