"""`rpcnode record`: the chain of a running node of Neo N3 in a fixture, which is executed here."""

import asyncio
import gzip
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rpcnode.commands.progress_bar import progress_bar
from rpcnode.commands.remote.given_blocks import checked_block
from rpcnode.commands.remote.node_state import Rows, first_settings, rows_after, rows_now
from rpcnode.commands.remote.partial_file import PartialFile
from rpcnode.commands.remote.peer import Peer, Refused, connected
from rpcnode.commands.replacing import replacing
from rpcnode.dev.places.limits import MAX_FILE_SIZE
from rpcnode.primitives.errors import MethodNotFound, NodeError
from rpcnode.primitives.json import Json
from rpcnode.primitives.progress import work
from rpcnode.primitives.uint import UInt256
from rpcnode.server.traffic.node_client import Target, target_of

_TOGETHER: Final = 16
"""Blocks that are asked for together; they are kept in order."""

_NAMES: Final = (".json", ".json.gz")
_NO_METHOD: Final = MethodNotFound.n3[0]


@dataclass(frozen=True, slots=True)
class Span:
    """The blocks that are wished: from `first` to `last`, None being the tip."""

    first: int
    last: int | None


def record(url: str, out: Path, span: Span, *, is_watched: bool) -> int:
    """Writes the blocks of a span into `out`, with logs, roots and rows where the node has them, and says what it has.

    What was received stays beside it until all is there; the same command goes on from it. Raises NodeError.
    """
    if not out.name.lower().endswith(_NAMES):
        raise NodeError(f"--out {out}: a recording is JSON; its name ends in .json or .json.gz")
    with progress_bar(is_shown=is_watched):
        told = asyncio.run(_record(target_of(url), out, span))
    sys.stdout.write(f"{out}: {told}\n")
    return 0


async def _record(target: Target, out: Path, span: Span) -> str:
    async with connected(target) as (peer,):
        version = await _version(peer)
        tip = await _tip(peer)
        last = tip if span.last is None else span.last
        if not span.first <= last <= tip:
            raise NodeError(
                f"{peer.url}: has blocks 0 to {tip}; --from {span.first} and --to {last} do not lie in them"
            )
        if span.first:
            before = await rows_after(peer, span.first - 1)
        else:
            before, protocol = None, version["protocol"]
            assert isinstance(protocol, dict)
            version["protocol"] = {**protocol, **await first_settings(peer, protocol)}
        with PartialFile(out, {"network": version["protocol"], "from": span.first}) as partial:
            recording = _Recording(span.first, last)
            for block in partial.blocks():
                if recording.next_index <= last:
                    recording.take(peer, block)
            await _receive(peer, recording, partial)
            whole = await _whole(peer, recording, version, before)
            with replacing(out, "--out") as file:
                content = json.dumps(whole, separators=(",", ":")).encode()
                # No time in it: what is recorded twice is the same bytes.
                file.write(gzip.compress(content, mtime=0) if out.suffix.lower() == ".gz" else content)
            partial.remove()
    return recording.summary(whole)


async def _version(peer: Peer) -> dict[str, Json]:
    version = await peer.result("getversion")
    if not isinstance(version, dict) or not isinstance(version.get("protocol"), dict):
        raise NodeError(f"{peer.url}: is no node of Neo N3: its getversion tells no protocol")
    return version


async def _tip(peer: Peer) -> int:
    count = await peer.result("getblockcount")
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise NodeError(f"{peer.url}: getblockcount answers {count!r}, which is no number of blocks")
    return count - 1


@dataclass(slots=True)
class _Recording:
    """What a recording holds of blocks `first` to `last`."""

    first: int
    last: int
    blocks: list[Json] = field(default_factory=list)
    logs: dict[str, Json] = field(default_factory=dict)
    roots: dict[str, Json] = field(default_factory=dict)
    contracts: set[str] = field(default_factory=set)
    transactions: int = 0
    previous: UInt256 | None = None

    @property
    def next_index(self) -> int:
        """The block that comes next."""
        return self.first + len(self.blocks)

    def take(self, peer: Peer, received: dict[str, Json]) -> None:
        """Adds the next block, as `_block` gives it. Raises NodeError for one that does not follow."""
        block, _ = checked_block(peer.url, self.next_index, received.get("raw"), self.previous)
        logs, root = received.get("logs"), received.get("root")
        if isinstance(logs, dict):
            self.logs |= logs
            self.contracts |= set(_contracts_of(logs))
        if root is not None:
            self.roots[str(block.index)] = root
        self.previous = block.hash
        self.transactions += len(block.transactions)
        self.blocks.append({"raw": received["raw"]})

    def summary(self, whole: dict[str, Json]) -> str:
        """What the file has, for people."""
        parts = {"application_logs": "logs", "state_roots": "state roots", "storages": "the rows after the last"}
        parts["storages_before"] = "the rows before the first"
        there = [text for key, text in parts.items() if whole.get(key)]
        blocks = f"blocks {self.first} to {self.last}, {self.transactions:,} transactions"
        observed = "" if self.first == 0 or "storages_before" in whole else "; observed: nothing of it is executed"
        return f"{blocks}, with {', '.join(there) or 'nothing besides'}{observed}"


async def _receive(peer: Peer, recording: _Recording, partial: PartialFile) -> None:
    """Asks for what is not there yet, and keeps it."""
    work.begin("recording blocks", recording.last - recording.first + 1)
    offered = _Offered()
    while (index := recording.next_index) <= recording.last:
        work.done = index - recording.first
        if partial.size > MAX_FILE_SIZE:
            most = f"a fixture holds {MAX_FILE_SIZE // 1024 // 1024} MB at most"
            raise NodeError(f"{partial.path}: {most}; --to {index - 1} is what there is room for")
        indices = range(index, min(index + _TOGETHER, recording.last + 1))
        for received in await asyncio.gather(*(_block(peer, each, offered) for each in indices)):
            recording.take(peer, received)
            partial.add(received)


@dataclass(slots=True)
class _Offered:
    """What a node has methods for, as far as it is known."""

    logs: bool = True
    roots: bool = True


async def _block(peer: Peer, index: int, offered: _Offered) -> dict[str, Json]:
    """A block as it is kept: `raw`, `logs` by hash and `root`, the last two where the node has them."""
    raw = await peer.result("getblock", index, False)
    block, _ = checked_block(peer.url, index, raw, None)
    received: dict[str, Json] = {"raw": raw}
    if offered.logs:
        hashes = [str(block.hash), *(str(transaction.hash) for transaction in block.transactions)]
        try:
            found = await asyncio.gather(*(peer.result("getapplicationlog", each) for each in hashes))
            received["logs"] = dict(zip(hashes, found, strict=True))
        except Refused as error:
            if error.code != _NO_METHOD:
                raise
            offered.logs = False
    if offered.roots:
        try:
            root = await peer.result("getstateroot", index)
            received["root"] = root.get("roothash") if isinstance(root, dict) else None
        except Refused as error:  # a node whose roots lag behind its blocks has no root of this one yet
            offered.roots = error.code != _NO_METHOD
    return received


async def _whole(peer: Peer, recording: _Recording, version: dict[str, Json], before: Rows | None) -> dict[str, Json]:
    """The recording as a fixture."""
    whole: dict[str, Json] = {"version": version, "height": recording.last + 1, "blocks": recording.blocks}
    if recording.logs:
        whole["application_logs"] = {**recording.logs}
    if recording.roots:
        whole["state_roots"] = {**recording.roots}
    if before is not None:
        whole["storages_before"] = {**before}
    elif recording.first:
        if not recording.logs:
            wrong = "the chain begins above genesis, and the node has neither full state nor application logs"
            raise NodeError(f"{peer.url}: {wrong}, so that nothing would follow from its blocks")
        whole["contracts"] = await _contracts(peer, recording.contracts)
        whole["native_contracts"] = await peer.result("getnativecontracts")
    if recording.last == await _tip(peer):
        work.begin("recording rows")
        rows = await rows_now(peer)
        if rows is not None and recording.last == await _tip(peer):
            whole["storages"] = {**rows}
    return whole


async def _contracts(peer: Peer, hashes: set[str]) -> dict[str, Json]:
    """The contracts that are there now; one that was destroyed stays unknown."""

    async def state(script_hash: str) -> Json:
        try:
            return await peer.result("getcontractstate", script_hash)
        except Refused:
            return None

    listed = sorted(hashes)
    states = await asyncio.gather(*map(state, listed))
    return {script_hash: found for script_hash, found in zip(listed, states, strict=True) if found is not None}


def _contracts_of(logs: dict[str, Json]) -> Iterator[str]:
    """The contracts whose events are in some logs."""
    for log in logs.values():
        for execution in _objects(log, "executions"):
            for event in _objects(execution, "notifications"):
                if isinstance(contract := event.get("contract"), str):
                    yield contract


def _objects(holder: Json, member: str) -> list[dict[str, Json]]:
    listed = holder.get(member) if isinstance(holder, dict) else None
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
