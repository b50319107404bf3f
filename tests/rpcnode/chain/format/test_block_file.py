"""Files of raw blocks in both their forms. Those in tests/data/neo-go were written by neo-go 0.120."""

import io
from pathlib import Path

import pytest

from rpcnode.chain.format.block_file import is_block_file, read_block_file, start_in_name, write_block, write_head
from rpcnode.payloads.block import Block
from rpcnode.primitives.errors import FormatError
from tests import PROJECT

DUMPED = PROJECT / "tests" / "data" / "neo-go"
PLAIN = bytes.fromhex("0200000001000000aa02000000bbcc")
FROM_SEVEN = bytes.fromhex("07000000") + PLAIN


@pytest.mark.parametrize(
    ("name", "start", "has_start", "count"),
    [("chain.acc", 0, False, 12), ("dump.acc", 0, True, 12), ("chain.12.acc", 12, True, 3)],
)
def test_what_neo_go_dumps_is_read(name: str, start: int, has_start: bool, count: int) -> None:
    read = read_block_file((DUMPED / name).read_bytes(), Path(name))
    assert (read.start, read.has_start, len(read.blocks)) == (start, has_start, count)
    assert [Block.parse(raw).index for raw in read.blocks] == [*range(start, start + count)]


@pytest.mark.parametrize("name", ["chain.acc", "chain.7.acc", "dump.acc"])
def test_the_form_is_seen_whatever_the_name(name: str) -> None:
    assert read_block_file(PLAIN, Path(name)) == (0, (b"\xaa", b"\xbb\xcc"), False)
    assert read_block_file(FROM_SEVEN, Path(name)) == (7, (b"\xaa", b"\xbb\xcc"), True)


@pytest.mark.parametrize("data", [PLAIN, bytes(4) + PLAIN], ids=["plain", "with its start"])
def test_what_is_written_is_what_was_read(data: bytes) -> None:
    read, written = read_block_file(data, Path("a.acc")), io.BytesIO()
    write_head(written, len(read.blocks), has_start=read.has_start)
    for raw in read.blocks:
        write_block(written, raw)
    assert written.getvalue() == data


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (b"", "chain.acc", "ends at byte 0, where a number of 4 bytes is expected at byte 0"),
        (PLAIN[:-1], "chain.acc", "ends within block 1: 1 of its 2 bytes are there"),
        (PLAIN[:10], "chain.acc", "ends at byte 10, where a number of 4 bytes is expected at byte 9"),
        (PLAIN + b"\0", "chain.acc", "goes on behind its last block, 1: 1 bytes more"),
        (FROM_SEVEN[:-1], "chain.7.acc", "ends within block 8: 1 of its 2 bytes are there"),
        (bytes.fromhex("01000000ffffffff"), "chain.acc", "block 0 has a size of 4294967295 bytes; 33554432 is"),
    ],
)
def test_what_is_cut_off_or_too_long_is_refused(data: bytes, name: str, error: str) -> None:
    with pytest.raises(FormatError, match=error):
        read_block_file(data, Path(name))


@pytest.mark.parametrize(
    ("name", "is_one", "start"),
    [
        ("chain.acc", True, None),
        ("chain.0.acc", True, 0),
        ("chain.120.acc", True, 120),
        ("CHAIN.ACC", True, None),
        ("chain.acc.gz", True, None),
        ("chain.json", False, None),
        ("acc", False, None),
    ],
)
def test_names_tell_what_is_a_chain_file(name: str, is_one: bool, start: int | None) -> None:
    assert is_block_file(Path(name)) is is_one
    assert start_in_name(Path(name)) == start
