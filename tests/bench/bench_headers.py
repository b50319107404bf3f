"""What a header costs on a high chain: `python tests/bench/bench_headers.py [HEIGHT]`, 10,000,000 unless it is said.

For each profile, the longest and the middle of 70 calls far apart, each the first of its kind; an unknown hash before
and after a revert, and `getbestblockhash` after one. CPU time; the first getblock of all loads what signs.
"""

import json
import sys
import tempfile
from contextlib import closing, suppress
from pathlib import Path
from time import process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.errors import ProfileName, RpcError

CALLS = 70
PROFILES: tuple[ProfileName, ...] = ("n3", "n3-preview", "n2")


def milliseconds(node: Node, method: str, *params: Any) -> float:
    began = process_time()
    with suppress(RpcError):
        node.methods[method](list(params))
    return (process_time() - began) * 1000


def started(profile: ProfileName, height: int, folder: Path) -> Node:
    path = folder / "chain.json"
    path.write_text(json.dumps({"node": {"height": height}}), "utf-8")
    return Node(NodeOptions(fixtures=(path,), profile=profile))


def row(profile: ProfileName, what: str, taken: list[float]) -> None:
    taken.sort()
    print(f"{profile:10} {what:42} middle {taken[len(taken) // 2]:8.3f} ms   longest {taken[-1]:8.3f} ms")


def measure(profile: ProfileName, height: int, folder: Path) -> None:
    began = process_time()
    node = started(profile, height, folder)
    row(profile, "start, chain only", [(process_time() - began) * 1000])
    with closing(node):
        # Each call ends just below a multiple of 512, where the walk is longest.
        far = [height // CALLS * number // 512 * 512 + 511 for number in range(1, CALLS)]
        unknown = "0x" + "ab" * 32
        row(profile, "an unknown hash, first", [milliseconds(node, "getblock", unknown)])
        row(profile, "an unknown hash, again", [milliseconds(node, "getblock", unknown) for _ in range(CALLS)])
        row(profile, "an unknown transaction, first", [milliseconds(node, "getrawtransaction", unknown)])
        row(profile, "getblockhash, far apart", [milliseconds(node, "getblockhash", index) for index in far])
        row(profile, "getblock, far apart", [milliseconds(node, "getblock", index - 1, 1) for index in far])
        node.methods["dev_snapshot"](["here"])
        after, unknown_after = [], []
        for _ in range(CALLS):
            node.methods["dev_mine"]([])
            node.methods["dev_revert"](["here"])
            after.append(milliseconds(node, "getbestblockhash"))
            unknown_after.append(milliseconds(node, "getblock", unknown))
        row(profile, "getbestblockhash after dev_revert", after)
        row(profile, "an unknown hash after dev_revert", unknown_after)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for measured in PROFILES:
            measure(measured, int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000, Path(folder))
