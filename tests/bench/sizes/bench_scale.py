"""Answers by the size of the chain: `python -m tests.bench.sizes.bench_scale [--accounts 10 1000 1000000] [--each 10]`.

A chain in a file gets so many holders of one token, and for each of them so many transfers, written past all scripts as
the tracker writes them. Asked are balances, the whole history of an account, and the first page of the REST face; all
is the median of many calls for accounts all over, beside the memory of the process and the size of the file. Ten
million transfers take 3 GB of disk while it runs.
"""

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from rpcnode.chain import declaration as described
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.plugin.rest import RestRequest
from rpcnode.plugin.transfer_history import HistoryRow
from rpcnode.plugins.tokens_tracker.schema import NEP17_HISTORY
from rpcnode.primitives.uint import UInt160, UInt256

TOKEN: Final = UInt160(b"\x01" * 20)
PER_BLOCK: Final = 1_000
CALLS: Final = 500
MS_PER_BLOCK: Final = 15_000


def account(number: int) -> UInt160:
    """Accounts in no order."""
    return UInt160(((number + 1) * 2_654_435_761 % 2**32).to_bytes(4, "big") * 5)


def history(accounts: int, transfers: int) -> Iterator[list[HistoryRow]]:
    """The transfers of one block after another."""
    for first in range(0, transfers, PER_BLOCK):
        block_index = 1 + first // PER_BLOCK
        yield [
            HistoryRow(
                block_index * MS_PER_BLOCK,
                TOKEN,
                account(number % accounts),
                account((number + 1) % accounts),
                "5",
                block_index,
                number - first,
                UInt256(number.to_bytes(32, "little")),
            )
            for number in range(first, min(first + PER_BLOCK, transfers))
        ]


def whole(answer: Any) -> Any:
    """An answer, where it comes in steps after all of them."""
    if isinstance(answer, Generator):
        try:
            while True:
                next(answer)
        except StopIteration as end:
            return end.value
    return answer


def filled(db: Path, accounts: int, transfers: int) -> Node:
    """A node whose tables hold so much."""
    token = described.DeclaredContract(
        "token", TOKEN, "NEP-17", "Token", "T", 8, 0, None, None, described.RestAsset(), "bench"
    )
    height = 1 + transfers // PER_BLOCK
    node = Node(
        NodeOptions(db=db),
        described.DeclaredChain(described.Network(), height, height, (), (token,), (), digest=f"{accounts}"),
    )
    connection = node.store.connection
    (position,) = connection.execute("SELECT position FROM token_follower WHERE name = 'TokensTracker'").fetchone()
    insert = f"""
        INSERT INTO token_balance (account, asset, address_key, amount, is_held, block_index, seen_{position + 1})
        VALUES (?, ?, ?, '5', 1, 1, 1)
    """
    with node.store.transaction():
        holders = ((account(number), TOKEN, TOKEN[::-1]) for number in range(accounts))
        connection.executemany(insert, holders)
    blocks = history(accounts, transfers)
    while batch := [rows for _, rows in zip(range(100), blocks, strict=False)]:
        with node.store.transaction():
            for rows in batch:
                NEP17_HISTORY.add(connection, rows)
    return node


def microseconds(ask: Callable[[UInt160], None], accounts: int) -> float:
    """What one call takes."""
    taken = []
    for number in range(CALLS):
        holder = account(number * 7_919 % accounts)
        begin = time.process_time()
        ask(holder)
        taken.append(time.process_time() - begin)
    return statistics.median(taken) * 1e6


def measure(accounts: int, each: int) -> list[float]:
    """Microseconds of a balance, a history and a page."""
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "scale.db"
        with closing(filled(db, accounts, accounts * each)) as node:
            [route] = [route for route in node.registry.rest_routes if route.path == "/v1/account/tokens"]

            def balance(holder: UInt160) -> None:
                assert whole(node.methods["getnep17balances"]([node.view.address_of(holder)]))["balance"]

            def transfers(holder: UInt160) -> None:
                assert whole(node.methods["getnep17transfers"]([node.view.address_of(holder), 1, 10**15]))["sent"]

            def page(holder: UInt160) -> None:
                query = f"chain_id=1&address={holder}&limit=100"
                response = route.answer(RestRequest("GET", route.path, query, {"x-api-key": "demo"}))
                assert b'"balance"' in response.body

            times = [microseconds(ask, accounts) for ask in (balance, transfers, page)]
            size = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    shown = "balance {:6.1f} us, history {:6.1f} us, REST page {:6.1f} us".format(*times)
    chain = f"{accounts:9,} accounts, {accounts * each:10,} transfers"
    print(f"{chain}: {shown}, {size:6.0f} MB file, {memory:5.0f} MB memory", flush=True)
    return times


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, nargs="+", default=[10, 1_000, 100_000, 1_000_000])
    parser.add_argument("--each", type=int, default=10)
    options = parser.parse_args()
    first, *_, last = [measure(accounts, options.each) for accounts in options.accounts]
    names = ("balance", "history", "REST page")
    print("last to first: " + ", ".join(f"{name} {b / a:.2f}" for name, a, b in zip(names, first, last, strict=True)))


if __name__ == "__main__":
    main()
