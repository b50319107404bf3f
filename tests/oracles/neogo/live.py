"""A neo-go node of its own chain, on loopback: one validator, and as many keys of the committee as are asked for."""

import json
import subprocess
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from socket import socket
from types import TracebackType
from typing import Any, Final, Protocol, Self

from tests.oracles.neogo.people import PASSWORD, Key, nep2_of

NETWORK: Final = 42
MS_PER_BLOCK: Final = 100
MOST_CLIENTS: Final = 30
"""How many websocket clients a node takes."""

HARDFORKS: Final = ("Aspidochelone", "Basilisk", "Cockatrice", "Domovoi", "Echidna", "Faun", "Gorgon")


class RefusedError(Exception):
    """The node answered with an error, of this code and in these words."""

    def __init__(self, method: str, error: Mapping[str, Any]) -> None:
        super().__init__(f"{method}: {error}")
        self.code: Final = int(error["code"])
        self.words: Final = f"{error['message']} {error.get('data', '')}".strip()


class RestoreError(Exception):
    """Neo-go does not take a chain, in its words."""


class Asked(Protocol):
    """A node that answers calls."""

    def ask(self, method: str, *params: Any) -> Any:
        """The result of a call; RefusedError for an error."""

    @property
    def height(self) -> int:
        """The index of the last block."""


class LiveNode:
    """Runs from `with` to its end; makes a block every so many ms, whether there are transactions or not.

    `committee` are the standby members, of whom the first is the validator; the node signs for each of `keys`, so a
    vote may make any of them the validator. `hardforks` gives heights, None: never. One that
    `only_takes` makes no blocks. `chain` is a file of raw blocks, which neo-go restores first, verifying each.
    """

    def __init__(
        self,
        binary: Path,
        directory: Path,
        keys: Sequence[Key],
        committee: Sequence[Key],
        hardforks: Mapping[str, int],
        ms_per_block: int = MS_PER_BLOCK,
        *,
        only_takes: bool = False,
        chain: Path | None = None,
    ) -> None:
        self._chain: Final = chain
        self._blocks_at_start: Final = 1 if only_takes else 2
        self._directory: Final = directory
        with socket() as free:
            free.bind(("127.0.0.1", 0))
            self.url: Final = f"http://127.0.0.1:{free.getsockname()[1]}"
            port = free.getsockname()[1]
        (directory / "wallet.json").write_text(json.dumps(_wallet(keys)))
        config = _config(directory, port, committee, hardforks, ms_per_block)
        config["ApplicationConfiguration"]["Consensus"]["Enabled"] = not only_takes
        if chain is not None:
            database = {"Type": "boltdb", "BoltDBOptions": {"FilePath": str(directory / "chain.bolt")}}
            config["ApplicationConfiguration"]["DBConfiguration"] = database
        (directory / "protocol.yml").write_text(json.dumps(config))  # JSON is YAML
        self._arguments: Final = [str(binary), "node", "--config-file", str(directory / "protocol.yml")]
        self._restoring: Final = [str(binary), "db", "restore", *self._arguments[2:], "--in", str(chain)]
        self._opener: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def __enter__(self) -> Self:
        if self._chain is not None:
            done = subprocess.run(self._restoring, cwd=self._directory, capture_output=True, text=True, check=False)
            if done.returncode:
                raise RestoreError(done.stdout[-3000:] + done.stderr[-3000:])
        with (self._directory / "node.log").open("wb") as log:
            self._process = subprocess.Popen(
                self._arguments, cwd=self._directory, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )
        end = time.monotonic() + 20
        while time.monotonic() < end and self._process.poll() is None:
            try:
                if self.ask("getblockcount") >= self._blocks_at_start:
                    return self
            except OSError:
                time.sleep(0.05)
        self._process.kill()
        raise RuntimeError((self._directory / "node.log").read_text(errors="replace")[-3000:])

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def ask(self, method: str, *params: Any) -> Any:
        """The result of a call; RefusedError for an error."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})
        try:
            with self._opener.open(request, timeout=30) as response:
                answer = json.load(response)
        except urllib.error.HTTPError as error:
            answer = json.loads(error.read())
        if "error" in answer:
            raise RefusedError(method, answer["error"])
        return answer["result"]

    def wait_for_count(self, blocks: int) -> None:
        """Returns once the node has so many blocks, and nothing waits."""
        while self.ask("getblockcount") < blocks or self.ask("getrawmempool"):
            time.sleep(0.02)

    @property
    def height(self) -> int:
        """The index of the last block."""
        return int(self.ask("getblockcount")) - 1


def _wallet(keys: Sequence[Key]) -> Any:
    accounts = [
        {
            "address": key.address,
            "key": nep2_of(key),
            "label": "",
            "contract": {
                "script": key.script_base64,
                "parameters": [{"name": "parameter0", "type": "Signature"}],
                "deployed": False,
            },
            "lock": False,
            "isDefault": key is keys[0],
        }
        for key in keys
    ]
    return {"version": "1.0", "accounts": accounts, "scrypt": {"n": 2, "r": 1, "p": 1}, "extra": {"Tokens": None}}


def _config(
    directory: Path, port: int, committee: Sequence[Key], hardforks: Mapping[str, int], ms_per_block: int
) -> Any:
    protocol = {
        "Magic": NETWORK,
        "MaxTraceableBlocks": 200000,
        "MaxValidUntilBlockIncrement": 86400,
        "MaxBlockSystemFee": 900_000_000_000,
        "TimePerBlock": f"{ms_per_block}ms",
        "Genesis": {
            "TimePerBlock": f"{ms_per_block}ms",
            "MaxTraceableBlocks": 200000,
            "MaxValidUntilBlockIncrement": 86400,
        },
        "MemPoolSize": 1000,
        "StandbyCommittee": [str(key.public) for key in committee],
        "ValidatorsCount": 1,
        "VerifyTransactions": True,
        "P2PSigExtensions": False,
        "Hardforks": dict(hardforks),
    }
    wallet = {"Path": str(directory / "wallet.json"), "Password": PASSWORD}
    application = {
        "DBConfiguration": {"Type": "inmemory"},
        "P2P": {"Addresses": ["127.0.0.1:0"], "DialTimeout": "3s", "ProtoTickInterval": "2s", "MinPeers": 0},
        "Relay": True,
        "Consensus": {"Enabled": True, "UnlockWallet": wallet},
        "RPC": {
            "Enabled": True,
            "Addresses": [f"127.0.0.1:{port}"],
            "MaxGasInvoke": 50,
            "MaxRequestBodyBytes": 5242880,
            "MaxFindStoragePageSize": 1000,
            "MaxFindResultItems": 1000,
            "MaxWebSocketClients": MOST_CLIENTS,
            "MempoolSubscriptionsEnabled": True,
        },
        "Prometheus": {"Enabled": False},
        "Pprof": {"Enabled": False},
    }
    return {"ProtocolConfiguration": protocol, "ApplicationConfiguration": application}
