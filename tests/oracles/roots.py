"""Executes recorded chains from raw blocks, comparing every state root: `python -m tests.oracles.roots FILE...`."""

import argparse
import time
from base64 import b64decode
from pathlib import Path

from rpcnode.chain.trie.trie import Trie
from rpcnode.execution.block_run import run_block
from rpcnode.execution.snapshot import Snapshot
from rpcnode.natives.registry import NATIVES
from rpcnode.payloads.block import Block
from tests.oracles.chains import GrowingBlocks
from tests.oracles.recorded import SHARED, read
from tests.oracles.world import Rows, settings_of


def main() -> None:
    """Compares, counts, and tells what the trie costs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="+")
    parser.add_argument("--to", type=int)
    options = parser.parse_args()
    for file in options.files:
        recorded = read(SHARED / Path(file))
        settings = settings_of(recorded["version"]["protocol"])
        state, ledger, trie = Snapshot(Rows({})), GrowingBlocks(), Trie()
        executing, hashing, wrong, changes = 0.0, 0.0, [], 0
        for entry, root in zip(recorded["blocks"][: options.to], recorded["state_roots"], strict=False):
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
            if str(trie.root_hash) != root:
                wrong.append(block.index)
            changes += len(written)
            executing += executed - started
            hashing += time.process_time() - executed
        print(
            f"{file}: {len(ledger.blocks) - len(wrong)} of {len(ledger.blocks)} roots equal, wrong {wrong[:5]};"
            f" executing {executing:.2f} s, trie {hashing:.3f} s for {changes} changes"
        )


if __name__ == "__main__":
    main()
