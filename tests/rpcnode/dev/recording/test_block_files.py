"""Chain files as fixtures. Those in tests/data/neo-go were written by neo-go 0.120."""

import gzip
import json
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from rpcnode.chain.recorded.recorded import RecordedChain
from rpcnode.dev.fixture.reader import read_fixtures
from rpcnode.dev.places.errors import FixtureError
from rpcnode.primitives.errors import ProfileName
from tests import PROJECT

DUMPED = PROJECT / "tests" / "data" / "neo-go"
NETWORK = DUMPED / "network.yaml"
RECORDING = PROJECT / "fixtures" / "recorded-n3-chain.json.gz"


def read(*paths: Path, profile: ProfileName = "n3") -> RecordedChain:
    chain = read_fixtures(paths, profile)
    assert isinstance(chain, RecordedChain)
    return chain


def recorded_hashes(count: int) -> list[str]:
    blocks = json.loads(gzip.decompress(RECORDING.read_bytes()))["blocks"]
    return [block["verbose"]["hash"] for block in blocks[:count]]


@pytest.mark.parametrize("name", ["chain.acc", "dump.acc"])
def test_a_chain_file_is_the_chain_of_its_blocks(name: str) -> None:
    chain = read(NETWORK, DUMPED / name)
    assert chain.is_executed
    assert chain.height == 11
    assert [str(recorded.block.hash) for recorded in chain.blocks] == recorded_hashes(12)
    assert chain.parameters.magic == 42
    assert dict(chain.parameters.hardforks)["Faun"] == 0


def test_a_file_goes_on_where_the_one_before_ends() -> None:
    chain = read(NETWORK, DUMPED / "chain.acc", DUMPED / "chain.12.acc")
    assert [str(recorded.block.hash) for recorded in chain.blocks] == recorded_hashes(15)


def test_a_file_may_be_compressed(tmp_path: Path) -> None:
    path = tmp_path / "chain.acc.gz"
    path.write_bytes(gzip.compress((DUMPED / "chain.acc").read_bytes()))
    assert read(NETWORK, path) == read(NETWORK, DUMPED / "chain.acc")


@pytest.mark.parametrize("name", ["chain.acc", "chain.12.acc"])
def test_a_file_may_be_zipped_as_neo_cli_reads_it(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("readme.txt", "of another")
        archive.write(DUMPED / name, name)
    before = () if name == "chain.acc" else (DUMPED / "chain.acc",)
    assert read(NETWORK, *before, path) == read(NETWORK, *before, DUMPED / name)


def test_a_zip_that_is_damaged_or_has_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "chain.acc.zip"
    with ZipFile(path, "w") as archive:
        archive.write(DUMPED / "chain.acc", "other.acc")
    assert refusal(NETWORK, path) == f"{path}: has no file chain.acc in it, which is what neo-cli reads of it"
    path.write_bytes(path.read_bytes()[:-30])
    assert refusal(NETWORK, path) == f"{path}: cannot be decompressed: File is not a zip file"


@pytest.mark.parametrize(
    ("offsets", "value", "told"),
    [
        ((8, 10), 97, "That compression method is not supported"),
        ((6, 8), 1, "is encrypted, password required for extraction"),
    ],
    ids=["compression", "password"],
)
def test_a_zip_that_cannot_be_unpacked_here_is_refused(
    offsets: tuple[int, int], value: int, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "chain.acc.zip"
    with ZipFile(path, "w") as archive:
        archive.write(DUMPED / "chain.acc", "chain.acc")
    data = bytearray(path.read_bytes())
    local, central = offsets  # of a number in the file's own header, and in that of the directory at the end
    data[local] = data[data.index(b"PK\x01\x02") + central] = value
    path.write_bytes(data)
    assert refusal(NETWORK, path).startswith(f"{path}: cannot be decompressed: ")
    assert told in refusal(NETWORK, path)


def test_another_network_makes_another_chain(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(NETWORK.read_text().replace("magic: 42", "magic: 43"))
    assert read(other, DUMPED / "chain.acc").digest != read(NETWORK, DUMPED / "chain.acc").digest


def refusal(*paths: Path, profile: ProfileName = "n3") -> str:
    with pytest.raises(FixtureError) as caught:
        read(*paths, profile=profile)
    return str(caught.value)


def test_a_block_0_that_the_network_does_not_make_is_refused(tmp_path: Path) -> None:
    told = refusal(DUMPED / "chain.acc")
    assert told.startswith(f"{DUMPED / 'chain.acc'}: block 0 is not that of the network: its next consensus is 0x")
    assert told.endswith("name a fixture with the `network` of this chain before the file")
    late = tmp_path / "late.yaml"
    late.write_text(NETWORK.read_text() + "  genesis_time: 5\n")
    assert "its time is 1468595301000 ms, and genesis_time is 5;" in refusal(late, DUMPED / "chain.acc")


def test_a_file_that_begins_later_needs_the_one_before() -> None:
    told = "begins with block 12, and no file before it goes up to block 11; blocks are consecutive"
    assert told in refusal(NETWORK, DUMPED / "chain.12.acc")


def test_a_file_that_leaves_a_gap_is_refused() -> None:
    told = "begins with block 0, and the files before it go up to block 11; blocks are consecutive"
    assert told in refusal(NETWORK, DUMPED / "chain.acc", DUMPED / "dump.acc")


@pytest.mark.parametrize(
    ("position", "change", "error"),
    [
        (-1, b"", "is no chain file: ends within block 11"),
        (4 + 4 + 80, b"\x01", "block 0 is not that of the network: its nonce is "),
        (8 + 114 + 4 + 8, b"\xff", "block 1: its previous hash, "),
    ],
    ids=["cut off", "another nonce", "a block of other bytes"],
)
def test_a_damaged_file_is_refused(tmp_path: Path, position: int, change: bytes, error: str) -> None:
    content = bytearray((DUMPED / "chain.acc").read_bytes())
    content[position : len(content) if position < 0 else position + 1] = change
    path = tmp_path / "chain.acc"
    path.write_bytes(content)
    assert error in refusal(NETWORK, path)


def test_only_the_network_and_accounts_go_with_a_chain_file(tmp_path: Path) -> None:
    declared = tmp_path / "declared.yaml"
    declared.write_text("network: {magic: 42}\nblocks: []\n")
    told = f"{declared}:2: blocks: goes with no chain file; of a fixture before one network and accounts count"
    assert refusal(declared, DUMPED / "chain.acc") == told


def test_a_fixture_after_a_chain_file_is_refused() -> None:
    assert "comes after" in refusal(DUMPED / "chain.acc", NETWORK)


def test_older_profiles_take_no_blocks_of_n3() -> None:
    told = "blocks of Neo N3, which the profile n2 does not emulate; use n3"
    assert told in refusal(DUMPED / "chain.acc", profile="n2")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "cannot be read: No such file or directory" in refusal(NETWORK, tmp_path / "chain.acc")
