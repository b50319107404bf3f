"""`rpcnode export`: the raw blocks of a chain in a file, as neo-cli and neo-go restore them."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from rpcnode.chain.format.block_file import is_block_file, start_in_name, write_block, write_head
from rpcnode.commands.call import answers
from rpcnode.commands.progress_bar import progress_bar
from rpcnode.commands.remote.given_blocks import checked_block
from rpcnode.commands.replacing import replacing
from rpcnode.dev.recording.block_files import read_file
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.errors import NodeError, ProfileName
from rpcnode.primitives.progress import counted
from rpcnode.primitives.uint import UInt256
from rpcnode.server.traffic.node_client import target_of

_BATCH: Final = 50
"""Blocks that a running node is asked for at once."""


class Source(NamedTuple):
    """Where a chain is: one of the three."""

    db: Path | None
    fixtures: tuple[Path, ...]
    url: str | None


def export(source: Source, out: Path, profile: ProfileName, *, is_watched: bool) -> int:
    """Writes the chain from block 0 on into `out`, which is as before or whole, and says how much that is.

    Raises NodeError for a chain that is not there or begins above block 0, and for a file that cannot be written.
    """
    if start_in_name(out):
        raise NodeError(f"--out {out}: the chain is written from block 0 on; chain.acc and chain.0.acc are right names")
    with progress_bar(is_shown=is_watched):
        if source.url is not None:
            count, size = _from_url(source.url, out)
        else:
            count, size = _from_node(source, out, profile)
    sys.stdout.write(f"{out}: {count:,} blocks, {size:,} bytes\n")
    return 0


def _from_node(source: Source, out: Path, profile: ProfileName) -> tuple[int, int]:
    if source.db is not None and not source.db.is_file():
        raise NodeError(f"--db {source.db}: there is no such file")
    options = NodeOptions(fixtures=source.fixtures, db=source.db, profile=profile, dev=False)
    with closing(Node(options)) as node:
        ledger = node.ledger
        if ledger.base_height:
            raise NodeError(f"the chain begins at block {ledger.base_height}; a chain file has all blocks from 0 on")
        count = ledger.height + 1
        blocks = (ledger.block(index).serialize() for index in range(count))
        return count, _write(out, count, blocks, has_start=_has_start(source.fixtures))


def _has_start(fixtures: Sequence[Path]) -> bool:
    """Whether the chain comes from one file of raw blocks, that says where it starts: it is written as it was."""
    files = [path for path in fixtures if is_block_file(path)]
    return len(files) == 1 and read_file(files[0]).has_start


def _from_url(url: str, out: Path) -> tuple[int, int]:
    target = target_of(url)
    (count,) = answers(target, "getblockcount", [()])
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise NodeError(f"{target.url}: getblockcount answers {count!r}, which is no number of blocks")

    def blocks() -> Iterator[bytes]:
        previous = UInt256.ZERO
        for first in range(0, count, _BATCH):
            indices = range(first, min(first + _BATCH, count))
            found = answers(target, "getblock", [(index, False) for index in indices])
            for index, text in zip(indices, found, strict=True):
                block, raw = checked_block(target.url, index, text, previous)
                previous = block.hash
                yield raw

    return count, _write(out, count, blocks())


def _write(out: Path, count: int, blocks: Iterator[bytes], *, has_start: bool = False) -> int:
    with replacing(out, "--out") as file:
        write_head(file, count, has_start=has_start or start_in_name(out) is not None)
        for raw in counted(blocks, "exporting blocks", count):
            write_block(file, raw)
        return file.tell()
