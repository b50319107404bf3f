"""The state roots of recorded chains whose empty blocks are passed: `python -m tests.oracles.passed_roots`.

Blocks with transactions are executed as blocks of an own chain are, behind the empty ones before them.
"""

import argparse
import time
from base64 import b64decode
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from rpcnode.chain.block_runner import run_block
from rpcnode.chain.blocks import StoredHeader
from rpcnode.chain.db.execution_rows import settled_index
from rpcnode.chain.db.schema import CHAIN_MIGRATIONS
from rpcnode.chain.db.store import Store
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.persist import OwnBlock, Persist
from rpcnode.chain.trie.state_tries import StateTries
from rpcnode.dev.places.place import Place
from rpcnode.dev.recording.protocol import parameters_of_version
from rpcnode.payloads.block import Block
from tests.oracles.recorded import SHARED, read

CHAINS: Final = tuple(f"csharp-chains/{name}.json.gz" for name in ("empty", "gorgon", "hardforks"))
"""Chains with one validator: in blocks that are made here the first is the speaker."""


def play(recorded: Any) -> Ledger:
    """A chain of the recorded transactions, in blocks of the recorded heights."""
    blocks = [Block.parse(b64decode(entry["raw"])) for entry in recorded["blocks"]]
    parameters = parameters_of_version(recorded, Place(Path("recorded")), blocks[0].header.timestamp_ms)
    ledger = Ledger(Store.in_memory([CHAIN_MIGRATIONS]), "n3", parameters)
    ledger.set_executed()
    persist = Persist(ledger)
    for block in blocks:
        header = block.header
        if block.transactions or block.index == 0:
            stored = StoredHeader(header.hash, header.serialize_unsigned(), header.witness.serialize())
            transactions = [(each, ()) for each in block.transactions]
            own = OwnBlock(block.index, header.timestamp_ms, transactions, header=stored)
            ledger.apply_block(run_block(ledger, persist, own))
        else:
            ledger.append_empty([header.timestamp_ms])
    return ledger


def main() -> None:
    """Compares the root of each block."""
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*", default=CHAINS)
    for file in parser.parse_args().files:
        recorded = read(SHARED / Path(file))
        started = time.process_time()
        ledger = play(recorded)
        with closing(ledger.store):
            tries, roots = StateTries(ledger), recorded["state_roots"]
            wrong = [index for index, root in enumerate(roots) if str(tries.root_hash(index)) != root]
            executed = sum(settled_index(ledger.store.connection, index) == index for index in range(len(roots)))
        equal, spent = len(roots) - len(wrong), time.process_time() - started
        print(f"{file}: {equal} of {len(roots)} roots equal, {executed} blocks executed; {spent:.1f} s; wrong: {wrong}")


if __name__ == "__main__":
    main()
