"""`rpcnode check`: a line for each fixture, and where a broken one is broken."""

from pathlib import Path

import pytest

from rpcnode.cli import main

PROJECT = Path(__file__).resolve().parents[3]
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
    assert "a recorded chain is one of Neo N3, which the profile n2 does not emulate" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("node: {height: 7}\nnoed: {}\n", "bad.yaml:2: noed: "),
        ("node:\n  height: seven\n", 'bad.yaml:2: node.height: "seven"'),
        ("node: [\n", "bad.yaml:"),
        (
            GOOD + "blocks:\n  - index: 3\n    transactions:\n"
            '      - transfers: [{asset: coin, from: "0x' + "a1" * 20 + '", to: null, amount: 6}]\n',
            "bad.yaml:7: blocks[0].transactions[0].transfers[0]: cannot move 6 of coin: 0x" + "a1" * 20,
        ),
    ],
    ids=["unknown key", "wrong type", "broken YAML", "overspent"],
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


def test_every_fixture_is_looked_at_whatever_the_others_are(capsys: pytest.CaptureFixture[str]) -> None:
    Path("good.yaml").write_text(GOOD)
    Path("bad.yaml").write_text("noed: 1\n")
    assert main(["check", "bad.yaml", "good.yaml", "absent.yaml"]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("good.yaml: ok")
    assert [line.partition(":")[0] for line in err.splitlines()] == ["bad.yaml", "absent.yaml"]
