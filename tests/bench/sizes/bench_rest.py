"""Pages of REST answers by the number of tokens of the account: `python -m tests.bench.sizes.bench_rest`."""

import time
from collections.abc import Callable
from contextlib import closing

from rpcnode.chain import declaration as described
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.plugin.rest import RestRequest
from rpcnode.primitives.uint import UInt160

ACCOUNT = UInt160(b"\xac" * 20)
LIMIT = 100
SECONDS = 1.0  # of measuring one page
FEW, MANY, MOST = 100, 100_000, 1_000_000

FILL = """
    WITH RECURSIVE numbers (number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM numbers WHERE number + 1 < :rows)
    INSERT INTO token_balance (account, asset, address_key, amount, is_held, block_index)
    SELECT :account, reversed_hash(number), displayed_hash(number), number + 1, 1, 1 FROM numbers
"""


def displayed_hash(number: int) -> bytes:
    """The hash of a token as it is displayed, big-endian: in the order of numbers."""
    return number.to_bytes(4, "big") + bytes(16)


def reversed_hash(number: int) -> bytes:
    return displayed_hash(number)[::-1]


def node_with(rows: int) -> Node:
    """A node with an account of so many tokens; only those on the first and the last page are contracts as well."""
    numbers = {*range(min(LIMIT, rows)), *range(max(rows - LIMIT, 0), rows)}
    contracts = tuple(
        described.DeclaredContract(
            f"t{number}", UInt160(reversed_hash(number)), "NEP-17", f"Token {number}", "T", 8, 0, None, None,
            described.RestAsset(), "bench",
        )
        for number in sorted(numbers)
    )  # fmt: skip
    node = Node(
        NodeOptions(), described.DeclaredChain(described.Network(), 1, 1, (), contracts, (), digest=f"bench{rows}")
    )
    connection = node.store.connection
    connection.create_function("displayed_hash", 1, displayed_hash)
    connection.create_function("reversed_hash", 1, reversed_hash)
    with node.store.transaction():
        connection.execute(FILL, {"rows": rows, "account": ACCOUNT})
    return node


def asked(node: Node, query: str) -> Callable[[], None]:
    """A request that checks that its page is full."""
    [route] = [route for route in node.registry.rest_routes if route.path == "/v1/account/tokens"]
    target = f"chain_id=1&address={ACCOUNT}&limit={LIMIT}{query}"
    request = RestRequest("GET", route.path, target, {"x-api-key": "demo"})

    def ask() -> None:
        response = route.answer(request)
        assert response.body.count(b'"balance"') == LIMIT, response.body[:200]

    return ask


def ms_of(ask: Callable[[], None]) -> float:
    """How long a request takes at best: what else the machine does only ever makes it longer."""
    best, end = 1e9, time.perf_counter() + SECONDS
    while (begin := time.perf_counter()) < end:
        ask()
        best = min(best, time.perf_counter() - begin)
    return best * 1000


def main() -> None:
    first = {}
    for rows in (FEW, MANY, MOST):
        with closing(node_with(rows)) as node:
            first[rows] = ms_of(asked(node, ""))
            last = ms_of(asked(node, f"&page={rows // LIMIT}"))
            named = ",".join(f"0x{displayed_hash(number).hex()}" for number in range(LIMIT))
            filtered = ms_of(asked(node, f"&contract_address={named}"))
            print(
                f"{rows:9,} tokens: page 1 of {LIMIT} {first[rows]:6.2f} ms, the last page {last:7.2f} ms,"
                f" {LIMIT} named {filtered:6.2f} ms"
            )
    print(f"page 1, {MANY:,} tokens to {FEW}: {first[MANY] / first[FEW]:.2f}, {MOST:,}: {first[MOST] / first[FEW]:.2f}")


if __name__ == "__main__":
    main()
