"""`rpcnode check` of a recorded chain compares what was recorded with what the node answers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from rpcnode.commands.check import check
from rpcnode.primitives.errors import ProfileName
from tests.recorded_answers import DATA, read

CHAINS: Final[dict[ProfileName, Path]] = {
    "n2": DATA / "neo2" / "chain.json.gz",
    "n3-preview": DATA / "preview2" / "chain.json.gz",
}
A_OF_PREVIEW2: Final = "NTc2H9NSF6PTnYuse6QuvChfpDuKsWWbuG"
A_OF_NEO2: Final = "AYUE3iDFtzyWQoWouar1FbWJBxRGg6hVJY"


def changed(folder: Path, profile: ProfileName, change: Callable[[dict[str, Any]], None]) -> Path:
    recording = read(CHAINS[profile])
    change(recording)
    path = folder / "chain.json"
    path.write_text(json.dumps(recording))
    return path


@pytest.mark.parametrize("profile", CHAINS)
def test_the_chains_of_running_nodes_are_answered_as_recorded(
    profile: ProfileName, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check([CHAINS[profile]], profile, is_watched=False) == 0
    assert capsys.readouterr().out.startswith(f"{CHAINS[profile]}: ok: height ")


def test_the_first_query_that_differs_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def change(recording: dict[str, Any]) -> None:
        recording["queries"][A_OF_NEO2]["getunclaimed"]["available"] = 5

    path = changed(tmp_path, "n2", change)
    assert check([path], "n2", is_watched=False) == 1
    told = capsys.readouterr().err
    # 0.130965 is what the running node answered: section 5 of its page.
    place = f"queries.{A_OF_NEO2}.getunclaimed.available"
    assert told == f"{path}: {place}: getunclaimed answers 0.130965; recorded is 5\n"


def test_a_value_deep_in_a_long_answer_is_named_by_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(recording: dict[str, Any]) -> None:
        recording["queries"][A_OF_NEO2]["getnep5transfers"]["sent"][5]["amount"] = "77"

    path = changed(tmp_path, "n2", change)
    amount = read(CHAINS["n2"])["queries"][A_OF_NEO2]["getnep5transfers"]["sent"][5]["amount"]
    assert check([path], "n2", is_watched=False) == 1
    place = f"queries.{A_OF_NEO2}.getnep5transfers.sent[5].amount"
    assert capsys.readouterr().err == f'{path}: {place}: getnep5transfers answers "{amount}"; recorded is "77"\n'


def test_a_row_of_an_earlier_block_that_differs_is_named_with_its_block(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(recording: dict[str, Any]) -> None:
        # NEO of A in block 22: the events tell 100 less.
        step = next(step for step in recording["balances_by_height"][A_OF_PREVIEW2] if step[0] == 8)
        step[1].pop()

    path = changed(tmp_path, "n3-preview", change)
    assert check([path], "n3-preview", is_watched=False) == 1
    told = capsys.readouterr().err
    assert f"balances_by_height.{A_OF_PREVIEW2}[1].balance: getnep5balances answers " in told
    assert told.rstrip().endswith("(after block 8)")


def test_a_block_that_was_changed_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def change(recording: dict[str, Any]) -> None:
        raw = bytearray.fromhex(recording["blocks"][3]["raw"])
        raw[80] ^= 1
        recording["blocks"][3]["raw"] = raw.hex()

    assert check([changed(tmp_path, "n2", change)], "n2", is_watched=False) == 1
    assert "blocks[3].verbose.hash: " in capsys.readouterr().err


REFUSED: Final[list[tuple[ProfileName, Callable[[dict[str, Any]], object], str]]] = [
    ("n2", lambda recording: recording["blocks"].pop(5), "blocks[5]: block 6 stands here; blocks are consecutive"),
    ("n2", lambda recording: recording.update(blocks=[]), "blocks: is empty"),
    ("n2", lambda recording: recording.update(height=7), "height: 7 is not the index of the last block here"),
    ("n2", lambda recording: recording["application_logs"].popitem(), "is missing"),
    (
        "n2",
        lambda recording: recording["protocol"].update(StandbyValidators=[]),
        "protocol.StandbyValidators: is empty",
    ),
    (
        "n2",
        lambda recording: recording["contract_names"].update(T1=""),
        "contract_names.T1: UInt160 takes 40 hex digits, got 0",
    ),
    ("n3-preview", lambda recording: recording["tokens"].update(ODD="0x5g"), "tokens.ODD: UInt160 takes 40 hex digits"),
    ("n3-preview", lambda recording: recording["blocks"][1].update(raw="zz"), "blocks[1].raw: is no block in Base64"),
    ("n3-preview", lambda recording: recording.update(contracts=5), "contracts: 5 stands where an object belongs"),
    (
        "n3-preview",
        lambda recording: recording["balances_by_height"].update({A_OF_PREVIEW2: [5]}),
        "5 stands where [height, rows] belongs",
    ),
]


@pytest.mark.parametrize(("profile", "change", "told"), REFUSED, ids=[told for _, _, told in REFUSED])
def test_a_recording_that_does_not_fit_together_is_refused(
    tmp_path: Path,
    profile: ProfileName,
    change: Callable[[dict[str, Any]], None],
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert check([changed(tmp_path, profile, change)], profile, is_watched=False) == 1
    assert told in capsys.readouterr().err
