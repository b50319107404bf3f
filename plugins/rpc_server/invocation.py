"""The answer of an invocation, in each profile's shape.

Source: neo-node 3.10, plugins/RpcServer: RpcServer.SmartContract.GetInvokeResult; neo-plugins 3.0.0-preview2 and
neo 2.12, RpcServer.GetInvokeResult.
"""

import base64
from collections.abc import Callable

from rpcnode.plugin import Execution, Json, ProfileName, UInt160
from rpcnode.plugin.items import StackItem, item_to_json, parameter_json
from rpcnode.plugin.neo2 import fixed8_text
from rpcnode.primitives.errors import ItemTooLarge, RecursiveReference
from rpcnode.primitives.hashes import hash160
from rpcnode.primitives.records import dataclass

_NO_LIMIT = 2**31 - 1


@dataclass(frozen=True, slots=True)
class InvocationResult:
    """A call that was run: its entry script and what it left.

    `called` is the contract, None where there was none to call; `with_diagnostics`: the client asked for them.
    """

    script: bytes
    execution: Execution
    called: UInt160 | None
    with_diagnostics: bool = False


def _n3_item(item: StackItem) -> Json:
    try:
        return item_to_json(item, _NO_LIMIT)
    except RecursiveReference:
        return "error: Circular reference."
    except ItemTooLarge as error:
        return f"error: {error}"


def _n3(result: InvocationResult) -> dict[str, Json]:
    json: dict[str, Json] = {
        "script": base64.b64encode(result.script).decode(),
        "state": result.execution.vm_state,
        "gasconsumed": str(result.execution.gas_consumed),
        "exception": result.execution.exception,
        "notifications": [],
    }
    if result.with_diagnostics:
        invoked: dict[str, Json] = {"hash": str(UInt160(hash160(result.script)))}
        if result.called is not None:
            invoked["call"] = [{"hash": str(result.called)}]
        json["diagnostics"] = {"invokedcontracts": invoked, "storagechanges": []}
    json["stack"] = [_n3_item(item) for item in result.execution.stack]
    return json


def _stack(result: InvocationResult, bytes_text: Callable[[bytes], str]) -> Json:
    try:
        return [parameter_json(item, bytes_text) for item in result.execution.stack]
    except RecursiveReference:
        return "error: recursive reference"


def _preview(result: InvocationResult) -> dict[str, Json]:
    return {
        "script": result.script.hex(),
        "state": result.execution.vm_state,
        "gas_consumed": str(result.execution.gas_consumed),
        "stack": _stack(result, lambda data: base64.b64encode(data).decode()),
    }


def _n2(result: InvocationResult) -> dict[str, Json]:
    return {
        "script": result.script.hex(),
        "state": result.execution.vm_state,
        "gas_consumed": fixed8_text(result.execution.gas_consumed),
        "stack": _stack(result, bytes.hex),
    }


INVOCATION_JSON: dict[ProfileName, Callable[[InvocationResult], dict[str, Json]]] = {
    "n3": _n3,
    "n3-preview": _preview,
    "n2": _n2,
}
"""The whole answer, by profile."""
