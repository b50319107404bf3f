"""Plays a recording of a neo-go chain, and tells where logs and state roots differ, by label of the transaction.

The words of exceptions are each node's own; neo-go logs what a failed transaction left behind, which is not compared.
After a block whose root is another, the rows that differ are told and taken over, so that each block is compared by
itself; a recording that has no rows by block ends with the first such root.
"""

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from rpcnode.chain.trie.trie import Trie
from rpcnode.execution.block_run import run_block
from rpcnode.execution.contract import Contract
from rpcnode.execution.records import Execution
from rpcnode.execution.snapshot import Snapshot
from rpcnode.natives.registry import NATIVES
from rpcnode.payloads.block import Block
from rpcnode.vm.items import Array
from tests.oracles.asking import item_json
from tests.oracles.chains import LEDGER_ID, GrowingBlocks
from tests.oracles.world import Rows, ids_of, rows_of, settings_of

MANAGEMENT_ID: Final = -1
CONTRACT_PREFIX: Final = b"\x08"

Place = tuple[int, str]
"""A block, and of what: a transaction's hash, the trigger of what the block itself runs, or ROOT."""

ROOT: Final = "state root"


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
    wrong_logs: dict[Place, "Difference"] = field(default_factory=dict)

    @property
    def places(self) -> set[Place]:
        """Where something differs."""
        return {*self.wrong_logs, *((block, ROOT) for block in self.wrong_roots)}


@dataclass(frozen=True)
class Difference:
    """What a log has otherwise: the label of its transaction and the fields, and both values as text."""

    label: str
    told: str


def compare(recorded: Any) -> Comparison:
    """Executes all blocks."""
    found, ids = Comparison(), ids_of(recorded["contracts"])
    settings = settings_of(recorded["version"]["protocol"])
    state, ledger, trie = Snapshot(Rows({})), GrowingBlocks(), Trie()
    for entry, root in zip(recorded["blocks"], recorded["state_roots"], strict=True):
        block = Block.parse(b64decode(entry["raw"]))
        snapshot = state.child()
        executions = list(run_block(block, snapshot, settings, NATIVES, ledger))
        ledger.add(block)
        written = snapshot.changes()
        snapshot.commit()
        trie = _changed(trie, written)
        ids |= {str(contract.hash): contract.id for contract in _contracts_in(written)}
        found.blocks += 1
        found.transactions += len(block.transactions)
        for execution, log in zip(executions, _logs(recorded, block), strict=True):
            _compare_log(found, recorded, block.index, execution, log)
        if str(trie.root_hash) == root:
            found.roots_equal += 1
            continue
        found.wrong_roots.append(block.index)
        if "storages_by_block" not in recorded:
            break
        listed = {contract: rows for contract, rows in recorded["storages_by_block"][block.index].items() if rows}
        wrong = _wrong_rows(state, rows_of(listed, ids), {*ids.values()})
        for place, (ours, theirs) in sorted(wrong.items()):
            told = f"block {block.index}: {place[0]} {place[1].hex()}: ours {_hex(ours)} theirs {_hex(theirs)}"
            found.wrong_rows.append(told)
            if theirs is None:
                state.delete(*place)
            else:
                state.put(*place, theirs)
        trie = _changed(trie, {place: theirs for place, (_, theirs) in wrong.items()})
        if str(trie.root_hash) != root:
            found.wrong_rows.append(f"block {block.index}: rows that are not known")
    found.rows = len(rows_of(recorded["storages"], ids))
    return found


def _contracts_in(written: Any) -> Iterator[Contract]:
    for (contract_id, key), value in written.items():
        if contract_id == MANAGEMENT_ID and key[:1] == CONTRACT_PREFIX and value is not None:
            yield Contract.parse(value)


def _changed(trie: Trie, written: Any) -> Trie:
    return trie.changed((at.to_bytes(4, "little", signed=True) + key, value) for (at, key), value in written.items())


def _wrong_rows(state: Snapshot, theirs: Any, ids: set[int]) -> dict[tuple[int, bytes], tuple[Any, Any]]:
    ours = {place: value for place, value in state.changes().items() if value is not None and place[0] in ids}
    return {
        place: (ours.get(place), theirs.get(place))
        for place in {*ours, *theirs}
        if ours.get(place) != theirs.get(place) and place[0] != LEDGER_ID
    }


def _compare_log(found: Comparison, recorded: Any, block_index: int, execution: Execution, log: Any) -> None:
    label = str((recorded.get("labels") or {}).get(str(execution.container), execution.trigger))
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
    if wrong:
        where = str(execution.container or execution.trigger)
        told = [f"block {block_index} {where}"]
        for name, (theirs, ours) in wrong.items():
            told.append(f"    {name}: theirs {str(theirs)[:700]}\n    {' ' * len(name)}  ours   {str(ours)[:700]}")
        told.append(f"    exceptions: theirs {log.get('exception')}\n                ours   {execution.exception}")
        found.wrong_logs[block_index, where] = Difference(f"{label} ({', '.join(wrong)})", "\n".join(told))


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
