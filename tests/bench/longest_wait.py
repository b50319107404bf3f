"""How long one hostile request keeps others waiting, and how much memory it takes: at most 0.5 s and 100 MB, or exit 1.

    python tests/bench/longest_wait.py [--profile scripts]... [--only TEXT] [--rounds 1]

For each profile a node is started on a chain of 10,000,000 blocks, and one on a chain of large blocks; for n3 also a
dev chain, for scripts and contracts that mean harm, one of a token that many hold, and one that is sent to. While one
connection sends a hostile request, another process asks getblockcount again and again; what is shown is its longest
wait, how far the node's memory went above what it held before, the time until the hostile answer was whole, the CPU
time that the node took, which other work on the machine does not lengthen, and how long the answer was. The dev methods
that make blocks or take a whole chain in are not here: docs/commanding.md says what they cost.
"""

import argparse
import json
import multiprocessing
import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.hostile.large_chain import large_chain, large_requests
from tests.bench.hostile.request import BATCH, Hostile, batch, call, filled, get, post
from tests.bench.hostile.scripts import MAX_GAS, finding_scripts, hostile_scripts, many_rows
from tests.bench.hostile.sends import hostile_sends
from tests.bench.hostile.traffic import commanded, framed
from tests.node_process import RunningNode, running_node

MOST_SECONDS: Final = 0.5
MOST_BYTES: Final = 100 * 1024 * 1024
HEIGHT: Final = 10_000_000
CHAIN: Final = {
    "node": {"height": HEIGHT},
    "accounts": {"alice": {"seed": "alice"}},
    "contracts": {"coin": {"standard": "NEP-5", "symbol": "COIN", "decimals": 0}},
    "balances": [{"account": "alice", "asset": "coin", "amount": 100, "block": 1}],
}
COUNT: Final = b'{"jsonrpc":"2.0","id":1,"method":"getblockcount","params":[]}'
UNKNOWN: Final = "0x" + "11" * 32


def texts() -> Iterator[Hostile]:
    """Bodies that are hard to read, or to write in an answer."""
    params = b'{"jsonrpc":"2.0","id":1,"method":"getblock","params":['
    for name, piece in {
        "quoted x and commas": b"'x',",
        "sound texts": b'"x",',
        "numbers": b"1.5e300,",
        "long numbers": b"9" * 400 + b",",
        "objects": b'{"a":1},',
        "deep lists": b"[" * 20 + b"]" * 20 + b",",
        "escapes": b'"\\u0041\\ud83d\\ude00",',
        "comments": b"/* x */1,",
        "open comments": b"/*",
        "spaces": b" ",
        "brackets": b"[",
        "braces": b'{"a":',
        "quotes": b'"',
        "backslashes": b"\\",
    }.items():
        yield Hostile(f"params of {name}", post(filled(params, piece, b"0]}")))
        yield Hostile(f"only {name}", post(filled(b"", piece, b"")))
    yield Hostile(
        "a long id", post(filled(b'{"jsonrpc":"2.0","method":"getblockcount","params":[],"id":"', b"'<", b'"}'))
    )
    yield Hostile("an id of lists", post(filled(b'{"method":"getblockcount","params":[],"id":[', b"[1.5],", b"0]}")))
    yield Hostile("a long name", post(filled(b'{"jsonrpc":"2.0","id":1,"params":[],"method":"', b"&", b'"}')))
    yield Hostile("a name of lists", post(filled(b'{"id":1,"params":[],"method":[', b'["x"],', b"0]}")))
    yield Hostile("many members", post(b"{" + b",".join(b'"%d":0' % n for n in range(100_000)) + b"}"))
    yield Hostile("a batch of notifications", post(filled(b"[", b"{},", b"{}]")))
    yield Hostile("a batch of numbers", post(filled(b"[", b"1,", b"1]")))
    for method in ("getblock", "validateaddress", "invokefunction", "getnep5balances", "dev_notify", "getstorage"):
        for name, piece in {"x": b"x", "1": b"1", "space": b" ", "f0": b"f0", "=": b"="}.items():
            head = b'{"jsonrpc":"2.0","id":1,"method":"%s","params":["' % method.encode()
            yield Hostile(f"{method} of a long text of {name}", post(filled(head, piece, b'"]}')))


def queries() -> Iterator[Hostile]:
    """Request lines."""
    room = 8000
    yield Hostile("a query of ands", get("/?" + "&" * room))
    yield Hostile("a query of one key", get("/?id=1&method=getblockcount&params=[]" + "&id=1" * (room // 5)))
    yield Hostile("a query of escapes", get("/?id=1&method=getblockcount&params=" + "%5B" * (room // 3)))
    long = 250_000
    for name, text in {
        "3000 x 3000": f"addresses=[{','.join(['%27x%27'] * 3000)}],uniqueAssetIds=[{','.join(['%271%27'] * 3000)}]",
        "100 x 100": f"addresses=[{','.join(f'%27{n:040x}%27' for n in range(100))}],uniqueAssetIds="
        f"[{','.join(f'%27{n:x}%27' for n in range(100))}]",
        "10000 x 1": f"addresses=[{','.join(f'%27N{n}%27' for n in range(10_000))}],uniqueAssetIds=[%271%27]",
        "spaces": "%20" * (long // 3),
        "quotes": "addresses=[" + "%27" * (long // 3),
        "brackets": "addresses=" + "[" * long,
    }.items():
        yield Hostile(f"TEOS {name}", get(f"/Balances/GetAssetsBalances({text})"))
    yield Hostile("TEOS query of ands", get("/Balances/GetAssetsBalances?" + "&" * long))
    yield Hostile("TEOS query of names", get("/Balances/GetAssetsBalances?" + "%61=1&" * (long // 6)))
    yield Hostile("Chainbase query of ands", get("/v1/account/tokens?" + "&" * long))
    yield Hostile("Chainbase query of addresses", get("/v1/account/tokens?" + "address=1&" * (long // 10)))


def calls(methods: list[str]) -> Iterator[Hostile]:
    """Batches of every method, and of what is known to cost more."""
    for method in methods:
        if method.startswith("dev_") and method not in ("dev_info", "dev_journal", "dev_snapshots"):
            continue
        yield Hostile(f"{BATCH} x {method}", post(batch(method)))
    far = [call("getblockhash", n * 140_000) for n in range(70)]
    yield Hostile("70 block hashes far apart", post(b"[" + b",".join(far) + b"]"))
    yield Hostile(f"{BATCH} x an unknown block", post(batch("getblock", UNKNOWN)))
    yield Hostile("an unknown block", post(call("getblock", UNKNOWN)))
    yield Hostile("an unknown transaction", post(batch("getrawtransaction", UNKNOWN, 1)))
    for index in (0, 1, HEIGHT // 2, HEIGHT):
        yield Hostile(f"{BATCH} x block {index}", post(batch("getblock", index, 1)))
    yield Hostile(f"{BATCH} x a balance", post(batch("getnep5balances", "alice")))
    yield Hostile(f"{BATCH} x symbol", post(batch("invokefunction", "alice", "symbol", [])))
    items = [{"type": "Array", "value": [{"type": "Integer", "value": "1"}] * 2000}] * 10
    yield Hostile("an invocation of long lists", post(call("invokefunction", UNKNOWN[:42], "x", items)))
    yield Hostile(
        "dev_notify of a long list",
        post(call("dev_notify", {"contract": "coin", "event": "E", "state": [1] * 200_000})),
    )
    yield Hostile("dev_verify of long params", post(call("dev_verify", {"method": "*" * 500_000, "times": 1})))


def probe(port: int, control: Connection) -> None:
    """Ask again and again; for each message that comes in, tell the longest wait since the last one."""
    connection = socket.create_connection(("127.0.0.1", port))
    longest = 0.0
    while True:
        started = time.perf_counter()
        connection.sendall(post(COUNT))
        connection.recv(65536)
        longest = max(longest, time.perf_counter() - started)
        if control.poll():
            if control.recv() is None:
                return
            control.send(longest)
            longest = 0.0


def answered(port: int, data: bytes) -> int:
    """Send a request; how many bytes came back until the answer was whole."""
    with socket.create_connection(("127.0.0.1", port), timeout=600) as connection:
        connection.settimeout(600)
        with suppress(ConnectionError):
            connection.sendall(data)
        answer = b""
        with suppress(ConnectionError):
            while b"\r\n\r\n" not in answer and (chunk := connection.recv(1 << 20)):
                answer += chunk
            head, _, body = answer.partition(b"\r\n\r\n")
            lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
            left = int(lengths[0].split(b":")[1]) - len(body) if lengths else 0
            while left > 0 and (chunk := connection.recv(1 << 20)):
                left -= len(chunk)
                answer += chunk[:0]
                body += chunk[:0]
            return len(head) + (int(lengths[0].split(b":")[1]) if lengths else 0)
        return len(answer)


def memory(node: RunningNode, key: str) -> int:
    """Bytes, from /proc."""
    status = Path(f"/proc/{node.process.pid}/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith(f"{key}:"))


def cpu_seconds(node: RunningNode) -> float:
    """What the node has worked, which tells it from what others on the machine did."""
    fields = Path(f"/proc/{node.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(node: RunningNode, hostile: Hostile, control: Connection) -> bool:
    """Print a line; whether both bounds were kept."""
    for body in hostile.before:
        answered(node.port, post(body))
    Path(f"/proc/{node.process.pid}/clear_refs").write_text("5")
    before, worked = memory(node, "VmRSS"), cpu_seconds(node)
    control.send("begin")
    control.recv()
    started = time.perf_counter()
    size = answered(node.port, hostile.data)
    seconds = time.perf_counter() - started
    time.sleep(0.02)
    control.send("end")
    longest: float = control.recv()
    grown, worked = max(memory(node, "VmHWM") - before, 0), cpu_seconds(node) - worked
    for body in hostile.after:
        answered(node.port, post(body))
    is_kept = longest <= MOST_SECONDS and grown <= MOST_BYTES
    mark = "" if is_kept else "   <-- over the bound"
    print(
        f"{longest * 1000:8.0f} ms {grown / 2**20:7.0f} MB {seconds:7.2f} s {worked:7.2f} s {size:10d} B"
        f"  {hostile.name}{mark}",
        flush=True,
    )
    return is_kept


def try_profile(profile: str, only: str, rounds: int, folder: Path) -> bool:
    """All hostile requests to two nodes: on a high chain, and on one of large blocks and long lists."""
    kept = []
    for name, document in {"high": CHAIN, "large": large_chain(profile)}.items():
        chain = folder / f"{name}.json"
        chain.write_text(json.dumps(document))
        print(f"\nprofile {profile}, {name} chain\n    wait      memory    answer       CPU        size  request")
        with running_node("--fixture", chain, "--profile", profile, folder=folder) as node:
            if name == "large":
                requests = [*large_requests(node)]
            else:
                methods = [method["name"] for method in node.call("rpc.discover")["methods"]]
                requests = [*texts(), *queries(), *calls(methods), *commanded(), *framed()]
            kept += measured(node, [hostile for hostile in requests if only in hostile.name], rounds)
            if "Traceback" in node.stderr:
                print(node.stderr)
                return False
    return all(kept)


def try_scripts(only: str, rounds: int, folder: Path) -> bool:
    """Hostile scripts and contracts, and searches of many rows."""
    kept = []
    settings = ("--set", f"RpcServer.MaxGasInvoke={MAX_GAS}", "--set", "RpcServer.SessionEnabled=true")
    many = folder / "many.json"
    many.write_text(json.dumps(many_rows()))
    for name, arguments in {"dev": (), "many rows": ("--fixture", many)}.items():
        print(f"\nscripts, {name}\n    wait      memory    answer       CPU        size  request")
        with running_node(*arguments, *settings, folder=folder) as node:
            requests = hostile_scripts(node) if name == "dev" else finding_scripts(node)
            kept += measured(node, [hostile for hostile in requests if only in hostile.name], rounds)
            if "Traceback" in node.stderr:
                print(node.stderr)
                return False
    return all(kept)


def try_sends(only: str, rounds: int, folder: Path) -> bool:
    """Transactions and blocks of clients."""
    print("\nsends\n    wait      memory    answer       CPU        size  request")
    with running_node("--set", "RpcServer.MaxBatchSize=0", folder=folder) as node:
        kept = measured(node, [hostile for hostile in hostile_sends(node) if only in hostile.name], rounds)
        if "Traceback" in node.stderr:
            print(node.stderr)
            return False
    return all(kept)


def measured(node: RunningNode, requests: list[Hostile], rounds: int) -> list[bool]:
    """Whether both bounds were kept by each, a second process asking meanwhile; the node still answers then."""
    ours, theirs = multiprocessing.Pipe()
    prober = multiprocessing.Process(target=probe, args=(node.port, theirs), daemon=True)
    prober.start()
    kept = [measure(node, hostile, ours) for hostile in requests for _ in range(rounds)]
    ours.send(None)
    prober.join()
    return [*kept, node.call("getblockcount") > 0]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profile", action="append", help="sends, scripts, n3, n3-preview or n2; all without it")
    parser.add_argument("--only", default="", help="requests whose name holds this")
    parser.add_argument("--rounds", type=int, default=1)
    arguments = parser.parse_args()
    results = []
    for profile in arguments.profile or ("sends", "scripts", "n3", "n3-preview", "n2"):
        with tempfile.TemporaryDirectory() as folder:
            if profile == "sends":
                results.append(try_sends(arguments.only, arguments.rounds, Path(folder)))
            elif profile == "scripts":
                results.append(try_scripts(arguments.only, arguments.rounds, Path(folder)))
            else:
                results.append(try_profile(profile, arguments.only, arguments.rounds, Path(folder)))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
