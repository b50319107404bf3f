"""The rows of a running node's contracts: those of now, and those that stood after a block."""

from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
from typing import Final

from rpcnode.commands.remote.peer import Peer, Refused
from rpcnode.execution.contract import CONTRACT_PREFIX
from rpcnode.execution.native_hashes import CONTRACT_MANAGEMENT, LEDGER, POLICY
from rpcnode.natives.policy_values import (
    MAX_TRACEABLE_BLOCKS_KEY,
    MAX_VALID_UNTIL_BLOCK_INCREMENT_KEY,
    MS_PER_BLOCK_KEY,
)
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import integer_of

_STORED_FROM: Final = "Echidna"
_KEYS: Final = {
    "msperblock": MS_PER_BLOCK_KEY,
    "maxvaliduntilblockincrement": MAX_VALID_UNTIL_BLOCK_INCREMENT_KEY,
    "maxtraceableblocks": MAX_TRACEABLE_BLOCKS_KEY,
}

Rows = dict[str, Json]
"""By contract: an object of values by key, both in Base64."""

Reader = Callable[[UInt160, str], Awaitable[dict[str, Json]]]
"""The rows of a contract whose keys begin so (Base64)."""


async def rows_now(peer: Peer) -> Rows | None:
    """All rows by `findstorage`, but for LedgerContract's, which follow from blocks; None where the node refuses it.

    They belong together only if no block came meanwhile.
    """

    async def read(contract: UInt160, prefix: str) -> dict[str, Json]:
        rows: dict[str, Json] = {}
        start = 0
        while True:
            page = _page(peer, "findstorage", await peer.result("findstorage", str(contract), prefix, start))
            rows |= _rows_of(peer, "findstorage", page)
            if not page.get("truncated"):
                return rows
            following = page.get("next")
            if not isinstance(following, int) or following <= start:
                raise NodeError(f"{peer.url}: findstorage goes on at {following!r} after {start}")
            start = following

    return await _all_rows(peer, read)


async def rows_after(peer: Peer, block_index: int) -> Rows | None:
    """All rows as they stood after a block, by `findstates`; None where the node does not keep full state."""
    try:
        root = await peer.result("getstateroot", block_index)
    except Refused:
        return None
    root_hash = root.get("roothash") if isinstance(root, dict) else None

    async def read(contract: UInt160, prefix: str) -> dict[str, Json]:
        rows: dict[str, Json] = {}
        after: list[Json] = []
        while True:
            found = await peer.result("findstates", root_hash, str(contract), prefix, *after)
            page = _page(peer, "findstates", found)
            new = _rows_of(peer, "findstates", page)
            if not page.get("truncated"):
                return rows | new
            if not new.keys() - rows.keys():
                raise NodeError(f"{peer.url}: findstates gives the same rows again and again")
            rows |= new
            after = [list(new)[-1]]

    return await _all_rows(peer, read)


async def first_settings(peer: Peer, protocol: dict[str, Json]) -> dict[str, Json]:
    """Members of getversion's `protocol` as they were before the committee changed them; getversion tells today's.

    From Echidna on PolicyContract stores them. Empty on a chain without Echidna, and of a node without full state.
    """
    forks = protocol.get("hardforks")
    heights = {
        fork.get("name"): fork.get("blockheight")
        for fork in (forks if isinstance(forks, list) else ())
        if isinstance(fork, dict)
    }
    if _STORED_FROM not in heights:
        return {}
    try:
        root = await peer.result("getstateroot", heights[_STORED_FROM])
        root_hash = root.get("roothash") if isinstance(root, dict) else None
        found = {}
        for name, key in _KEYS.items():
            row = await peer.result("getstate", root_hash, str(POLICY), b64encode(key).decode())
            found[name] = integer_of(b64decode(row)) if isinstance(row, str) else None
    except (Refused, ValueError):
        return {}
    return {name: value for name, value in found.items() if value is not None and name in protocol}


async def _all_rows(peer: Peer, read: Reader) -> Rows | None:
    try:
        deployed = await read(CONTRACT_MANAGEMENT, b64encode(CONTRACT_PREFIX).decode())
        hashes = sorted(
            UInt160(key[len(CONTRACT_PREFIX) :])
            for key in map(b64decode, deployed)
            if len(key) == len(CONTRACT_PREFIX) + UInt160.SIZE
        )
        return {str(contract): await read(contract, "") for contract in hashes if contract != LEDGER}
    except Refused:
        return None


def _page(peer: Peer, method: str, result: Json) -> dict[str, Json]:
    if not isinstance(result, dict):
        raise NodeError(f"{peer.url}: {method} answers what is no page of rows")
    return result


def _rows_of(peer: Peer, method: str, page: dict[str, Json]) -> dict[str, Json]:
    listed = page.get("results")
    rows: dict[str, Json] = {}
    for row in listed if isinstance(listed, list) else ():
        if not isinstance(row, dict) or not isinstance(key := row.get("key"), str):
            raise NodeError(f"{peer.url}: {method} answers a row without a key")
        rows[key] = row.get("value")
    return rows
