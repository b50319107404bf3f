"""Chains from bytes to the last state root, and how long a chain takes to be there at all.

    python -m tests.bench.bench_chains [--rounds 5] [--only TEXT] [--profile]

Blocks of ../shared/data are given raw, with nothing else that was recorded: they are read, executed, followed by all
trackers and stored; then the root of the last state is worked out. All is CPU time and the median of the rounds, each
in a process of its own that knows no script yet, beside the loop of floor_loop.py in the same rounds.
"""

import argparse
import cProfile
import json
import multiprocessing
import pstats
import random
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

from rpcnode.chain.trie.state_tries import StateTries
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.json import Json
from rpcnode.testing import in_process
from tests.bench.floor_loop import loop_seconds
from tests.oracles.recorded import SHARED, read

ROOT: Final = Path(__file__).resolve().parents[2]
CSHARP: Final = SHARED / "csharp-chain.json.gz"
TRANSFERS: Final = SHARED / "csharp-chains" / "transfers.json.gz"
SHIPPED: Final = ROOT / "fixtures" / "recorded-n3-chain.json.gz"
DECLARED: Final = 100_000
PER_BLOCK: Final = 100
ACCOUNTS: Final = 1_000


def raw_blocks(recorded: Any) -> Json:
    """Of a recording, what its blocks are executed from."""
    return {
        "version": recorded["version"],
        "height": recorded["height"],
        "blocks": [{"raw": block["raw"]} for block in recorded["blocks"]],
    }


def declared_transfers() -> Json:
    """A fixture of so many transfers of one declared token."""
    chosen = random.Random(1)
    names = [f"account{number}" for number in range(ACCOUNTS)]
    blocks: list[Json] = []
    for number in range(DECLARED // PER_BLOCK):
        transactions: list[Json] = []
        for _ in range(PER_BLOCK):
            sender, receiver = chosen.sample(names, 2)
            transfer: Json = {"asset": "coin", "from": sender, "to": receiver, "amount": chosen.randint(1, 1000)}
            transactions.append({"transfers": [transfer]})
        blocks.append({"index": 2 + number, "transactions": transactions})
    return {
        "accounts": {name: {"seed": name} for name in names},
        "contracts": {"coin": {"standard": "NEP-17", "symbol": "COIN", "decimals": 0}},
        "balances": [{"account": name, "asset": "coin", "amount": 10**9, "block": 1} for name in names],
        "blocks": blocks,
    }


def build(fixture: Path | None, root: str | None = None, in_file: bool = False) -> None:
    """A node, and what its last state root must be."""
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "chain.db" if in_file else None
        node = Node(NodeOptions(fixtures=() if fixture is None else (fixture,), db=db))
        try:
            if root is not None:
                found = str(StateTries(node.ledger).root_hash(node.ledger.height))
                assert found == root, found
        finally:
            node.close()


def fresh(text: str) -> None:
    """A chain for one test."""
    with in_process(text):
        pass


def in_child(work: Callable[[], object], times: int) -> tuple[float, float]:
    """The CPU seconds of the work, and of the loop, in a process that has everything imported."""
    theirs, ours = multiprocessing.Pipe()

    def measured() -> None:
        if times > 1:
            work()  # what is made once in a process, as the template of a test's chain, is not what a time costs
        started = time.process_time()
        for _ in range(times):
            work()
        ours.send(((time.process_time() - started) / times, loop_seconds()))

    process = multiprocessing.get_context("fork").Process(target=measured)
    process.start()
    seconds: tuple[float, float] = theirs.recv()
    process.join()
    return seconds


Work = tuple[Callable[[], object], int, float]
"""What is done, how often in one round, and how many transfers one takes, or 0."""


def works(folder: Path) -> dict[str, Work]:
    """All that is measured, by its name."""

    def written(name: str, content: Json) -> Path:
        path = folder / f"{name}.json"
        path.write_text(json.dumps(content))
        return path

    made: dict[str, Work] = {}
    if CSHARP.exists():
        for name, source, transfers in (("csharp-chain", CSHARP, 0), ("GAS transfers", TRANSFERS, 2_000)):
            recorded = read(source)
            fixture = written(name, raw_blocks(recorded))
            made[name] = partial(build, fixture, recorded["state_roots"][-1]), 1, transfers
    declared = written("declared", declared_transfers())
    few: Json = {"contracts": {"coin": {"standard": "NEP-17", "symbol": "COIN", "decimals": 0}}}
    made["genesis alone"] = partial(build, written("genesis", {"network": {}})), 5, 0
    made["dev chain"] = partial(build, None), 5, 0
    made["fresh chain per test"] = partial(fresh, json.dumps(few)), 100, 0
    made["shipped recording"] = partial(build, SHIPPED), 1, 0
    made["declared, in memory"] = partial(build, declared), 1, DECLARED
    made["declared, in a file"] = partial(build, declared, in_file=True), 1, DECLARED
    return made


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="")
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        build(None)
        fresh("{}")
        for name, (work, times, transfers) in works(Path(folder)).items():
            if options.only not in name:
                continue
            rounds = [in_child(work, times) for _ in range(options.rounds)]
            taken, floors = zip(*rounds, strict=True)
            seconds, floor = median(taken), median(floors)
            rate = f", {transfers / seconds:.0f} transfers a CPU second" if transfers else ""
            print(f"{name:<22} {seconds * 1e3:9.2f} ms CPU, {seconds / floor:7.3f} x the loop{rate}", flush=True)
            if options.profile:
                profile = cProfile.Profile()
                profile.runcall(work)
                pstats.Stats(profile).sort_stats("tottime").print_stats(45)


if __name__ == "__main__":
    main()
