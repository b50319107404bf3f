"""The node as its user has it: a process, started with `python run.py`."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import PROJECT

RUN = (sys.executable, str(PROJECT / "run.py"))
LISTENING = "Listening on "
TIMEOUT_S = 30


def environment(**variables: str) -> dict[str, str]:
    """This process's environment with nothing in it for the node but `variables`, and Python at its defaults."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("RPCNODE_", "PYTHON", "COVERAGE"))
    }
    return inherited | variables


def run(
    *arguments: object,
    command: Sequence[str] = RUN,
    cwd: Path | None = None,
    **variables: str,
) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself, run to its end."""
    return subprocess.run(
        [*command, *map(str, arguments)],
        cwd=cwd,
        env=environment(**variables),
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT_S,
        check=False,
    )


@dataclass(frozen=True, slots=True)
class RunningNode:
    """A node that answers; `banner` is what it printed, a line each."""

    process: subprocess.Popen[str]
    banner: list[str]
    stderr_path: Path

    @property
    def url(self) -> str:
        return self.banner[-1].removeprefix(LISTENING)

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @property
    def stderr(self) -> str:
        """What it wrote to stderr until now."""
        return self.stderr_path.read_text("utf-8")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Sends a signal and gives the exit code; raises TimeoutExpired unless the node ends in a few seconds."""
        self.process.send_signal(number)
        return self.process.wait(timeout=10)

    def call(self, method: str, *params: object) -> Any:
        """The result of a call; KeyError for an error."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.url, body, timeout=TIMEOUT_S) as response:
            return json.loads(response.read())["result"]


def children_of(pid: int) -> list[int]:
    """The process ids of a process's children."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, encoding="ascii", check=True)
    pairs = [line.split() for line in listed.stdout.splitlines()]
    return [int(child) for child, parent in pairs if int(parent) == pid]


@contextmanager
def running_node(
    *arguments: object,
    folder: Path,
    command: Sequence[str] = RUN,
    cwd: Path | None = None,
    **variables: str,
) -> Iterator[RunningNode]:
    """A node on a free port unless `arguments` say otherwise; its stderr goes to a file in `folder`."""
    stderr_path = folder / "stderr.txt"
    with (
        stderr_path.open("w", encoding="utf-8") as stderr,
        subprocess.Popen(
            [*command, "--port", "0", *map(str, arguments)],
            cwd=cwd,
            env=environment(**variables),
            stdout=subprocess.PIPE,
            stderr=stderr,
            encoding="utf-8",
        ) as process,
    ):
        try:
            banner: list[str] = []
            assert process.stdout is not None
            while not (banner and banner[-1].startswith(LISTENING)):
                line = process.stdout.readline()
                assert line, f"no node; stderr: {stderr_path.read_text('utf-8')}"
                banner.append(line.rstrip("\n"))
            yield RunningNode(process, banner, stderr_path)
        finally:
            process.kill()
