"""Our share of a request: the RPC server with a trivial method against an empty aiohttp handler, in one run.

    python tests/bench/bench_http.py [--requests 20000] [--rounds 5] [--connections 32] [--profile n3]

Each server runs in a process of its own and reports the CPU time it took; rounds alternate, and medians are compared.
The share is what our server takes above the empty handler, as a part of the empty handler's time.
"""

import argparse
import asyncio
import multiprocessing
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import get_args

from aiohttp import web

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.primitives.errors import ProfileName
from rpcnode.server.http.server import RpcHttpServer
from rpcnode.server.jsonrpc.access import AccessRules
from rpcnode.server.jsonrpc.envelope import Envelope
from rpcnode.server.traffic.traffic import Traffic

BODY = b'{"jsonrpc":"2.0","id":1,"method":"getblockcount","params":[]}'
ANSWER = b'{"jsonrpc":"2.0","id":1,"result":70011}'
REQUEST = (
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nUser-Agent: bench\r\nAccept: */*\r\n"
    b"Content-Length: " + str(len(BODY)).encode() + b"\r\n\r\n" + BODY
)


@dataclass(frozen=True, slots=True)
class Round:
    """One measurement of one server."""

    cpu_microseconds: float  # of the server, a request
    requests_per_second: float
    latencies_ms: list[float]


async def start_empty(_: ProfileName) -> int:
    """An aiohttp server that reads the body and gives a fixed answer."""

    async def handle(request: web.BaseRequest) -> web.Response:
        await request.read()
        return web.Response(body=ANSWER, content_type="application/json")

    server = web.Server(handle, access_log=None)
    listener = await asyncio.get_running_loop().create_server(server, "127.0.0.1", 0)
    port: int = listener.sockets[0].getsockname()[1]
    return port


async def start_ours(profile: ProfileName) -> int:
    """Our server with one method that returns a number, its journal kept as on any node that is commanded."""
    settings = HttpSettings(port=0)
    methods = {"getblockcount": lambda _: 70011}
    traffic = Traffic(lambda: 0)
    envelope = Envelope(profile, methods, AccessRules(profile, settings), traffic)
    return await RpcHttpServer(settings, profile, envelope, traffic=traffic).start()


def serve(start: Callable[[ProfileName], Awaitable[int]], profile: ProfileName, control: Connection) -> None:
    """Run a server until `control` closes; each message on it is answered with the CPU seconds used so far."""

    async def main() -> None:
        control.send(await start(profile))
        loop = asyncio.get_running_loop()
        closed = asyncio.Event()

        def answer() -> None:
            try:
                control.recv()
            except EOFError:
                loop.remove_reader(control.fileno())
                closed.set()
            else:
                control.send(time.process_time())

        loop.add_reader(control.fileno(), answer)
        await closed.wait()

    asyncio.run(main())


async def load(port: int, connections: int, requests: int) -> list[float]:
    """Send requests one after the other over each of so many connections; the latency of each in ms."""
    latencies: list[float] = []

    async def one_client(count: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(count):
            sent = time.perf_counter()
            writer.write(REQUEST)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            latencies.append((time.perf_counter() - sent) * 1000)
        writer.close()

    await asyncio.gather(*(one_client(requests // connections) for _ in range(connections)))
    return latencies


class Server:
    """A server process, to be measured again and again."""

    def __init__(self, start: Callable[[ProfileName], Awaitable[int]], profile: ProfileName) -> None:
        self._control, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=serve, args=(start, profile, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self._port: int = self._control.recv()

    def measure(self, connections: int, requests: int) -> Round:
        """One round of load."""
        cpu_before, started = self._cpu_seconds(), time.perf_counter()
        latencies = asyncio.run(load(self._port, connections, requests))
        seconds = time.perf_counter() - started
        cpu = self._cpu_seconds() - cpu_before
        return Round(cpu / len(latencies) * 1e6, len(latencies) / seconds, latencies)

    def close(self) -> None:
        """End the process."""
        self._control.close()
        self._process.join(5)

    def _cpu_seconds(self) -> float:
        self._control.send(None)
        seconds: float = self._control.recv()
        return seconds


def report(name: str, rounds: list[Round]) -> float:
    """Print one server's line; the median CPU microseconds of a request."""
    cpu = statistics.median(one.cpu_microseconds for one in rounds)
    rate = statistics.median(one.requests_per_second for one in rounds)
    latencies = sorted(latency for one in rounds for latency in one.latencies_ms)
    p50, p99 = latencies[len(latencies) // 2], latencies[len(latencies) * 99 // 100]
    print(
        f"{name:<14} {cpu:7.1f} us CPU  {1e6 / cpu:8.0f} requests/CPU s  {rate:8.0f} requests/s"
        f"  p50 {p50:6.2f} ms  p99 {p99:6.2f} ms"
    )
    return cpu


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--profile", choices=get_args(ProfileName), default="n3")
    arguments = parser.parse_args()
    multiprocessing.set_start_method("spawn")
    servers = {"empty aiohttp": Server(start_empty, "n3"), "rpcnode": Server(start_ours, arguments.profile)}
    for server in servers.values():
        server.measure(arguments.connections, arguments.requests // 4)
    rounds: dict[str, list[Round]] = {name: [] for name in servers}
    for _ in range(arguments.rounds):
        for name, server in servers.items():
            rounds[name].append(server.measure(arguments.connections, arguments.requests))
    empty, ours = (report(name, measured) for name, measured in rounds.items())
    print(f"our share: {(ours - empty) / empty:.1%} of an empty handler (rpcnode / empty = {ours / empty:.3f})")
    for server in servers.values():
        server.close()


if __name__ == "__main__":
    main()
