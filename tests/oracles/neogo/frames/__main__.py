"""Records what clients at the websocket of a live neo-go send and receive, and the chain that it is about.

    python -m tests.oracles.neogo.frames --binary BINARY --out FRAMES.json.gz

Every client subscribes before the first transaction is sent. The same transactions and blocks, given to another node
one by one, make it send the same frames.
"""

import argparse
import asyncio
import gzip
import json
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import aiohttp

from tests.oracles.neogo.frames.cases import ASKED, RAW, SUBSCRIPTIONS, TOO_LONG, TRANSACTIONS, VALIDATOR
from tests.oracles.neogo.live import MOST_CLIENTS, MS_PER_BLOCK, NETWORK, LiveNode

HARDFORKS: Final = ("Aspidochelone", "Basilisk", "Cockatrice", "Domovoi", "Echidna", "Faun")
_QUIET: Final = 0.3  # seconds without a frame, after which nothing more comes


class Client:
    """One connection, and all that goes over it."""

    def __init__(self, name: str, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.name: Final = name
        self.socket: Final = socket
        self.frames: Final[list[dict[str, Any]]] = []
        self._ids = 0
        self._answered: Final = asyncio.Event()
        self._reading: Final = asyncio.create_task(self._read())

    async def ask(self, method: str, params: list[Any]) -> None:
        """Sends a request, and waits for its answer."""
        self._ids += 1
        self._answered.clear()
        await self.send(json.dumps({"jsonrpc": "2.0", "id": self._ids, "method": method, "params": params}))
        await self._answered.wait()

    async def send(self, text: str) -> None:
        """Sends any text."""
        self.frames.append({"sent": text})
        await self.socket.send_str(text)

    async def end(self) -> None:
        """Closes it, once nothing more comes."""
        await self.socket.close()
        await self._reading

    async def _read(self) -> None:
        async for message in self.socket:
            received = json.loads(message.data)
            self.frames.append({"received": received})
            if isinstance(received, dict) and received.get("id") == self._ids:
                self._answered.set()
        self.frames.append({"closed": self.socket.close_code})


async def _record(node: LiveNode) -> dict[str, Any]:
    async def ask(method: str, *params: Any) -> Any:
        return await asyncio.to_thread(node.ask, method, *params)

    url = f"{node.url}/ws"
    async with aiohttp.ClientSession() as session:
        clients = {name: Client(name, await session.ws_connect(url)) for name in SUBSCRIPTIONS}
        for name, subscriptions in SUBSCRIPTIONS.items():
            for params in subscriptions:
                await clients[name].ask("subscribe", params)
        for group in TRANSACTIONS:
            for transaction in group:
                await ask("sendrawtransaction", b64encode(transaction.serialize()).decode())
            last = await ask("getblockcount") + 1
            await asyncio.to_thread(node.wait_for_count, last)
        for client in clients.values():
            await client.end()
        asking = Client("asking", await session.ws_connect(url))
        for method, params in ASKED:
            await asking.ask(method, params)
        await asking.end()
        raw = {}
        for name, text in RAW.items():
            client = Client(name, await session.ws_connect(url))
            await client.send(text)
            await asyncio.sleep(_QUIET)
            await client.end()
            raw[name] = client.frames
        too_long = Client("too long", await session.ws_connect(url))
        with_bytes = Client("bytes", await session.ws_connect(url))
        await with_bytes.socket.send_bytes(RAW["an id that is text"].encode())
        await asyncio.sleep(_QUIET)
        with suppress(ConnectionError):
            await too_long.socket.send_str(json.dumps({"method": "x" * TOO_LONG}))
        await asyncio.sleep(_QUIET)
        await too_long.end()
        await with_bytes.end()
        return {
            "network": {
                "magic": NETWORK,
                "ms_per_block": MS_PER_BLOCK,
                "max_traceable_blocks": 200000,
                "max_valid_until_block_increment": 86400,
                "committee": [str(VALIDATOR.public)],
                "hardforks": {"Faun": 0},
            },
            "node": (await ask("getversion"))["useragent"],
            "transactions": {
                str(each.hash): b64encode(each.serialize()).decode() for group in TRANSACTIONS for each in group
            },
            "blocks": [await ask("getblock", index) for index in range(1, _last_block(clients["everything"]) + 1)],
            "clients": {name: client.frames for name, client in clients.items()},
            "asking": asking.frames,
            "raw": raw,
            "a binary message": with_bytes.frames,
            "a message of 4 MiB": too_long.frames,
            "handshakes": await _handshakes(session, node),
            "one client too many": await _too_many(session, url),
        }


def _last_block(client: Client) -> int:
    told = [frame["received"] for frame in client.frames if "received" in frame]
    return max(int(each["params"][0]["index"]) for each in told if each.get("method") == "block_added")


async def _handshakes(session: aiohttp.ClientSession, node: LiveNode) -> Any:
    """The answers to GETs and POSTs of /ws with various headers: status, headers and text."""
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    host = node.url.removeprefix("http://")
    tried = {
        "no upgrade": {},
        "no key": {name: value for name, value in upgrade.items() if name != "Sec-WebSocket-Key"},
        "version 8": upgrade | {"Sec-WebSocket-Version": "8"},
        "another origin": upgrade | {"Origin": "http://evil.example"},
        "its own origin": upgrade | {"Origin": f"http://{host}"},
        "a rebound name": upgrade | {"Origin": "http://evil.example", "Host": "evil.example"},
    }
    found = {}
    for name, headers in tried.items():
        async with session.get(f"{node.url}/ws", headers=headers) as answer:
            text = await answer.text() if answer.status != 101 else ""
            found[name] = {"sent": headers, "status": answer.status, "text": text}
    return found


async def _too_many(session: aiohttp.ClientSession, url: str) -> Any:
    await asyncio.sleep(_QUIET)
    held = []
    try:
        for _ in range(MOST_CLIENTS + 1):
            held.append(await session.ws_connect(url))
    except aiohttp.WSServerHandshakeError as refused:
        async with session.get(url, headers={"Connection": "Upgrade", "Upgrade": "websocket"}) as answer:
            return {"clients": len(held), "status": refused.status, "text": await answer.text()}
    finally:
        for socket in held:
            await socket.close()
    raise AssertionError("all were taken")


def main() -> None:
    """Starts a node, records, and writes the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, required=True, help="neo-go's")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    forks = dict.fromkeys(HARDFORKS, 0)
    with (
        TemporaryDirectory() as directory,
        LiveNode(options.binary, Path(directory), (VALIDATOR,), (VALIDATOR,), forks) as node,
    ):
        recorded = asyncio.run(_record(node))
    with gzip.open(options.out, "wt", encoding="utf-8") as file:
        json.dump(recorded, file, separators=(",", ":"))


if __name__ == "__main__":
    main()
