"""A fixture is a path, a text or data, or several; two that are equal are read once."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from rpcnode.testing import NodeError, in_process
from rpcnode.testing.template import template
from tests import PROJECT
from tests.rpcnode.dev.compiled_contracts import FOLDER, write_shop
from tests.rpcnode.testing.shop_chain import SHOP

RECORDED = PROJECT / "fixtures/recorded-n3-chain.json.gz"
DATA = {"node": {"height": 9}, "contracts": {"coin": {"standard": "NEP-17", "name": "zoë 😀"}}}
TEXT = '\nnode: {height: 9}\ncontracts: {coin: {standard: NEP-17, name: "zoë 😀"}}'


def test_a_path_may_be_a_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shop.yaml").write_text(SHOP, "utf-8")
    for fixture in ("shop.yaml", Path("shop.yaml"), tmp_path / "shop.yaml"):
        with in_process(fixture) as node:
            assert node.balances("bob") == {"coin": 20}


@pytest.mark.parametrize("fixture", [DATA, json.dumps(DATA, ensure_ascii=False), TEXT])
def test_data_and_text_say_the_same(fixture: Any) -> None:
    with in_process(fixture) as node:
        assert node.height == 9
        assert node.call("getcontractstate", node.contracts["coin"])["manifest"]["name"] == "zoë 😀"


def test_later_fixtures_add_to_earlier_ones(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(SHOP, "utf-8")
    more = {"balances": [{"account": "eve", "asset": "coin", "amount": 5, "block": 4}], "node": {"height": 8}}
    with in_process([path, more]) as node:
        assert (node.height, node.balance("eve", "coin"), node.balance("bob", "coin")) == (8, 5, 20)


@pytest.mark.slow
@pytest.mark.parametrize("as_data", [False, True])
def test_a_recorded_chain_is_a_fixture(as_data: bool) -> None:
    fixture: Any = json.loads(gzip.decompress(RECORDED.read_bytes())) if as_data else RECORDED
    with in_process(fixture) as node:
        assert node.height == 87


def test_a_recorded_chain_goes_with_no_other(recorded_chain: dict[str, Any]) -> None:
    with (
        pytest.raises(NodeError, match="a recorded chain goes with no other fixture"),
        in_process([SHOP, recorded_chain]),
    ):
        pass


@pytest.mark.parametrize(
    ("fixture", "line"),
    [
        ("nothing.yaml", "nothing.yaml: cannot be read: No such file or directory"),
        ("accounts:\n  x: [", "<fixture>:2: not YAML"),
        ({"accounts": {"x": "y"}}, "<fixture>: accounts.x: "),
        ([SHOP, {"nod": 1}], "<fixture 2>: nod: unknown key; did you mean node?"),
        (
            [SHOP, {"blocks": [{"index": 3, "transactions": [{"transfers": [
                {"asset": "coin", "from": "bob", "to": "eve", "amount": 21}]}]}]}],
            "blocks[0].transactions[0].transfers[0]: ",
        ),
        ({"node": {"height": float("nan")}}, "<fixture>: holds what JSON cannot: "),
        (7, "a fixture is a path, a text of YAML or a mapping, and not 7"),
    ],
    ids=["no file", "no YAML", "no account", "second", "cannot be played", "no JSON", "no fixture"],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(fixture: Any, line: str) -> None:
    with pytest.raises(NodeError) as caught, in_process(fixture):
        pass
    assert line in str(caught.value)


def test_a_file_that_was_written_anew_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "chain.yaml"
    heights = []
    for text in ("node: {height: 5}", "node: {height: 123}"):
        path.write_text(text, "utf-8")
        with in_process(path) as node:
            heights.append(node.height)
    assert heights == [5, 123]


def test_data_that_is_changed_afterwards_is_another_fixture() -> None:
    data = {"node": {"height": 5}}
    starting = in_process(data)
    with starting as node:
        assert node.height == 5
    data["node"]["height"] = 6
    with starting as node:
        assert node.height == 6


def test_what_was_read_is_kept_for_the_next_test() -> None:
    from rpcnode.testing.chain_source import chain_source
    from rpcnode.testing.starting import _options

    options = _options(SHOP, "127.0.0.1", 0)
    assert template(chain_source(SHOP), options) is template(chain_source(SHOP), options)
    assert template(chain_source(SHOP), options) is not template(chain_source(SHOP + "#\n"), options)


def test_a_compiled_contract_behind_a_fixture_that_stays_is_read_again(tmp_path: Path) -> None:
    write_shop(tmp_path)
    fixture = tmp_path / "chain.yaml"
    fixture.write_text("contracts: {shop: {nef: shop.nef, manifest: shop.manifest.json}}", "utf-8")
    paths = {"nef": str(tmp_path / "shop.nef"), "manifest": str(tmp_path / "shop.manifest.json")}
    data = {"contracts": {"shop": paths}}
    hashes = []
    for _ in range(2):
        for given in (fixture, data):
            with in_process(given) as node:
                hashes.append(node.contracts["shop"])
        (tmp_path / "shop.nef").write_bytes((FOLDER / "beans.nef").read_bytes())
        (tmp_path / "shop.manifest.json").write_bytes((FOLDER / "beans.manifest.json").read_bytes())
    first, as_data, second, again = hashes
    assert (first, second) == (as_data, again)
    assert first != second


def test_a_compiled_contract_that_stays_is_read_once(tmp_path: Path) -> None:
    from rpcnode.testing.chain_source import chain_source
    from rpcnode.testing.starting import _options

    write_shop(tmp_path)
    fixture = tmp_path / "chain.yaml"
    fixture.write_text("contracts: {shop: {nef: shop.nef, manifest: shop.manifest.json}}", "utf-8")
    options = _options(fixture, "127.0.0.1", 0)
    known = template(chain_source(fixture), options)
    assert template(chain_source(fixture), options) is known
    (tmp_path / "shop.nef").touch()
    assert template(chain_source(fixture), options) is not known
