"""Executes recorded chains from raw blocks, comparing every state root: `python -m tests.oracles.roots FILE...`."""

import argparse
import time
from base64 import b64decode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from rpcnode.chain.trie.trie import Trie
from rpcnode.execution.block_run import run_block
from rpcnode.execution.snapshot import Snapshot
from rpcnode.natives.registry import NATIVES
from rpcnode.payloads.block import Block
from tests.oracles.chains import GrowingBlocks
from tests.oracles.recorded import SHARED, read
from tests.oracles.world import Rows, settings_of

STOP_CHAIN: Final = "csharp-trackers/stop-chain.json.gz"
"""Here TokensTracker wrote into the node's storage; what a node without it had is among the answers."""


@dataclass
class Played:
    """Blocks whose root is another, of how many, and what it took."""

    blocks: int = 0
    wrong: list[int] = field(default_factory=list)
    changes: int = 0
    executing_s: float = 0
    hashing_s: float = 0


def played(file: str, to: int | None = None) -> Played:
    """Executes a chain, or its first blocks."""
    recorded = read(SHARED / Path(file))
    settings = settings_of(recorded["version"]["protocol"])
    state, ledger, trie, found = Snapshot(Rows({})), GrowingBlocks(), Trie(), Played()
    for entry, root in zip(recorded["blocks"][:to], _roots(file, recorded), strict=to is None):
        started = time.process_time()
        block = Block.parse(b64decode(entry["raw"]))
        snapshot = state.child()
        for _ in run_block(block, snapshot, settings, NATIVES, ledger):
            pass
        ledger.add(block)
        written = snapshot.changes()
        snapshot.commit()
        executed = time.process_time()
        trie = trie.changed(
            (contract_id.to_bytes(4, "little", signed=True) + key, value)
            for (contract_id, key), value in written.items()
        )
        found.blocks += 1
        if str(trie.root_hash) != root:
            found.wrong.append(block.index)
        found.changes += len(written)
        found.executing_s += executed - started
        found.hashing_s += time.process_time() - executed
    return found


def _roots(file: str, recorded: Any) -> Any:
    if file != STOP_CHAIN:
        return recorded["state_roots"]
    return read(SHARED / "csharp-trackers" / "answers.json.gz")["roots_without_tracker"]["stop-chain"]


def main() -> None:
    """Compares, counts, and tells what the trie costs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="+")
    parser.add_argument("--to", type=int)
    options = parser.parse_args()
    for file in options.files:
        found = played(file, options.to)
        print(
            f"{file}: {found.blocks - len(found.wrong)} of {found.blocks} roots equal, wrong {found.wrong[:5]};"
            f" executing {found.executing_s:.2f} s, trie {found.hashing_s:.3f} s for {found.changes} changes"
        )


if __name__ == "__main__":
    main()
