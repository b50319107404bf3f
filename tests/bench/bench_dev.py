"""What a fresh chain, a revert and a rewind cost: `python tests/bench/bench_dev.py`."""

import statistics
import time
from collections.abc import Callable
from contextlib import closing

from rpcnode.chain import declaration as described
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160

TOKEN = UInt160(b"\x01" * 20)
HOLDERS = 50
PER_BLOCK = 10
ROUNDS = 200


def account(number: int) -> UInt160:
    return UInt160(number.to_bytes(20, "little"))


def transaction(sender: UInt160 | None, receiver: UInt160, amount: int) -> described.DeclaredTransaction:
    return described.DeclaredTransaction(
        (described.DeclaredTransfer("token", sender, receiver, amount, None, "bench"),), (), False, "bench"
    )


def chain(transfers: int) -> described.DeclaredChain:
    """A token whose holders move it, ten transfers a block."""
    token = described.DeclaredContract(
        "token", TOKEN, "NEP-17", "Token", "T", 8, 0, None, None, described.RestAsset(), "bench"
    )
    moves = [
        transaction(account(1 + i % HOLDERS), account(1 + (i * 7 + 3) % HOLDERS), 1 + i % 9) for i in range(transfers)
    ]
    mints = tuple(transaction(None, account(1 + number), 10**9) for number in range(HOLDERS))
    blocks = [mints, *(tuple(moves[i : i + PER_BLOCK]) for i in range(0, transfers, PER_BLOCK))]
    declared = tuple(
        described.DeclaredBlock(index, None, listed, "bench") for index, listed in enumerate(blocks, start=1)
    )
    height = len(blocks)
    return described.DeclaredChain(described.Network(), height, height, (), (token,), declared, digest="bench")


def milliseconds(act: Callable[[], object], before: Callable[[], object] = lambda: None, rounds: int = ROUNDS) -> str:
    """Median and 95th percentile of what `act` takes, each time after `before`."""
    taken = []
    for _ in range(rounds):
        before()
        begin = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begin) * 1000)
    taken.sort()
    return f"{statistics.median(taken):7.3f} ms, 95 of 100 within {taken[int(len(taken) * 0.95)]:7.3f} ms"


def measure(transfers: int) -> None:
    with closing(Node(NodeOptions(), chain(transfers))) as node:
        image, methods = node.store.image(), node.methods
        moved: dict[str, Json] = {"asset": str(TOKEN), "from": str(account(1)), "to": str(account(2)), "amount": 1}

        def transfer() -> None:
            methods["dev_transfer"]([moved])

        height = node.ledger.height
        methods["dev_snapshot"](["start"])
        print(f"chain of {transfers} transfers, {len(image) // 1024} KiB")
        print("  fresh node       ", milliseconds(lambda: Node.from_template(node, image).close()))
        print("  revert           ", milliseconds(lambda: methods["dev_revert"](["start"]), transfer))
        print("  snapshot         ", milliseconds(lambda: methods["dev_snapshot"](["other"])))
        print("  first rewind by 1", milliseconds(lambda: methods["dev_rewind"]([height]), transfer, rounds=1))
        print("  later rewind by 1", milliseconds(lambda: methods["dev_rewind"]([height]), transfer))


def main() -> None:
    for transfers in (1_000, 20_000):
        measure(transfers)


if __name__ == "__main__":
    main()
