"""Chain files of nodes, `chain.acc` and `chain.N.acc`: raw blocks, which are executed."""

import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from rpcnode.chain.declaration import DeclaredAccount
from rpcnode.chain.format.block_file import GZIPPED, ZIPPED, RawBlocks, read_block_file, uncompressed
from rpcnode.chain.genesis import differences_of_genesis
from rpcnode.chain.network import NetworkParameters, parameters_text
from rpcnode.chain.recorded.recorded import RecordedBlock, RecordedChain
from rpcnode.dev.places.errors import FixtureError
from rpcnode.dev.recording.linked_blocks import linked
from rpcnode.payloads.block import Block
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.files import open_regular
from rpcnode.primitives.progress import counted

MAX_BLOCK_FILE: Final = 512 * 1024 * 1024
"""Bytes, after decompression; the blocks of a file are in memory at once."""


def read_block_files(
    paths: Sequence[Path], parameters: NetworkParameters, accounts: tuple[DeclaredAccount, ...]
) -> RecordedChain:
    """The chain in some files together, each of which goes on where the one before ends.

    Raises FixtureError for what is no such file, for blocks that do not follow each other, and for a block 0 that is
    not the one that the parameters make.
    """
    files = [(path, read_file(path)) for path in paths]
    _check_together(files)
    places = [(path, raw) for path, read in files for raw in read.blocks]
    first = files[0][1].start

    def error_at(position: int, wrong: str) -> FixtureError:
        return FixtureError(places[position][0], f"block {first + position}: {wrong}")

    def blocks() -> Iterator[Block]:
        for position, (_, raw) in enumerate(counted(places, "checking blocks", len(places))):
            try:
                block = Block.parse(raw)
            except FormatError as error:
                raise error_at(position, f"is no block of Neo N3: {error}") from None
            if block.index != first + position:
                raise error_at(position, f"the block that stands here says that it is block {block.index}")
            if block.serialize() != raw:
                raise error_at(position, "is not written as a node writes it")
            if block.index == 0 and (told := differences_of_genesis(block, parameters)):
                right = "name a fixture with the `network` of this chain before the file"
                raise FixtureError(paths[0], f"block 0 is not that of the network: {'; '.join(told)}; {right}")
            yield block

    chain = linked(blocks(), error_at)
    digest = hashlib.sha256(parameters_text(parameters).encode())
    for _, raw in places:
        digest.update(raw)
    return RecordedChain(
        parameters=parameters,
        height=chain[-1].index,
        blocks=tuple(RecordedBlock(block, ()) for block in chain),
        digest=digest.hexdigest(),
        accounts=accounts,
    )


def read_file(path: Path) -> RawBlocks:
    """The raw blocks in one file. Raises FixtureError for what is no such file."""
    try:
        with open_regular(path) as plain:
            data = _content(plain, path)
    except (EOFError, gzip.BadGzipFile, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
        raise FixtureError(path, f"cannot be decompressed: {error}") from None
    except (OSError, ValueError) as error:
        raise FixtureError(path, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > MAX_BLOCK_FILE:
        raise FixtureError(path, f"larger than {MAX_BLOCK_FILE // 1024 // 1024} MB")
    try:
        return read_block_file(data, Path(uncompressed(path).name))
    except FormatError as error:
        raise FixtureError(path, f"is no chain file: {error}") from None


def _content(file: BinaryIO, path: Path) -> bytes:
    """What is in a file, compressed or not: one byte more than the most that is read, where there is that much.

    zipfile raises RuntimeError for a way of compression that it does not know, and for a file with a password.
    """
    kind = path.suffix.lower()
    if kind == ZIPPED:
        with zipfile.ZipFile(file) as archive:
            name = uncompressed(path).name
            if name not in archive.namelist():
                raise FixtureError(path, f"has no file {name} in it, which is what neo-cli reads of it")
            with archive.open(name) as inner:
                return inner.read(MAX_BLOCK_FILE + 1)
    if kind == GZIPPED:
        return gzip.GzipFile(fileobj=file).read(MAX_BLOCK_FILE + 1)
    return file.read(MAX_BLOCK_FILE + 1)


def _check_together(files: Sequence[tuple[Path, RawBlocks]]) -> None:
    expected = 0
    for path, read in files:
        if not read.blocks:
            raise FixtureError(path, "has no blocks")
        if read.start != expected:
            before = "the files before it go up" if expected else "no file before it goes up"
            where = f"to block {expected - 1}" if expected else f"to block {read.start - 1}"
            raise FixtureError(path, f"begins with block {read.start}, and {before} {where}; blocks are consecutive")
        expected += len(read.blocks)
