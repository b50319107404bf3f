"""Raw blocks in a file, as nodes dump and restore them.

Numbers are little-endian: the index of the first block (4 bytes, in a `chain.N.acc` of neo-cli and in what neo-go dumps
unless told otherwise), how many blocks there are (4 bytes), and each block behind its size (4 bytes). neo-go restores
both forms by whatever name, neo-cli the one that goes with the name.
Source: neo-node 3.10.2, Neo.CLI/CLI/MainService.Block.cs; neo-go 0.120, pkg/core/chaindump.
"""

import re
from pathlib import Path
from struct import Struct
from typing import BinaryIO, Final, NamedTuple

from rpcnode.primitives.errors import FormatError

_NUMBER: Final = Struct("<I")
_WITH_START: Final = re.compile(r"chain\.(\d+)\.acc").fullmatch
_MOST_OF_A_BLOCK: Final = 0x02000000  # bytes; Message.PayloadMaxSize

SUFFIX: Final = ".acc"
GZIPPED: Final = ".gz"
ZIPPED: Final = ".zip"
"""neo-cli reads `chain.acc.zip` and `chain.N.acc.zip`, in which the file has the name without `.zip`."""


class RawBlocks(NamedTuple):
    """The blocks of one file, from the index `start` on; `has_start`: the file says that index."""

    start: int
    blocks: tuple[bytes, ...]
    has_start: bool


def is_block_file(path: Path) -> bool:
    """Whether a file is one of raw blocks, compressed or not, by its name."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    return suffixes[-1:] == [SUFFIX] or suffixes[-2:] in ([SUFFIX, GZIPPED], [SUFFIX, ZIPPED])


def uncompressed(path: Path) -> Path:
    """The name that a compressed file has without what says so; any other is as it is."""
    return path.with_suffix("") if path.suffix.lower() in (GZIPPED, ZIPPED) else path


def start_in_name(path: Path) -> int | None:
    """The index that a name `chain.N.acc` has; None for another, whose file begins with the number of blocks."""
    found = _WITH_START(path.name)
    return None if found is None else int(found[1])


def read_block_file(data: bytes, path: Path) -> RawBlocks:
    """The raw blocks in a file.

    Which of the two forms it has shows where the sizes lead to its end; its name is believed where neither does.
    Raises FormatError for a file that is cut off, or goes on behind its last block.
    """
    with_start = start_in_name(path) is not None
    failed: FormatError | None = None
    for has_start in (with_start, not with_start):
        try:
            return _read(data, has_start)
        except FormatError as error:
            failed = failed or error
    assert failed is not None
    raise failed


def write_head(file: BinaryIO, count: int, *, has_start: bool) -> None:
    """Begins a file of `count` blocks from genesis on."""
    if has_start:
        file.write(_NUMBER.pack(0))
    file.write(_NUMBER.pack(count))


def write_block(file: BinaryIO, raw: bytes) -> None:
    """Writes the next block."""
    file.write(_NUMBER.pack(len(raw)))
    file.write(raw)


def _read(data: bytes, has_start: bool) -> RawBlocks:
    at = 0

    def number() -> int:
        nonlocal at
        if at + _NUMBER.size > len(data):
            raise FormatError(f"ends at byte {len(data)}, where a number of 4 bytes is expected at byte {at}")
        (value,) = _NUMBER.unpack_from(data, at)
        at += _NUMBER.size
        return int(value)

    start = number() if has_start else 0
    count = number()
    blocks: list[bytes] = []
    for index in range(start, start + count):
        size = number()
        if size > _MOST_OF_A_BLOCK:
            raise FormatError(f"block {index} has a size of {size} bytes; {_MOST_OF_A_BLOCK} is the most")
        if at + size > len(data):
            raise FormatError(f"ends within block {index}: {len(data) - at} of its {size} bytes are there")
        blocks.append(data[at : at + size])
        at += size
    if at != len(data):
        raise FormatError(f"goes on behind its last block, {start + count - 1}: {len(data) - at} bytes more")
    return RawBlocks(start, tuple(blocks), has_start)
