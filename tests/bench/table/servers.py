"""The servers that are measured, each a process on this machine."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from tests.node_process import children_of

ROOT: Final = Path(__file__).resolve().parents[3]
RECORDED: Final = ROOT / "fixtures" / "recorded-n3-chain.json.gz"

_PROCESS_CLOCK: Final = 2  # a process's own clock, as clock_getcpuclockid names it
_PATIENCE: Final = 120.0  # seconds
_PROTOCOL: Final = {
    "Magic": 42,
    "MaxTraceableBlocks": 200_000,
    "TimePerBlock": "100ms",
    "MemPoolSize": 100,
    "StandbyCommittee": ["02b3622bf4017bdfe317c58aed5f4c753f206b7db896046fa7d774bbc4bf7f8dc2"],
    "ValidatorsCount": 1,
    "VerifyTransactions": True,
    "Hardforks": dict.fromkeys(("Aspidochelone", "Basilisk", "Cockatrice", "Domovoi", "Echidna", "Faun"), 0),
}
"""The network of the recorded chain, as neo-go is told of it."""


class Server:
    """A process that answers on a port."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", port: int, folder: "tempfile.TemporaryDirectory[str]"
    ) -> None:
        self._process = process
        self._folder = folder
        self._pids: list[int] | None = None
        self.port = port

    def cpu_seconds(self) -> float:
        """What all its threads have run so far, and those of its workers."""
        if self._pids is None:
            self._pids = [self._process.pid, *children_of(self._process.pid)]
        return sum(time.clock_gettime((~pid << 3) | _PROCESS_CLOCK) for pid in self._pids)

    def ask(self, method: str, *params: object) -> Any:
        """The result of a call."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=_PATIENCE) as reply:
            return json.load(reply)["result"]

    def close(self) -> None:
        """Ends it."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()


def rpcnode(*options: str, fixture: Path | None = None, checkout: Path = ROOT) -> Server:
    """A node of a checkout, on the dev chain unless a fixture is named."""
    folder = tempfile.TemporaryDirectory()
    ready = Path(folder.name) / "ready.json"
    command = [sys.executable, str(checkout / "run.py"), "-q", "--port", "0", "--ready-file", str(ready), *options]
    if fixture is not None:
        command += ["--fixture", str(fixture)]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=folder.name, env=environment)
    _wait(process, ready.exists, "rpcnode")
    return Server(process, json.loads(ready.read_text())["port"], folder)


def floor(which: str) -> Server:
    """One of floors.py."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.table.floors", which], stdout=subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    with process.stdout as told:
        port = int(told.readline())
    return Server(process, port, tempfile.TemporaryDirectory())


def neo_go(binary: Path) -> Server:
    """neo-go on the recorded chain, as `rpcnode export` writes it."""
    folder = tempfile.TemporaryDirectory()
    chain, config = Path(folder.name) / "chain.acc", Path(folder.name) / "protocol.yml"
    _run([sys.executable, str(ROOT / "run.py"), "export", "--fixture", str(RECORDED), "--out", str(chain)], folder.name)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    application = {
        "DBConfiguration": {"Type": "leveldb", "LevelDBOptions": {"DataDirectoryPath": f"{folder.name}/chain"}},
        "P2P": {"Addresses": ["127.0.0.1:0"], "MinPeers": 0, "MaxPeers": 1},
        "Relay": False,
        "RPC": {"Enabled": True, "Addresses": [f"127.0.0.1:{port}"], "MaxGasInvoke": 50},
    }
    # JSON is YAML.
    config.write_text(json.dumps({"ProtocolConfiguration": _PROTOCOL, "ApplicationConfiguration": application}))
    _run([str(binary), "db", "restore", "--config-file", str(config), "-i", str(chain)], folder.name)
    process = subprocess.Popen(
        [str(binary), "node", "--config-file", str(config)],
        cwd=folder.name,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def answers() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    _wait(process, answers, "neo-go")
    return Server(process, port, folder)


def _run(command: Sequence[str], folder: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=_PATIENCE, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {(done.stdout + done.stderr)[-2000:].decode(errors='replace')}")


def _wait(process: "subprocess.Popen[bytes]", is_there: Any, name: str) -> None:
    ends = time.monotonic() + _PATIENCE
    while not is_there():
        if process.poll() is not None or time.monotonic() > ends:
            process.kill()
            raise SystemExit(f"{name} did not start")
        time.sleep(0.01)
