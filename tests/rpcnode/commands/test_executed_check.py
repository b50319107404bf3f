"""`rpcnode check` of a recording of N3 compares what executing its blocks leaves with what the node had."""

import gzip
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from rpcnode.commands.check import check
from rpcnode.commands.executed_check import compared_part
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.json import document_of
from tests import PROJECT

RECORDING: Final = PROJECT / "fixtures" / "recorded-n3-chain.json.gz"
DUMPED: Final = PROJECT / "tests" / "data" / "neo-go"
GAS: Final = "0xd2a4cff31913016155e38e474a2c06d08be276cf"
MANAGEMENT: Final = "0xfffdc93764dbaddd97c48f252a53ea4643faa3fd"
ROOTS: Final = [
    "0xb370cde00c1a4a68b5198084dc38a2d0114522ddb8de8b60f8388c032e579e08",
    "0x30e3b1938d209adc59a4de4c7ff9fb05f7cb1424620f2a0736441e0be3ac9135",
    "0x6f173dccfdb639bb6969a77517568f06bec9b825eb2d7cfc890518ca394580e2",
]
"""State roots of neo-cli 3.10.2 after the first blocks of that chain."""
LAST_ROOT: Final = "0x50a85b412fd114090d3268f008b68ef5ff584b3f3f3aabe50ff4cd715c15bd43"
"""The one after its last block, 87."""

CUT: Final = 30
"""The block at which a recording is cut; its token was deployed before."""


def answers() -> dict[str, Any]:
    recorded: dict[str, Any] = json.loads(gzip.decompress(RECORDING.read_bytes()))
    return recorded


def written(folder: Path, recording: dict[str, Any]) -> Path:
    path = folder / "chain.json"
    path.write_text(json.dumps(recording))
    return path


def rows_of(recording: Path) -> dict[str, dict[str, str]]:
    """All that executing a recording stores, as a recording gives it."""
    rows: dict[str, dict[str, str]] = {}
    with closing(Node(NodeOptions(fixtures=(recording,)))) as node:
        names = {contract.contract_id: str(contract.script_hash) for contract in node.ledger.contracts()}
        for contract_id, key, value in node.store.connection.execute(
            "SELECT contract_id, key, value FROM chain_storage"
        ):
            listed = rows.setdefault(names[contract_id], {})
            listed[b64encode(key).decode()] = b64encode(value).decode()
    return rows


def first_application(recording: dict[str, Any]) -> tuple[int, str]:
    return next(
        (index, block["verbose"]["tx"][0]["hash"])
        for index, block in enumerate(recording["blocks"])
        if block["verbose"]["tx"]
    )


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda run: run.update(gasconsumed="5"), 'executions[0].gasconsumed is "{gasconsumed}"; recorded is "5"'),
        (lambda run: run.update(vmstate="FAULT"), 'executions[0].vmstate is "HALT"; recorded is "FAULT"'),
        (lambda run: run.update(stack=[{"type": "Any"}] * 9), "executions[0].stack[0] is {{"),
        (lambda run: run.update(exception="boom"), "executions[0].exception is false; recorded is true"),
    ],
    ids=["gas", "state", "stack", "exception"],
)
def test_the_first_field_of_a_log_that_differs_is_named(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = answers()
    index, transaction = first_application(recording)
    run = recording["application_logs"][transaction]["executions"][0]
    expected = error.format(**run)
    change(run)
    path = written(tmp_path, recording)
    assert check([path], "n3", is_watched=False) == 1
    assert capsys.readouterr().err.startswith(f"{path}: block {index}, transaction {transaction}: {expected}")


def test_a_log_of_a_block_that_differs_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recording = answers()
    log = recording["application_logs"][recording["blocks"][7]["verbose"]["hash"]]
    log["executions"][1]["notifications"][0]["state"]["value"][2]["value"] = "1"
    path = written(tmp_path, recording)
    assert check([path], "n3", is_watched=False) == 1
    # The reward of a block is 0.5 GAS for its member of the committee.
    place = "executions[1].notifications[0].state.value[2].value"
    assert capsys.readouterr().err == f'{path}: block 7: {place} is "50000000"; recorded is "1"\n'


def test_words_of_neo_cli_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recording = answers()
    recording["version"]["useragent"] = "/Neo:3.10.2/"
    _, transaction = first_application(recording)
    recording["application_logs"][transaction]["executions"][0]["exception"] = "boom"
    assert check([written(tmp_path, recording)], "n3", is_watched=False) == 1
    assert 'executions[0].exception is null; recorded is "boom"' in capsys.readouterr().err


def test_what_another_node_logs_of_a_failed_script_is_not_compared() -> None:
    failed = {
        "trigger": "Application",
        "vmstate": "FAULT",
        "exception": "at instruction 0 (ABORT): ABORT",
        "gasconsumed": "0",
        "stack": [{"type": "Any"}],
        "notifications": [{"contract": GAS, "eventname": "Late", "state": []}],
    }
    log = {"executions": [failed]}
    assert compared_part(log, 0, same_words=True) == failed
    empty = {"exception": True, "stack": [], "notifications": []}
    assert compared_part(log, 0, same_words=False) == {**failed, **empty}
    halted = {**failed, "vmstate": "HALT", "exception": None}
    assert compared_part({"executions": [halted]}, 0, same_words=False) == {**halted, "exception": False}


def test_a_state_root_that_differs_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recording = answers()
    recording["state_roots"] = [*ROOTS, *[None] * 84, LAST_ROOT]
    assert check([written(tmp_path, recording)], "n3", is_watched=False) == 0
    recording["state_roots"][2] = LAST_ROOT
    path = written(tmp_path, recording)
    capsys.readouterr()
    assert check([path], "n3", is_watched=False) == 1
    told = f'block 2: state root is "{ROOTS[2]}"; recorded is "{LAST_ROOT}"'
    assert capsys.readouterr().err == f"{path}: {told}\n"


def test_rows_that_differ_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recording = answers()
    recording["storages"] = rows_of(RECORDING)
    path = written(tmp_path, recording)
    assert check([path], "n3", is_watched=False) == 0
    recording["storages"][GAS][b64encode(b"\x0b").decode()] = b64encode(b"\1").decode()
    path = written(tmp_path, recording)
    capsys.readouterr()
    assert check([path], "n3", is_watched=False) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"{path}: block 87: storages.{GAS}: the row of key 0b is ")
    assert told.endswith("; recorded is 01\n")


def test_a_chain_that_begins_later_is_executed_from_the_storage_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = answers()
    first["blocks"], first["height"] = first["blocks"][:CUT], CUT
    later = answers()
    later["storages_before"] = rows_of(written(tmp_path, first))
    later["storages"] = rows_of(RECORDING)
    later["state_roots"] = [*[None] * 87, LAST_ROOT]
    del later["blocks"][:CUT]
    path = written(tmp_path, later)
    assert check([path], "n3", is_watched=False) == 0
    assert capsys.readouterr().out == f"{path}: ok: height 87, 2 contracts, profile n3\n"
    with closing(Node(NodeOptions(fixtures=(path,)))) as node:
        assert node.ledger.is_executed
        assert node.ledger.base_height == CUT


def test_without_the_storage_before_a_later_chain_is_observed(tmp_path: Path) -> None:
    later = answers()
    del later["blocks"][:CUT]
    with closing(Node(NodeOptions(fixtures=(written(tmp_path, later),)))) as node:
        assert not node.ledger.is_executed
        told = document_of(node.methods["dev_info"]([]))
        assert isinstance(told, dict)
        assert told["blocks"] == "observed"


def test_a_block_that_cannot_be_executed_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = answers()
    first["blocks"], first["height"] = first["blocks"][:CUT], CUT
    later = answers()
    later["storages_before"] = {MANAGEMENT: rows_of(written(tmp_path, first))[MANAGEMENT]}
    del later["blocks"][:CUT]
    path = written(tmp_path, later)
    assert check([path], "n3", is_watched=False) == 1
    assert capsys.readouterr().err.startswith(f"{path}: block {CUT} cannot be executed: ")


def test_a_chain_file_is_checked_with_the_fixture_before_it(capsys: pytest.CaptureFixture[str]) -> None:
    paths = [DUMPED / "network.yaml", DUMPED / "chain.acc"]
    assert check([*paths, DUMPED / "network.yaml"], "n3", is_watched=False) == 0
    assert capsys.readouterr().out.splitlines()[0] == f"{paths[0]} {paths[1]}: ok: height 11, 0 contracts, profile n3"


def test_blocks_alone_make_what_the_whole_recording_makes(tmp_path: Path) -> None:
    bare = {key: answers()[key] for key in ("version", "height", "blocks")}
    assert b64decode(bare["blocks"][0]["raw"])
    assert rows_of(written(tmp_path, bare)) == rows_of(RECORDING)
