"""Nodes over chains that a test describes, and what tests of trackers say about them again and again."""

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from rpcnode.node import Node
from rpcnode.options import NodeOptions, PluginSetting
from rpcnode.primitives.address import address_of, script_hash_of
from rpcnode.primitives.errors import ProfileName, RpcError
from rpcnode.primitives.json import Json, document_of
from rpcnode.primitives.uint import UInt160

Document = dict[str, Any]

PROFILES: Final[tuple[ProfileName, ...]] = ("n3", "n3-preview", "n2")
ADDRESS_VERSION: Final[dict[ProfileName, int]] = {"n3": 0x35, "n3-preview": 0x35, "n2": 0x17}
EVENT_NAME: Final[dict[ProfileName, str]] = {"n3": "Transfer", "n3-preview": "Transfer", "n2": "transfer"}

TIME_UNIT_MS: Final[dict[ProfileName, int]] = {"n3": 1, "n3-preview": 1, "n2": 1000}
"""Milliseconds in one tick of a tracker's timestamps."""

ZERO_ADDRESS: Final[dict[ProfileName, str]] = {
    "n3": "NKuyBkoGdZZSLyPbJEetheRhMjeznFZszf",
    "n3-preview": "NKuyBkoGdZZSLyPbJEetheRhMjeznFZszf",
    "n2": "AFmseVrdL9f9oyCzZefL9tG6UbvhPbdYzM",
}
"""The address of the zero hash, which stands for who minted and burned: Base58Check of the version and 20 zeros."""

HOLDER: Final = "0x" + "a1" * 20
OTHER: Final = "0x" + "b2" * 20
ZERO: Final = "0x" + "00" * 20
TOKEN: Final = "0x" + "77" * 20

GENESIS_MS: Final = 1_600_000_000_000
MS_PER_BLOCK: Final = 15_000

REFERENCE: Final[dict[str, Json]] = {"ErrorSemantics": "reference"}


class NodeBuilder:
    """Writes a chain into a file and builds a node over it; closes what it built.

    One that `keeps` hands out the same node for the same arguments.
    """

    def __init__(self, folder: Path, *, keeps: bool = False) -> None:
        self.folder = folder
        self._keeps = keeps
        self._kept: dict[str, Node] = {}
        self._open: list[Node] = []
        self._files = 0

    def __call__(
        self,
        chain: Document | str | Path | None,
        profile: ProfileName = "n3",
        tracker: Mapping[str, Json] | None = None,
        *,
        settings: Sequence[PluginSetting] = (),
        db: Path | None = None,
        plugins_dirs: tuple[Path, ...] = (),
        environment: Mapping[str, str] | None = None,
        shared_file: Path | None = None,
    ) -> Node:
        """A node over a description (data, or YAML as text), a fixture file, or with None what `db` holds.

        `tracker` sets keys of RpcNep5Tracker; `shared_file` is where readers find the chain.
        """
        arguments = repr((chain, profile, tracker, settings, db, plugins_dirs, environment, shared_file))
        if arguments in self._kept:
            return self._kept[arguments]
        node = Node(
            NodeOptions(
                fixtures=() if chain is None else (self._file_of(chain),),
                profile=profile,
                db=db,
                settings=(
                    *(PluginSetting("RpcNep5Tracker", key, value, "test") for key, value in (tracker or {}).items()),
                    *settings,
                ),
                plugins_dirs=plugins_dirs,
                environment=dict(environment or {}),
            ),
            shared_file=shared_file,
        )
        self._open.append(node)
        if self._keeps:
            self._kept[arguments] = node
        return node

    def close(self) -> None:
        """Closes every node that is still open."""
        while self._open:
            self._open.pop().close()

    def close_node(self, node: Node) -> None:
        """Closes one node, so that its database can be opened again."""
        self._open.remove(node)
        node.close()

    def _file_of(self, chain: Document | str | Path) -> Path:
        if isinstance(chain, Path):
            return chain
        self._files += 1
        file = self.folder / f"chain{self._files}.{'yaml' if isinstance(chain, str) else 'json'}"
        file.write_text(chain if isinstance(chain, str) else json.dumps(chain), "utf-8")
        return file


def chain_of(*blocks: Document, contracts: Document | None = None, height: int | None = None, **more: Any) -> Document:
    """A description of a chain; unless `contracts` says other, with the NEP-5 token `demo` at `TOKEN`."""
    declared = {"demo": {"hash": TOKEN, "standard": "NEP-5"}} if contracts is None else contracts
    highest = max((block["index"] for block in blocks), default=0)
    return {
        "network": {"ms_per_block": MS_PER_BLOCK, "genesis_time": GENESIS_MS},
        "node": {"height": highest if height is None else height},
        "contracts": declared,
        "blocks": list(blocks),
        **more,
    }


def block(index: int, *transactions: Document, time_ms: int | None = None) -> Document:
    """A block of a description."""
    timed = {} if time_ms is None else {"timestamp": time_ms}
    return {"index": index, "transactions": list(transactions), **timed}


def transfers(*movements: tuple[str | None, str | None, int | str], asset: str = "demo") -> Document:
    """A transaction that moves: sender, receiver, amount."""
    return {
        "transfers": [
            {"asset": asset, "from": sender, "to": receiver, "amount": str(amount)}
            for sender, receiver, amount in movements
        ]
    }


def event(profile: ProfileName, *items: Json, contract: str = "demo", name: Json = "") -> Document:
    """A notification with the profile's transfer event name, or another; before N3 the name is the first item."""
    named = name or EVENT_NAME[profile]
    if profile == "n3":
        return {"contract": contract, "event": named, "state": list(items)}
    first = {"type": "String", "value": named} if isinstance(named, str) else named
    return {"contract": contract, "state": [first, *items]}


def notifies(*events: Document, faults: bool = False) -> Document:
    """A transaction of which only events are known."""
    return {"notifications": list(events), "faults": faults}


def time_of(index: int) -> int:
    """When a block of `chain_of` is made, in ms, unless it says itself."""
    return GENESIS_MS + index * MS_PER_BLOCK


def address(profile: ProfileName, script_hash: str) -> str:
    """The address of a script hash on the profile's main network."""
    return address_of(UInt160.parse(script_hash), ADDRESS_VERSION[profile])


def hash_of(profile: ProfileName, text: str) -> str:
    """The script hash of an address on the profile's main network."""
    return str(script_hash_of(text, ADDRESS_VERSION[profile]))


def result(node: Node, method: str, *params: Json) -> Any:
    """What a method answers."""
    return document_of(node.methods[method](list(params)))


def error(node: Node, method: str, *params: Json) -> dict[str, int | str]:
    """The error object that a method answers."""
    with pytest.raises(RpcError) as caught:
        document_of(node.methods[method](list(params)))
    return caught.value.error_object(node.options.profile)


def balances(node: Node, account: str) -> list[tuple[str, str, int]]:
    """The rows of getnep5balances: asset as 0x hash, amount, block."""
    rows = result(node, "getnep5balances", account)["balance"]
    return [("0x" + row["asset_hash"][-40:], row["amount"], row["last_updated_block"]) for row in rows]


def history(node: Node, account: str) -> dict[str, list[dict[str, Any]]]:
    """What getnep5transfers says an account sent and received after the first block, until year 2106.

    On preview2 the first block mints NEO and GAS.
    """
    answer = result(node, "getnep5transfers", account, 1, 2**32 - 1 if node.options.profile == "n2" else 2**42)
    return {side: [row for row in answer[side] if row["block_index"] > 0] for side in ("sent", "received")}


def amounts(node: Node, account: str) -> tuple[list[str], list[str]]:
    """The amounts an account sent, and those it received, in the order of the answer."""
    listed = history(node, account)
    return [row["amount"] for row in listed["sent"]], [row["amount"] for row in listed["received"]]


def json_of(file: Path) -> Document:
    """A JSON file's data, decompressed if its name ends in .gz."""
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    document: Document = json.loads(content)
    return document
