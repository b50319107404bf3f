"""`rpcnode methods`: the method table of a configuration."""

import pytest

from rpcnode.cli import main
from rpcnode.node import Node
from rpcnode.options import NodeOptions


@pytest.mark.parametrize("profile", ["n3", "n3-preview", "n2"])
def test_every_method_is_listed_by_name(capsys: pytest.CaptureFixture[str], profile: str) -> None:
    assert main(["methods", "--profile", profile]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    node = Node(NodeOptions(profile=profile))  # type: ignore[arg-type]
    assert listed == sorted(node.methods)
    node.close()


def test_a_line_holds_parameters_plugin_and_fidelity(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["methods"]) == 0
    by_name = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert by_name["getnep5transfers"].split() == [
        *("getnep5transfers", "address,", "[startTime],", "[endTime]"),
        *("RpcNep5Tracker", "exact"),
    ]


def test_the_table_is_that_of_the_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    off = ["--set", "RpcNep5Tracker.TrackHistory=false", "--set", "RpcNep5Tracker.ErrorSemantics=documented"]
    assert main(["methods", *off]) == 0
    assert "getnep5transfers" not in capsys.readouterr().out


def test_a_configuration_that_is_wrong_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["methods", "--set", "RpcNep5Tracker.TrackHistroy=false"]) == 1
    assert capsys.readouterr() == (
        "",
        "rpcnode: --set RpcNep5Tracker.TrackHistroy: RpcNep5Tracker has no key 'TrackHistroy';"
        " the nearest is 'TrackHistory'\n",
    )


def test_the_markdown_table_holds_every_profile(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["methods", "--markdown"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["| method | plugin | `n3` | `n3-preview` | `n2` |", "|---|---|---|---|---|"]
    assert "| `getnep17balances` | TokensTracker | exact | - | - |" in lines
    assert "| `getnep5balances` | RpcNep5Tracker | exact | exact | exact |" in lines
    names = [line.split("`")[1] for line in lines[2:]]
    assert names == sorted(set(names))


def test_the_markdown_table_is_the_same_whichever_profile_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["methods", "--markdown", "--profile", "n2"]) == 0
    asked = capsys.readouterr().out
    assert main(["methods", "--markdown"]) == 0
    assert asked == capsys.readouterr().out
