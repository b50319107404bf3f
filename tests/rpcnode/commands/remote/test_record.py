"""`rpcnode record`. The chain that is recorded is one that neo-go 0.120 made: blocks and logs are neo-go's."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rpcnode.cli import main
from rpcnode.natives.committee import multisig_account
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.testing import LocalNode, start
from tests import PROJECT
from tests.rpcnode.commands.remote.front import front

RECORDING = PROJECT / "fixtures" / "recorded-n3-chain.json.gz"
GIVEN = json.loads(gzip.decompress(RECORDING.read_bytes()))
RAW = [block["raw"] for block in GIVEN["blocks"]]
LAST = len(RAW) - 1


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working directory is a fresh one."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def node() -> Iterator[LocalNode]:
    """The chain on a node that keeps full state."""
    with start(RECORDING, settings={"StateService.FullState": True}) as running:
        yield running


@pytest.fixture(scope="module")
def latest() -> Iterator[LocalNode]:
    """The chain on a node that keeps the newest state only."""
    with start(RECORDING) as running:
        yield running


def recorded(name: str) -> dict[str, Any]:
    content = Path(name).read_bytes()
    found: dict[str, Any] = json.loads(gzip.decompress(content) if name.endswith(".gz") else content)
    return found


def test_a_whole_chain_is_recorded_and_executed_again(node: LocalNode, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["record", node.url, "--out", "chain.json.gz"]) == 0
    with_what = "with logs, state roots, the rows after the last"
    assert capsys.readouterr() == (f"chain.json.gz: blocks 0 to {LAST}, 167 transactions, {with_what}\n", "")
    found = recorded("chain.json.gz")
    assert [block["raw"] for block in found["blocks"]] == RAW
    assert found["height"] == LAST + 1
    assert found["application_logs"].keys() == GIVEN["application_logs"].keys()
    assert found["version"]["protocol"]["standbycommittee"] == GIVEN["version"]["protocol"]["standbycommittee"]
    assert len(found["state_roots"]) == LAST + 1
    assert main(["check", "chain.json.gz"]) == 0
    assert sorted(path.name for path in Path().iterdir()) == ["chain.json.gz"]


def test_the_same_chain_is_recorded_as_the_same_bytes(node: LocalNode) -> None:
    for name in ("one.json.gz", "two.json.gz"):
        assert main(["record", node.url, "--out", name, "--to", "30"]) == 0
    assert Path("one.json.gz").read_bytes() == Path("two.json.gz").read_bytes()


@pytest.mark.parametrize("keeps", [True, False], ids=["full state", "the newest state"])
def test_settings_are_those_of_genesis_where_the_node_knows_them(
    keeps: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """getversion tells what the committee has made of them, with which no root of the recording would come out."""
    with start({"accounts": {"alice": {"seed": "alice"}}}, settings={"StateService.FullState": keeps}) as changed:
        before = changed.call("getversion")["protocol"]
        [member] = before["standbycommittee"]
        committee = str(multisig_account(1, (ECPoint.parse(member),)))
        changed.call("dev_impersonate", committee)
        for method, value in (
            *(("setMillisecondsPerBlock", 3_000), ("setMaxValidUntilBlockIncrement", 1_000)),
            ("setMaxTraceableBlocks", 5_000),
        ):
            call = {"contract": "PolicyContract", "method": method, "args": [value], "signers": [committee]}
            changed.call("dev_invoke", call)
        after = changed.call("getversion")["protocol"]
        assert (after["msperblock"], after["maxtraceableblocks"]) == (3_000, 5_000)
        assert main(["record", changed.url, "--out", "chain.json"]) == 0
    assert recorded("chain.json")["version"]["protocol"] == (before if keeps else after)
    assert main(["check", "chain.json"]) == (0 if keeps else 1)
    assert ("block 0: state root" in capsys.readouterr().err) is not keeps


def test_a_later_part_has_the_rows_that_stood_before_it(node: LocalNode) -> None:
    assert main(["record", node.url, "--out", "late.json", "--from", "40", "--to", "60"]) == 0
    found = recorded("late.json")
    assert [block["raw"] for block in found["blocks"]] == RAW[40:61]
    assert found.keys() == {"version", "height", "blocks", "application_logs", "state_roots", "storages_before"}
    assert found["state_roots"].keys() == {str(index) for index in range(40, 61)}
    assert main(["check", "late.json"]) == 0


def test_a_wrong_root_of_a_later_part_is_found(node: LocalNode, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["record", node.url, "--out", "late.json", "--from", "40", "--to", "42"]) == 0
    found = recorded("late.json")
    found["state_roots"]["41"] = "0x" + "12" * 32
    Path("late.json").write_text(json.dumps(found))
    assert main(["check", "late.json"]) == 1
    assert "block 41: state root is" in capsys.readouterr().err


def test_a_later_part_of_a_node_without_full_state_is_observed(
    latest: LocalNode, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["record", latest.url, "--out", "late.json", "--from", "40"]) == 0
    assert "with logs, state roots, the rows after the last; observed: nothing of it is" in capsys.readouterr().out
    found = recorded("late.json")
    assert "storages_before" not in found
    assert len(found["native_contracts"]) == len(latest.call("getnativecontracts"))
    assert main(["check", "late.json"]) == 0


def test_rows_are_left_out_when_a_block_comes_meanwhile(latest: LocalNode) -> None:
    counts = [0]

    def one_more(_: int, request: dict[str, Any]) -> tuple[int, dict[str, str], bytes] | None:
        if request["method"] != "getblockcount":
            return None
        counts[0] += 1
        count = LAST + 1 if counts[0] < 3 else LAST + 2
        return 200, {}, json.dumps({"jsonrpc": "2.0", "id": 1, "result": count}).encode()

    with front(latest.url, one_more) as (url, _):
        assert main(["record", url, "--out", "chain.json"]) == 0
    assert "storages" not in recorded("chain.json")


def test_a_recording_goes_on_where_it_was_broken_off(node: LocalNode, capsys: pytest.CaptureFixture[str]) -> None:
    def gone(number: int, _: dict[str, Any]) -> tuple[int, dict[str, str], bytes] | None:
        return None if number < 150 else (404, {}, b"gone")

    with front(node.url, gone) as (url, _):
        assert main(["record", url, "--out", "chain.json", "--to", "40"]) == 1
    assert capsys.readouterr().err == f"rpcnode: {url}: no node: HTTP status 404, and no answer of JSON-RPC\n"
    partial = Path("chain.json.partial")
    kept = partial.read_bytes()
    assert len(kept.splitlines()) == 33  # a head, and two times sixteen blocks
    partial.write_bytes(kept[:-7])  # killed while it wrote
    with front(node.url, lambda _, __: None) as (url, came):
        assert main(["record", url, "--out", "chain.json", "--to", "40"]) == 0
    assert min(request["params"][0] for request in came if request["method"] == "getblock") == 31
    assert main(["record", node.url, "--out", "direct.json", "--to", "40"]) == 0
    assert recorded("chain.json") == recorded("direct.json")


def test_what_another_recording_has_so_far_is_not_gone_on_with(
    node: LocalNode, capsys: pytest.CaptureFixture[str]
) -> None:
    before = b'{"network": {"network": 5}, "from": 0}\n{"raw": ""}\n'
    Path("chain.json.partial").write_bytes(before)
    assert main(["record", node.url, "--out", "chain.json"]) == 1
    told = "chain.json.partial: is what another recording has so far; delete it to begin anew"
    assert capsys.readouterr().err == f"rpcnode: {told}\n"
    assert Path("chain.json.partial").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--out", "chain.yaml"], "--out chain.yaml: a recording is JSON; its name ends in .json or .json.gz"),
        (["--out", "a.json", "--to", "88"], "has blocks 0 to 87; --from 0 and --to 88 do not lie in them"),
        (["--out", "a.json", "--from", "9", "--to", "8"], "has blocks 0 to 87; --from 9 and --to 8 do not lie in them"),
        (["--out", "none/a.json", "--to", "1"], "none/a.json.partial: cannot be written: No such file or directory"),
    ],
)
def test_what_cannot_be_recorded_is_said(
    words: list[str], told: str, node: LocalNode, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["record", node.url, *words]) == 1
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("profile", ["n2", "n3-preview"])
def test_an_older_node_is_not_recorded(profile: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with start({"blocks": []}, profile=profile) as node:
        assert main(["record", node.url, "--out", "chain.json"]) == 1
    assert "is no node of Neo N3: its getversion tells no protocol" in capsys.readouterr().err


def test_a_block_that_is_none_is_named(node: LocalNode, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(_: int, request: dict[str, Any]) -> tuple[int, dict[str, str], bytes] | None:
        if request["method"] != "getblock" or request["params"][0] != 5:
            return None
        return 200, {}, json.dumps({"jsonrpc": "2.0", "id": 1, "result": RAW[6]}).encode()

    with front(node.url, broken) as (url, _):
        assert main(["record", url, "--out", "chain.json"]) == 1
    assert f"{url}: block 5 does not follow the block that it gave before" in capsys.readouterr().err
