"""Transfers applied per second, and balance look-ups by number of accounts: `python -m tests.bench.bench_ledger`.

Transfers are those of a fixture, executed; per CPU second, and per CPU time of ten million additions in the same run.
"""

import hashlib
import tempfile
import time
from pathlib import Path

from rpcnode.chain import declaration as described
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.address import address_of
from rpcnode.primitives.uint import UInt160
from tests.bench.floor_loop import loop_seconds

TOKEN = UInt160(b"\x01" * 20)
PER_BLOCK = 100
BLOCKS = 300
SENDERS = 1000
LOOKUPS = 2000


def account(number: int) -> UInt160:
    return UInt160(hashlib.sha256(b"%d" % number).digest()[:20])


def transaction(sender: UInt160 | None, receiver: UInt160, amount: int) -> described.DeclaredTransaction:
    transfer = described.DeclaredTransfer("token", sender, receiver, amount, None, "bench")
    return described.DeclaredTransaction((transfer,), (), False, "bench")


def chain(blocks: list[tuple[described.DeclaredTransaction, ...]]) -> described.DeclaredChain:
    token = described.DeclaredContract(
        "token", TOKEN, "NEP-5", "Token", "T", 8, 0, None, None, described.RestAsset(), "bench"
    )
    declared = tuple(
        described.DeclaredBlock(index, None, listed, "bench") for index, listed in enumerate(blocks, start=1)
    )
    return described.DeclaredChain(described.Network(), len(blocks), len(blocks), (), (token,), declared, digest="b")


def build(description: described.DeclaredChain, db: Path | None = None) -> tuple[Node, float]:
    begin = time.process_time()
    node = Node(NodeOptions(db=db), description)
    return node, time.process_time() - begin


def apply_speed(folder: Path) -> None:
    mints = tuple(transaction(None, account(number), 10**12) for number in range(SENDERS))
    blocks = [
        tuple(
            transaction(account((block * 7 + i * 13) % SENDERS), account((block * 11 + i * 17 + 1) % SENDERS), 1 + i)
            for i in range(PER_BLOCK)
        )
        for block in range(BLOCKS)
    ]
    for place, db in (("memory", None), ("file", folder / "chain.db")):
        node, minted = build(chain([mints]), None if db is None else folder / "mints.db")
        node.close()
        node, whole = build(chain([mints, *blocks]), db)
        node.close()
        speed, loop = PER_BLOCK * BLOCKS / (whole - minted), loop_seconds()
        print(f"{speed:8.0f} transfers a CPU second in {place}, {speed * loop:.0f} a loop, blocks of {PER_BLOCK}")


def lookup_speed(accounts: int) -> float:
    numbers = range(accounts)
    blocks = [tuple(transaction(None, account(n), 5) for n in numbers[i : i + 5000]) for i in range(0, accounts, 5000)]
    node, _ = build(chain(blocks))
    asked = [address_of(account(number * (accounts // 10) % accounts), 0x35) for number in range(10)]
    balances = node.methods["getnep5balances"]
    begin = time.perf_counter()
    for number in range(LOOKUPS):
        balances([asked[number % 10]])
    taken = (time.perf_counter() - begin) / LOOKUPS
    node.close()
    return taken


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        apply_speed(Path(folder))
    few, many = lookup_speed(10), lookup_speed(1_000_000)
    print(
        f"balance look-up {few * 1e6:.1f} us of 10 accounts, {many * 1e6:.1f} us of 1,000,000, ratio {many / few:.2f}"
    )


if __name__ == "__main__":
    main()
