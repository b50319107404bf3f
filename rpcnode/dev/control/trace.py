"""A command that shows what a transaction did."""

from base64 import b64encode
from collections.abc import Generator, Iterator

from rpcnode.chain.injected import hash_of_id
from rpcnode.chain.ledger import Ledger
from rpcnode.dev.control.arguments import text
from rpcnode.dev.control.method import BadArgument, DevFailed, dev_method
from rpcnode.primitives.errors import FormatError, ItemTooLarge, RecursiveReference
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt256


class TraceControl:
    """Runs transactions of the chain again, to look at them."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    @dev_method("dev_trace")
    def trace(self, transaction: Json) -> Generator[None, None, Json]:
        """What a transaction called, with the GAS of each call and its events in order, and the rows that it wrote.

        `{txid, block, vmstate, gasconsumed, exception, calls, storage, complete, exact}`. A call is `{contract, method,
        args, result, gas, undone, steps}`, its steps are calls and events, `{contract, eventname, state}`; `gas`, in
        datoshi, counts what it called too. A row of `storage` is `{contract, key, before, after}` in Base64, null where
        there is none; of a transaction that failed they are what was dropped. `complete` false: there were more steps.
        `exact` false: run again it did not do what its log says, since its block wrote past all scripts.
        """
        written = text(transaction, "transaction")
        try:
            transaction_hash = UInt256.parse(written)
        except FormatError as error:
            raise BadArgument(f"transaction: {error}") from None
        ledger = self._ledger
        if not ledger.is_executed:
            raise DevFailed("scripts are run on executed chains of profile n3 only; the log has what is known")
        found = ledger.transaction(transaction_hash)
        if found is None:
            raise DevFailed(f"{transaction_hash} is no transaction of the chain")
        _, block_index = found
        if block_index == ledger.base_height:
            raise DevFailed(f"block {block_index} is the first of the chain; the state before it is not kept")
        return self._steps(transaction_hash, block_index)

    def _steps(self, transaction_hash: UInt256, block_index: int) -> Generator[None, None, Json]:
        from rpcnode.chain.executed.traced import traced
        from rpcnode.execution.call_trace import TracedCall, TracedEvent, gas_datoshi
        from rpcnode.execution.records import HALT, Notification
        from rpcnode.execution.serializers.item_json import item_to_json
        from rpcnode.payloads.block import Block
        from rpcnode.vm.items import Array

        block = self._ledger.block(block_index)
        assert isinstance(block, Block)
        position = next(at for at, each in enumerate(block.transactions) if each.hash == transaction_hash)
        (logged,) = self._ledger.executions_of(transaction_hash, block_index)
        done = yield from traced(self._ledger.execution_at(block_index - 1), block, position)

        def event_json(event: Notification) -> Json:
            try:
                state: Json = item_to_json(Array(event.state))
            except (ItemTooLarge, RecursiveReference):
                state = None
            return {"contract": str(event.contract), "eventname": event.event_name, "state": state}

        def call_json(root: TracedCall) -> Json:
            """Calls nest as deep as a script likes: no recursion."""
            whole: dict[str, Json] = {}
            waiting = [(root, whole)]
            while waiting:
                call, filled = waiting.pop()
                steps: list[Json] = []
                for step in call.steps:
                    if isinstance(step, TracedEvent):
                        steps.append(event_json(step.event))
                    else:
                        inner: dict[str, Json] = {}
                        steps.append(inner)
                        waiting.append((step, inner))
                filled |= {
                    "contract": str(call.contract),
                    "method": call.method,
                    "args": call.args,
                    "result": call.result,
                    "gas": str(gas_datoshi(call.gas_pico)),
                    "undone": call.is_undone,
                    "steps": steps,
                }
            return whole

        def rows() -> Iterator[Json]:
            for (contract_id, key), row in done.written.items():
                contract = hash_of_id(done.state, contract_id)
                yield {
                    "contract": str(contract) if contract is not None else None,
                    "key": b64encode(key).decode(),
                    "before": None if row.before is None else b64encode(row.before).decode(),
                    "after": None if row.after is None else b64encode(row.after).decode(),
                }

        execution, root = done.execution, done.calls.root
        assert root is not None
        same = (execution.vm_state, execution.gas_consumed) == (logged.vm_state, logged.gas_consumed)
        events = len(execution.notifications) == len(logged.notifications)
        return {
            "txid": str(transaction_hash),
            "block": block_index,
            "vmstate": execution.vm_state,
            "gasconsumed": str(execution.gas_consumed),
            "exception": execution.exception,
            "calls": call_json(root),
            "storage": list(rows()),
            "complete": not done.calls.is_cut,
            "exact": same and (events or execution.vm_state != HALT),
        }
