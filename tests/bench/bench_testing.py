"""What a node for a test costs: `python tests/bench/bench_testing.py`.

Beside it the same with nothing kept from the test before, which is what a copied template saves. Best and median of
several runs, on a chain of 1,000 transfers.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable

from rpcnode.chain.described.described import hash_deriver
from rpcnode.dev.fixture.reader import describe
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.json import Json
from rpcnode.testing import in_process, start
from rpcnode.testing.chain_source import UNNAMED
from rpcnode.testing.starting import on_demand

RUNS = 200
TRANSFERS: Json = [{"asset": "coin", "from": "alice", "to": "bob", "amount": 1}] * 10
CHAIN: Json = {
    "accounts": {"alice": {"seed": "alice"}, "bob": {"seed": "bob"}},
    "contracts": {"coin": {"standard": "NEP-17", "symbol": "COIN", "decimals": 0}},
    "balances": [{"account": "alice", "asset": "coin", "amount": 10_000, "block": 1}],
    "blocks": [{"index": 2 + number, "transactions": [{"transfers": TRANSFERS}]} for number in range(100)],
}
TEXT = json.dumps(CHAIN)
"""A fixture as text or in a file is read once; of one given as data the text is made for each test."""


def report(what: str, run: Callable[[], object], runs: int = RUNS) -> None:
    """Prints the milliseconds of one run."""
    run()
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        run()
        taken.append((time.perf_counter() - began) * 1000)
    sys.stdout.write(f"{what:<44} best {min(taken):6.2f} ms, median {statistics.median(taken):6.2f} ms\n")


def without_template() -> None:
    Node(NodeOptions(dev=True), describe([(UNNAMED, CHAIN)], "n3", derive_hash=hash_deriver("n3"))).close()


def in_this_thread() -> None:
    with in_process(TEXT):
        pass


def on_a_thread() -> None:
    with on_demand(TEXT):
        pass


def on_a_port() -> None:
    with start(TEXT):
        pass


def main() -> None:
    report("a node read and played anew", without_template, runs=20)
    report("a fresh chain, in_process()", in_this_thread)
    report("a fresh chain on a thread (fixture rpcnode)", on_a_thread)
    report("a fresh chain on a port, start()", on_a_port)
    with in_process(TEXT) as here, start(TEXT) as there:
        here.snapshot("before")
        report("revert", lambda: here.revert("before"))
        report("a shared chain begun anew", here.begin_anew)
        report("a call, in_process()", lambda: here.call("getblockcount"))
        report("a call, start()", lambda: there.call("getblockcount"))
        alice = here.accounts["alice"].address
        report("getnep17balances, in_process()", lambda: here.call("getnep17balances", alice))
        report("balances, in_process()", lambda: here.balances("alice"))


if __name__ == "__main__":
    main()
