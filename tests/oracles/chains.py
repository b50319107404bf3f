"""Executes recorded chains from their raw blocks alone: `python -m tests.oracles.chains FILE... [--to N] [--show N]`.

`--all` takes every chain of a C# node there is. Every log is compared with the recorded one, and the storage after the
last block, row by row. One row of `stop-chain` differs: TokensTracker wrote it, and this node's drops what it writes.
"""

import argparse
import time
from base64 import b64decode, b64encode
from collections import Counter
from pathlib import Path
from typing import Any, Final

from rpcnode.execution.block_run import run_block
from rpcnode.execution.records import Execution
from rpcnode.execution.snapshot import Snapshot
from rpcnode.natives.registry import NATIVES
from rpcnode.payloads.block import Block
from rpcnode.vm.items import Array
from tests.oracles.asking import item_json
from tests.oracles.recorded import SHARED, read
from tests.oracles.world import Blocks, Rows, ids_of, rows_of, settings_of

LEDGER_ID: Final = -4
ALL: Final = (
    "csharp-chain.json.gz",
    *(f"csharp-chains/{name}.json.gz" for name in ("gorgon", "hardforks", "committee", "empty")),
    *(f"csharp-trackers/{name}.json.gz" for name in ("chain", "stop-chain")),
)


class GrowingBlocks(Blocks):
    """Blocks up to the one that is being executed."""

    def __init__(self) -> None:
        self.blocks: Final[list[Block]] = []
        super().__init__(self.blocks)

    def add(self, block: Block) -> None:
        """Takes a block that is done."""
        self.blocks.append(block)
        self._indices[block.hash] = block.index
        self._transactions.update((transaction.hash, (block.index, transaction)) for transaction in block.transactions)

    @property
    def current_index(self) -> int:
        """The last block; -1 before genesis."""
        return len(self.blocks) - 1


def main() -> None:
    """Executes, compares, counts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--to", type=int)
    parser.add_argument("--show", type=int, default=5)
    options = parser.parse_args()
    for name in (*options.files, *(ALL if options.all else ())):
        _play(name, options.to, options.show)


def _play(name: str, to: int | None, show: int) -> None:
    recorded = read(SHARED / Path(name))
    settings = settings_of(recorded["version"]["protocol"])
    snapshot, ledger = Snapshot(Rows({})), GrowingBlocks()
    started, wrong, logs = time.process_time(), 0, 0
    fields: Counter[str] = Counter()
    for entry in recorded["blocks"][:to]:
        block = Block.parse(b64decode(entry["raw"]))
        executions = list(run_block(block, snapshot, settings, NATIVES, ledger))
        ledger.add(block)
        for execution, log in zip(executions, _logs(recorded, block), strict=True):
            logs += 1
            found = _differences(execution, log)
            fields.update(field for field, _, _ in found)
            wrong += bool(found)
            if found and wrong <= show:
                label = recorded.get("labels", {}).get(str(execution.container))
                print(f"--- block {block.index} {execution.trigger} {execution.container} {label}")
                for field, theirs, ours in found:
                    print(f"    {field}: recorded {str(theirs)[:600]}")
                    print(f"    {' ' * len(field)}  ours     {str(ours)[:600]}")
    spent = time.process_time() - started
    print(f"{name}: {logs - wrong} of {logs} logs exact; {spent:.1f} s; {dict(fields)}", flush=True)
    if to is None:
        _compare_rows(snapshot, rows_of(recorded["storages"], ids_of(recorded["contracts"])), show)


def _logs(recorded: Any, block: Block) -> list[Any]:
    logs = recorded["application_logs"]
    own = {run["trigger"]: run for run in logs[str(block.hash)]["executions"]}
    ran = [logs[str(transaction.hash)]["executions"][0] for transaction in block.transactions]
    return [own["OnPersist"], *ran, own["PostPersist"]]


def _differences(execution: Execution, log: Any) -> list[tuple[str, Any, Any]]:
    events = [
        {"contract": str(event.contract), "eventname": event.event_name, "state": _logged(Array(event.state))}
        for event in execution.notifications
    ]
    pairs = {
        "vmstate": (log["vmstate"], execution.vm_state),
        "gasconsumed": (log["gasconsumed"], str(execution.gas_consumed)),
        "exception": (log.get("exception"), execution.exception),
        "stack": (log["stack"], [*map(_logged, execution.stack)]),
        "notifications": (log["notifications"], events),
    }
    return [(name, theirs, ours) for name, (theirs, ours) in pairs.items() if theirs != ours]


def _logged(item: Any) -> Any:
    from rpcnode.execution.serializers.binary import serialize
    from rpcnode.primitives.errors import VmFault

    try:
        serialize(item)
    except VmFault:
        return {"type": "Any"}
    return item_json(item)


def _compare_rows(snapshot: Snapshot, recorded: dict[tuple[int, bytes], bytes], show: int) -> None:
    ours = {place: value for place, value in snapshot.changes().items() if value is not None}
    theirs = {place: value for place, value in recorded.items() if place[0] != LEDGER_ID}
    wrong = [place for place in {*ours, *theirs} if ours.get(place) != theirs.get(place)]
    print(f"{len(theirs)} rows recorded, {len(wrong)} differ")
    for place in sorted(wrong)[:show]:
        print("   ", place[0], place[1].hex(), "recorded", _text(theirs.get(place)), "ours", _text(ours.get(place)))


def _text(value: bytes | None) -> str:
    return "none" if value is None else b64encode(value).decode()[:200]


if __name__ == "__main__":
    main()
