"""`rpcnode check`: a line for each fixture, and where a broken one is broken."""

import gzip
import io
from pathlib import Path

import pytest

from rpcnode.cli import main
from tests import PROJECT

HOLDER = "NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1"
UNNAMED = "0x" + "a1" * 20
GAS = "0xd2a4cff31913016155e38e474a2c06d08be276cf"
SPENDING = """\
contracts: {{coin: {{standard: NEP-5}}, art: {{standard: NEP-11}}}}
accounts: {{bob: {{seed: bob}}}}
blocks:
  - index: 3
    transactions:
      - transfers: [{{{transfer}, to: null, amount: 1}}]
"""
GOOD = "node: {height: 7}\ncontracts:\n  coin: {standard: NEP-5, symbol: COIN, decimals: 0}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working directory is a fresh one."""
    monkeypatch.chdir(tmp_path)


def test_a_good_fixture_is_called_so(capsys: pytest.CaptureFixture[str]) -> None:
    Path("good.yaml").write_text(GOOD)
    assert main(["check", "good.yaml"]) == 0
    assert capsys.readouterr() == ("good.yaml: ok: height 7, 1 contract, profile n3\n", "")


@pytest.mark.parametrize("name", ["seed.yaml", "demo.json"])
@pytest.mark.parametrize("profile", ["n3", "n3-preview"])
def test_the_shipped_fixtures_are_good(capsys: pytest.CaptureFixture[str], name: str, profile: str) -> None:
    assert main(["check", "--profile", profile, str(PROJECT / "fixtures" / name)]) == 0
    assert "ok: height 70010" in capsys.readouterr().out


def test_the_recorded_chain_is_good(capsys: pytest.CaptureFixture[str]) -> None:
    # The recording holds blocks 0 to 87.
    assert main(["check", str(PROJECT / "fixtures" / "recorded-n3-chain.json.gz")]) == 0
    assert "recorded-n3-chain.json.gz: ok: height 87" in capsys.readouterr().out


def test_the_recorded_chain_goes_with_its_own_profile_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--profile", "n2", str(PROJECT / "fixtures" / "recorded-n3-chain.json.gz")]) == 1
    assert "a recorded chain of Neo N3, which the profile n2 does not emulate" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("node: {height: 7}\nnoed: {}\n", "bad.yaml:2: noed: "),
        ("node:\n  height: seven\n", 'bad.yaml:2: node.height: "seven"'),
        ("node: [\n", "bad.yaml:"),
    ],
    ids=["unknown key", "wrong type", "broken YAML"],
)
def test_a_broken_fixture_is_named_with_line_and_path(
    capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    Path("bad.yaml").write_text(text)
    assert main(["check", "bad.yaml"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(message)
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("transfer", "fault"),
    [
        ("asset: coin, from: bob", "of coin: bob has 0"),
        (f"asset: coin, from: {HOLDER}", f"of coin: {HOLDER} has 0"),
        (f"asset: coin, from: '{UNNAMED}'", f"of coin: {UNNAMED} has 0"),
        (f"asset: '{GAS}', from: bob", f"of {GAS}: bob has 0"),
        ("asset: art, token_id: '0x01', from: bob", "of art: bob has 0 of token 01"),
    ],
    ids=["name", "address", "hash", "asset by hash", "token"],
)
def test_an_overspent_account_is_named_as_the_fixture_names_it(
    capsys: pytest.CaptureFixture[str], transfer: str, fault: str
) -> None:
    Path("bad.yaml").write_text(SPENDING.format(transfer=transfer))
    assert main(["check", "bad.yaml"]) == 1
    place = "bad.yaml:6: blocks[0].transactions[0].transfers[0]"
    assert capsys.readouterr().err == f"{place}: cannot move 1 {fault}\n"


def test_every_fixture_is_looked_at_whatever_the_others_are(capsys: pytest.CaptureFixture[str]) -> None:
    Path("good.yaml").write_text(GOOD)
    Path("bad.yaml").write_text("noed: 1\n")
    assert main(["check", "bad.yaml", "good.yaml", "absent.yaml"]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("good.yaml: ok")
    assert [line.partition(":")[0] for line in err.splitlines()] == ["bad.yaml", "absent.yaml"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("absent", "absent: cannot be read: No such file or directory\n"),
        ("absent.yaml", "absent.yaml: cannot be read: No such file or directory\n"),
        ("folder", "folder: a folder; a file is expected\n"),
        ("folder.yaml", "folder.yaml: a folder; a file is expected\n"),
        (
            "chain.txt",
            "chain.txt: of unknown format; a fixture's name ends in .yaml, .yml, .json, .toml or .acc, then .gz if ",
        ),
    ],
)
def test_what_is_no_fixture_file_is_said_so(capsys: pytest.CaptureFixture[str], name: str, message: str) -> None:
    Path("folder").mkdir()
    Path("folder.yaml").mkdir()
    Path("chain.txt").touch()
    assert main(["check", name]) == 1
    assert capsys.readouterr().err.startswith(message)


def test_ctrl_c_ends_a_check_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("rpcnode.commands.check.check", interrupted)
    assert main(["check", "good.yaml"]) == 130


def given_as_input(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode(),
        b'{"node": {"height": 7}, "contracts": {"coin": {"standard": "NEP-5", "symbol": "COIN", "decimals": 0}}}',
        b"{node: {height: 7}, contracts: {coin: {standard: NEP-5, symbol: COIN, decimals: 0}}}",
        b'# a chain\n\n[node]\nheight = 7\n[contracts.coin]\nstandard = "NEP-5"\nsymbol = "COIN"\ndecimals = 0\n',
        gzip.compress(GOOD.encode()),
    ],
    ids=["YAML", "JSON", "YAML in braces", "TOML", "compressed YAML"],
)
def test_standard_input_is_read_in_any_format(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    given_as_input(monkeypatch, content)
    assert main(["check", "-"]) == 0
    assert capsys.readouterr() == ("<stdin>: ok: height 7, 1 contract, profile n3\n", "")


def test_a_recording_on_standard_input_is_played(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given_as_input(monkeypatch, (PROJECT / "fixtures" / "recorded-n3-chain.json.gz").read_bytes())
    assert main(["check", "-"]) == 0
    assert "<stdin>: ok: height 87" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"node: {height: 7}\nnoed: {}\n", "<stdin>:2: noed: "),
        (b'{\n"node": {"height": "seven"}}', '<stdin>:2: node.height: "seven"'),
        (b"\xff\xfe", "<stdin>:1: not UTF-8: "),
        (b"\x1f\x8b\x08", "<stdin>: cannot be decompressed: "),
        (b"", "<stdin>: holds no mapping at its top"),
        (
            SPENDING.format(transfer="asset: coin, from: bob").encode(),
            "<stdin>:6: blocks[0].transactions[0].transfers[0]",
        ),
    ],
)
def test_a_broken_fixture_on_standard_input_is_named_with_line_and_path(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, content: bytes, message: str
) -> None:
    given_as_input(monkeypatch, content)
    assert main(["check", "-"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(message)
    assert err.count("\n") == 1
