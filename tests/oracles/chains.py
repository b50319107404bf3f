"""Executes a recorded chain from its raw blocks alone: `python -m tests.oracles.chains FILE [--to N] [--show N]`.

Every log is compared with the recorded one, and the storage after the last block, row by row.
"""

import argparse
import time
from base64 import b64decode, b64encode
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
    parser.add_argument("file")
    parser.add_argument("--to", type=int)
    parser.add_argument("--show", type=int, default=5)
    options = parser.parse_args()
    recorded = read(SHARED / Path(options.file))
    settings = settings_of(recorded["version"]["protocol"])
    snapshot, ledger = Snapshot(Rows({})), GrowingBlocks()
    started, wrong, logs = time.process_time(), 0, 0
    for entry in recorded["blocks"][: options.to]:
        block = Block.parse(b64decode(entry["raw"]))
        executions = list(run_block(block, snapshot, settings, NATIVES, ledger))
        ledger.add(block)
        for execution, log in zip(executions, _logs(recorded, block), strict=True):
            logs += 1
            found = _differences(execution, log)
            if found:
                wrong += 1
                if wrong <= options.show:
                    label = recorded.get("labels", {}).get(str(execution.container))
                    print(f"--- block {block.index} {execution.trigger} {execution.container} {label}")
                    for name, theirs, ours in found:
                        print(f"    {name}: recorded {str(theirs)[:600]}\n    ours: {str(ours)[:600]}")
    print(f"{logs - wrong} of {logs} logs exact; {time.process_time() - started:.1f} s")
    if options.to is None:
        _compare_rows(snapshot, rows_of(recorded["storages"], ids_of(recorded["contracts"])), options.show)


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
