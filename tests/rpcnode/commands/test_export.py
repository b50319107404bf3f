"""`rpcnode export` writes chains as nodes restore them. The files in tests/data/neo-go were written by neo-go 0.120."""

import gzip
import json
from base64 import b64decode
from pathlib import Path

import pytest

from rpcnode.cli import main
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.testing import start
from tests import PROJECT

DUMPED = PROJECT / "tests" / "data" / "neo-go"
NETWORK = str(DUMPED / "network.yaml")
RECORDING = PROJECT / "fixtures" / "recorded-n3-chain.json.gz"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working directory is a fresh one."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", ["chain.acc", "dump.acc"])
def test_a_chain_that_is_read_and_exported_again_is_the_same_bytes(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (DUMPED / name).read_bytes()
    assert main(["export", "--fixture", NETWORK, str(DUMPED / name), "--out", "chain.acc"]) == 0
    assert Path("chain.acc").read_bytes() == before
    assert capsys.readouterr() == (f"chain.acc: 12 blocks, {len(before):,} bytes\n", "")


def test_a_name_with_a_number_has_the_form_that_neo_cli_reads_by_it() -> None:
    assert main(["export", "--fixture", NETWORK, str(DUMPED / "chain.acc"), "--out", "chain.0.acc"]) == 0
    assert Path("chain.0.acc").read_bytes() == (DUMPED / "dump.acc").read_bytes()


def test_a_recording_is_exported_block_by_block() -> None:
    assert main(["export", "--fixture", str(RECORDING), "--out", "chain.acc"]) == 0
    blocks = json.loads(gzip.decompress(RECORDING.read_bytes()))["blocks"]
    raw = [b64decode(block["raw"]) for block in blocks]
    written = b"".join(len(block).to_bytes(4, "little") + block for block in raw)
    assert Path("chain.acc").read_bytes() == len(raw).to_bytes(4, "little") + written


def test_the_chain_of_a_database_is_exported() -> None:
    fixtures = (Path(NETWORK), DUMPED / "chain.acc")
    Node(NodeOptions(fixtures=fixtures, db=Path("chain.db"))).close()
    assert main(["export", "--db", "chain.db", "--out", "chain.acc"]) == 0
    assert Path("chain.acc").read_bytes() == (DUMPED / "chain.acc").read_bytes()


def test_the_chain_of_a_running_node_is_exported() -> None:
    with start([NETWORK, DUMPED / "chain.acc"]) as node:
        assert main(["export", "--url", node.url, "--out", "chain.acc"]) == 0
    assert Path("chain.acc").read_bytes() == (DUMPED / "chain.acc").read_bytes()


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["--db", "absent.db", "--out", "chain.acc"], "--db absent.db: there is no such file"),
        (["--fixture", NETWORK, "--out", "chain.5.acc"], "chain.acc and chain.0.acc are right names"),
        (["--fixture", NETWORK, "--out", "absent/chain.acc"], "--out absent/chain.acc: cannot be written: "),
        (["--url", "http://127.0.0.1:1", "--out", "chain.acc"], "http://127.0.0.1:1: no answer: "),
    ],
    ids=["no database", "a number in the name", "no folder", "no node"],
)
def test_what_cannot_be_exported_is_said_in_one_line(
    words: list[str], error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", *words]) == 1
    told = capsys.readouterr().err
    assert error in told
    assert told.count("\n") == 1
    assert not list(Path().iterdir())


def test_a_chain_that_begins_later_is_not_exported(capsys: pytest.CaptureFixture[str]) -> None:
    recording = json.loads(gzip.decompress(RECORDING.read_bytes()))
    del recording["blocks"][0]
    Path("later.json").write_text(json.dumps(recording))
    assert main(["export", "--fixture", "later.json", "--out", "chain.acc"]) == 1
    assert "the chain begins at block 1; a chain file has all blocks from 0 on" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--out", "a.acc"], ["--db", "a", "--url", "b", "--out", "a.acc"], ["--db", "a"]])
def test_one_source_and_a_file_have_to_be_named(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["export", *words])
    assert ended.value.code == 2
