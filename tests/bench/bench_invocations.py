"""Invocations over HTTP, per CPU second of the server, beside neo-go and the loop of floor_loop.py.

    python -m tests.bench.bench_invocations [--neo-go URL PID] [--requests 4000] [--rounds 7] [--only TEXT]

Calls of native tokens go over 32 connections. Scripts, each sent one after the other, loop: what an empty script takes
is taken off, of storage reads what deploying the contract takes that reads. neo-go must be the default chain of its
first block, its MaxGasInvoke 50 GAS. The set `vm` of ../shared/data/csharp-oracles is sent in batches of 20.
Servers take turns, medians count; only the servers' own CPU time does, so a busy machine changes little.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any, Final
from urllib.parse import urlsplit

from rpcnode.execution.native_hashes import CONTRACT_MANAGEMENT, GAS, NEO
from rpcnode.payloads.manifest import Manifest, Method, Permission
from rpcnode.payloads.nef import Nef
from rpcnode.payloads.verification import contract_hash
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.opcode import Opcode as Op
from rpcnode.vm.script_builder import ScriptBuilder
from tests.bench.bench_vm import arithmetic, arrays_and_maps, calls, loop
from tests.bench.floor_loop import loop_seconds
from tests.oracles.recorded import ORACLES, SHARED, oracle

ROOT: Final = Path(__file__).resolve().parents[2]
CONNECTIONS: Final = 32
BATCH: Final = 20
_PROCESS_CLOCK: Final = 2  # a process's own clock, as clock_getcpuclockid names it
ALICE: Final = UInt160(bytes(range(20)))


class Server:
    """A server on this machine: its address, and the CPU seconds that it has used."""

    def __init__(self, url: str, pid: int) -> None:
        parts = urlsplit(url)
        self.url, self.pid, self.host, self.port = url, pid, parts.hostname, parts.port

    def cpu_seconds(self) -> float:
        """What all its threads have run so far."""
        return time.clock_gettime((~self.pid << 3) | _PROCESS_CLOCK)

    def ask(self, body: bytes) -> Any:
        """One request's answer."""
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=120) as reply:
            return json.load(reply)

    def send(self, bodies: Sequence[bytes], connections: int) -> float:
        """The CPU seconds that it takes to answer all of these, over so many connections."""
        started = self.cpu_seconds()
        asyncio.run(self._send(bodies, connections))
        return self.cpu_seconds() - started

    async def _send(self, bodies: Sequence[bytes], connections: int) -> None:
        left = iter(bodies)

        async def client() -> None:
            reader, writer = await asyncio.open_connection(self.host, self.port, limit=2**26)
            for body in left:
                writer.write(
                    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
                )
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                if b"content-length:" in head:
                    await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
                else:  # in chunks
                    while size := int(await reader.readuntil(b"\r\n"), 16):
                        await reader.readexactly(size + 2)
                    await reader.readexactly(2)
            writer.close()

        await asyncio.gather(*(client() for _ in range(connections)))


class Ours:
    """A node of this tree, in a process of its own."""

    def __init__(self, fixture: "Json | Path", *settings: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        if not isinstance(fixture, Path):
            path = folder / "chain.json"
            path.write_text(json.dumps(fixture))
            fixture = path
        ready = folder / "ready.json"
        command = [sys.executable, str(ROOT / "run.py"), "-q", "--port", "0", "--ready-file", str(ready)]
        command += ["--fixture", str(fixture), *(part for setting in settings for part in ("--set", setting))]
        self._process = subprocess.Popen([*command], stdout=subprocess.DEVNULL)
        while not ready.exists():
            if self._process.poll() is not None:
                raise SystemExit("the node did not start")
            time.sleep(0.01)
        url = f"http://127.0.0.1:{json.loads(ready.read_text())['port']}"
        self.server: Final = Server(url, self._process.pid)

    def close(self) -> None:
        """Ends it."""
        self._process.terminate()
        self._process.wait(10)
        self._folder.cleanup()


def request(method: str, *params: Json) -> bytes:
    """One request's body."""
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()


def invocation(script: bytes, number: int) -> bytes:
    """The request that has a script run, no two of them the same: there is a number behind the script's end."""
    return request("invokescript", b64encode(script + bytes((Op.RET, Op.PUSHINT32)) + number.to_bytes(4)).decode())


def balance_of(account: UInt160) -> bytes:
    """The request for an account's GAS."""
    return request("invokefunction", str(GAS), "balanceOf", [{"type": "Hash160", "value": str(account)}])


CALLS: Final[dict[str, Callable[[int], bytes]]] = {
    "getblockcount": lambda number: request("getblockcount"),
    "symbol of NEO": lambda number: request("invokefunction", str(NEO), "symbol"),
    "symbol of GAS": lambda number: request("invokefunction", str(GAS), "symbol"),
    "balanceOf of GAS": lambda number: balance_of(ALICE),
    "balanceOf, never the same": lambda number: balance_of(UInt160(number.to_bytes(20, "big"))),
}
"""The requests by their number: we remember what was asked before in the same state."""


def contract_calls(iterations: int) -> bytes:
    """Calls of a native contract's method that reads storage."""
    return loop(iterations, ScriptBuilder(), ScriptBuilder().call(GAS, "balanceOf", (ALICE,)).op(Op.DROP))


_COMPILER: Final = "bench"


def storage_reads(iterations: int) -> bytes:
    """Deploys a contract, and has it read a row so many times."""
    body = ScriptBuilder().push(b"key").syscall("System.Storage.GetReadOnlyContext").syscall("System.Storage.Get")
    code = loop(iterations, ScriptBuilder(), body.op(Op.DROP)) + bytes((Op.RET,))
    nef = Nef(_COMPILER, code)
    method = Method("read", (), "Void", 0, False)
    manifest = Manifest("Reader", (), (method,), permissions=(Permission(None, None),))
    script = ScriptBuilder()
    arguments = (nef.serialize(), json.dumps(manifest.to_json()).encode())
    script.call(CONTRACT_MANAGEMENT, "deploy", arguments).op(Op.DROP)
    if iterations:
        script.call(contract_hash(UInt160.ZERO, nef.checksum, "Reader"), "read", ())
    return script.to_bytes()


SCRIPTS: Final[dict[str, tuple[Callable[[int], bytes], int, int]]] = {
    "arithmetic": (arithmetic, 10_000, 0),
    "arrays and maps": (arrays_and_maps, 10_000, 0),
    "calls": (calls, 10_000, 0),
    "contract calls": (contract_calls, 500, 0),
    "storage reads": (storage_reads, 500, 1),
}
"""How each script is made, how often it loops, and how often the one does that is taken off."""


def of_calls(servers: dict[str, Server], requests: int, rounds: int, only: str) -> None:
    """Requests per CPU second."""
    sent = 0
    for name, make in CALLS.items():
        if only not in name:
            continue
        for server in servers.values():
            assert "result" in server.ask(make(0)), server.ask(make(0))
            server.send([make(0)] * (requests // 4), CONNECTIONS)
        taken: dict[str, list[float]] = {name: [] for name in servers}
        for _ in range(rounds):
            bodies = [make(number) for number in range(sent, sent + requests)]
            sent += requests
            for which, server in servers.items():
                taken[which].append(server.send(bodies, CONNECTIONS) / requests)
        told = {which: median(seconds) for which, seconds in taken.items()}
        line = "   ".join(f"{which} {seconds * 1e6:6.1f} us" for which, seconds in told.items())
        if len(told) > 1:
            line += f"   {told['neo-go'] / told['rpcnode']:5.2f} x neo-go's a CPU second"
        print(f"{name:<26} {line}", flush=True)


def of_scripts(servers: dict[str, Server], rounds: int, only: str) -> None:
    """CPU time of loops, and for the gas that they burn."""
    numbers = count()
    for name, (make, iterations, without) in SCRIPTS.items():
        if only not in name:
            continue
        scripts = make(iterations), make(without) if without else bytes((Op.RET,))
        told, gas = {}, {}
        for which, server in servers.items():
            answers = [server.ask(invocation(script, next(numbers)))["result"] for script in scripts]
            assert all(answer["state"] == "HALT" for answer in answers), answers
            gas[which] = (int(answers[0]["gasconsumed"]) - int(answers[1]["gasconsumed"])) / 1e8
            server.send([invocation(scripts[0], next(numbers)) for _ in range(4)], 1)
        taken: dict[str, list[float]] = {which: [] for which in servers}
        for _ in range(rounds):
            for which, server in servers.items():
                whole, empty = (
                    server.send([invocation(script, next(numbers)) for _ in range(8)], 1) / 8 for script in scripts
                )
                taken[which].append(whole - empty)
        told = {which: median(seconds) for which, seconds in taken.items()}
        line = "   ".join(f"{which} {told[which] * 1e3:7.2f} ms for {gas[which]:.3f} GAS" for which in servers)
        if len(told) > 1:
            line += f"   {told['rpcnode'] / gas['rpcnode'] / (told['neo-go'] / gas['neo-go']):5.1f} x neo-go's time"
        print(f"{name:<26} {line}", flush=True)


def of_all_gas(server: Server, rounds: int) -> None:
    """Scripts that end where 20 GAS are gone."""
    for name, make in (("arithmetic", arithmetic), ("arrays and maps", arrays_and_maps), ("calls", calls)):
        script = make(50_000_000)
        assert "Insufficient GAS" in server.ask(invocation(script, 0))["result"]["exception"]
        seconds = median(server.send([invocation(script, number)], 1) for number in range(1, 1 + min(3, rounds)))
        floor = loop_seconds()
        print(f"20 GAS of {name:<16} {seconds:.2f} s CPU, {seconds / floor:.1f} x the loop", flush=True)


def of_oracles(rounds: int) -> None:
    """The set `vm`, on the chain that it was asked on."""
    if not ORACLES.is_dir():
        print("the set vm: not here")
        return
    recorded = oracle("vm")
    signers = recorded["signers"]
    asked = [
        {"jsonrpc": "2.0", "id": 1, "method": "invokescript", "params": [case[0], *_signers(signers, case[1])]}
        for case in recorded["cases"]
    ]
    bodies = [json.dumps(asked[at : at + BATCH]).encode() for at in range(0, len(asked), BATCH)]
    taken = []
    for _ in range(min(3, rounds)):
        ours = Ours(SHARED / "csharp-chain.json.gz")
        try:
            taken.append(ours.server.send(bodies, 1))
        finally:
            ours.close()
    seconds, floor = median(taken), loop_seconds()
    print(
        f"the set vm, {len(asked)} scripts in batches of {BATCH}: {seconds:.2f} s CPU, {seconds / floor:.1f} x the loop"
    )


def _signers(signers: list[Any], index: int | None) -> list[Any]:
    return [signers[index]] if index else []


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--neo-go", nargs=2, metavar=("URL", "PID"))
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="")
    parser.add_argument("--parts", default="calls,scripts,gas,oracles")
    options = parser.parse_args()
    parts = options.parts.split(",")
    print(f"the loop: {loop_seconds():.3f} s CPU")
    ours = Ours({"network": {}}, "RpcServer.MaxGasInvoke=50")
    try:
        servers = {"rpcnode": ours.server}
        if options.neo_go:
            servers["neo-go"] = Server(options.neo_go[0], int(options.neo_go[1]))
        if "calls" in parts:
            of_calls(servers, options.requests, options.rounds, options.only)
        if "scripts" in parts:
            of_scripts(servers, options.rounds, options.only)
    finally:
        ours.close()
    if "gas" in parts:
        ours = Ours({"network": {}})
        try:
            of_all_gas(ours.server, options.rounds)
        finally:
            ours.close()
    if "oracles" in parts:
        of_oracles(options.rounds)


if __name__ == "__main__":
    main()
