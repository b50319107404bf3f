"""Plays a recording of a neo-go chain, and tells where logs and state roots differ, by label of the transaction.

The words of exceptions are each node's own; neo-go logs what a failed transaction left behind, which is not compared.
"""

from base64 import b64decode
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from rpcnode.chain.trie.trie import Trie
from rpcnode.execution.block_run import run_block
from rpcnode.execution.records import Execution
from rpcnode.execution.snapshot import Snapshot
from rpcnode.natives.registry import NATIVES
from rpcnode.payloads.block import Block
from rpcnode.vm.items import Array
from tests.oracles.asking import item_json
from tests.oracles.chains import LEDGER_ID, GrowingBlocks
from tests.oracles.world import Rows, ids_of, rows_of, settings_of


@dataclass
class Comparison:
    """What came out."""

    blocks: int = 0
    transactions: int = 0
    faults: int = 0
    logs: int = 0
    logs_equal: int = 0
    roots_equal: int = 0
    rows: int = 0
    wrong_roots: list[int] = field(default_factory=list)
    wrong_rows: list[str] = field(default_factory=list)
    differences: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    fields: Counter[str] = field(default_factory=Counter)


def compare(recorded: Any) -> Comparison:
    """Executes all blocks."""
    found = Comparison()
    settings = settings_of(recorded["version"]["protocol"])
    state, ledger, trie = Snapshot(Rows({})), GrowingBlocks(), Trie()
    for entry, root in zip(recorded["blocks"], recorded["state_roots"], strict=True):
        block = Block.parse(b64decode(entry["raw"]))
        snapshot = state.child()
        executions = list(run_block(block, snapshot, settings, NATIVES, ledger))
        ledger.add(block)
        written = snapshot.changes()
        snapshot.commit()
        trie = trie.changed(
            (at.to_bytes(4, "little", signed=True) + key, value) for (at, key), value in written.items()
        )
        found.blocks += 1
        found.transactions += len(block.transactions)
        if str(trie.root_hash) == root:
            found.roots_equal += 1
        else:
            found.wrong_roots.append(block.index)
        for execution, log in zip(executions, _logs(recorded, block), strict=True):
            _compare_log(found, recorded, block.index, execution, log)
    ours = {place: value for place, value in state.changes().items() if value is not None}
    theirs = rows_of(recorded["storages"], ids_of(recorded["contracts"]))
    theirs = {place: value for place, value in theirs.items() if place[0] != LEDGER_ID}
    found.rows = len(theirs)
    for place in sorted({*ours, *theirs}):
        if ours.get(place) != theirs.get(place):
            one, other = ours.get(place), theirs.get(place)
            found.wrong_rows.append(f"{place[0]} {place[1].hex()}: ours {_hex(one)} theirs {_hex(other)}")
    return found


def _compare_log(found: Comparison, recorded: Any, block_index: int, execution: Execution, log: Any) -> None:
    label = str(recorded["labels"].get(str(execution.container), execution.trigger))
    failed = log["vmstate"] == "FAULT"
    found.logs += 1
    found.faults += failed
    events = [
        {"contract": str(event.contract), "eventname": event.event_name, "state": item_json(Array(event.state))}
        for event in execution.notifications
    ]
    pairs = {
        "vmstate": (log["vmstate"], execution.vm_state),
        "gasconsumed": (log["gasconsumed"], str(execution.gas_consumed)),
        "stack": ([] if failed else _plain(log["stack"]), [*map(_shown, execution.stack)]),
        "notifications": ([] if failed else _plain(log["notifications"]), events),
    }
    wrong = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    found.logs_equal += not wrong
    found.fields.update([*wrong])
    if wrong:
        told = [f"block {block_index} {execution.container}"]
        for name, (theirs, ours) in wrong.items():
            told.append(f"    {name}: theirs {str(theirs)[:700]}\n    {' ' * len(name)}  ours   {str(ours)[:700]}")
        told.append(f"    exceptions: theirs {log.get('exception')}\n                ours   {execution.exception}")
        found.differences[label].append("\n".join(told))


def _shown(item: Any) -> Any:
    try:
        return item_json(item)
    except RecursionError:
        return "circular"


def _plain(value: Any) -> Any:
    """Without what neo-go adds to iterators."""
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        if value.get("type") == "InteropInterface":
            return {"type": "InteropInterface"}
        return {name: _plain(part) for name, part in value.items()}
    return value


def _logs(recorded: Any, block: Block) -> list[Any]:
    logs = recorded["application_logs"]
    own = {run["trigger"]: run for run in logs[str(block.hash)]["executions"]}
    ran = [logs[str(transaction.hash)]["executions"][0] for transaction in block.transactions]
    return [own["OnPersist"], *ran, own["PostPersist"]]


def _hex(value: bytes | None) -> str:
    return "none" if value is None else value.hex()[:400] or "empty"
