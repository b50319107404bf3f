"""The composition root: from options to a chain that is loaded, goes on, or is refused in one line."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rpcnode.chain.blocks import NewBlock
from rpcnode.chain.ledger import Ledger
from rpcnode.node import Node
from rpcnode.options import NodeOptions, PluginSetting
from rpcnode.primitives.errors import NodeError

HOLDER = "0x" + "a1" * 20
TOKEN = "contracts:\n  coin: {standard: NEP-5, symbol: COIN, decimals: 0}\n"
CHAIN = (
    TOKEN
    + f"""\
node: {{height: 9}}
blocks:
  - index: 2
    transactions:
      - transfers: [{{asset: coin, from: null, to: "{HOLDER}", amount: 5}}]
  - index: 3
    transactions:
      - transfers: [{{asset: coin, from: null, to: "{HOLDER}", amount: 4}}]
"""
)
OVERSPENT = CHAIN.replace(f'from: null, to: "{HOLDER}", amount: 4', f'from: "{HOLDER}", to: null, amount: 6')
"""Of the 5 that were minted in block 2, block 3 burns 6; its transfer is on line 10, or 8 without the token."""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes a file to a fresh folder."""

    def write_file(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return write_file


def holdings(node: Node, account: str = HOLDER) -> list[tuple[str, int]]:
    """Amount and block of each of an account's NEP-5 assets."""
    answer: Any = node.methods["getnep5balances"]([account])
    return [(row["amount"], row["last_updated_block"]) for row in answer["balance"]]


def interrupt_at(block_index: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the user press Ctrl-C as a block is about to be applied."""
    apply_block = Ledger.apply_block

    def interrupted(ledger: Ledger, block: NewBlock) -> None:
        if block.index == block_index:
            raise KeyboardInterrupt
        apply_block(ledger, block)

    monkeypatch.setattr(Ledger, "apply_block", interrupted)


# In memory


def test_without_options_a_node_runs_the_dev_chain() -> None:
    with closing(Node(NodeOptions())) as node:
        assert [account.name for account in node.accounts] == [f"account{number}" for number in range(1, 11)]
        assert node.ledger.height == 70010


def test_a_fixture_is_played_to_its_height(write: Callable[[str, str], Path]) -> None:
    with closing(Node(NodeOptions(fixtures=(write("chain.yaml", CHAIN),)))) as node:
        assert (node.ledger.height, holdings(node)) == (9, [("9", 3)])


# In a file


def test_a_database_file_goes_on_with_its_fixture_and_without(
    tmp_path: Path, write: Callable[[str, str], Path]
) -> None:
    fixture, db = write("chain.yaml", CHAIN), tmp_path / "chain.db"
    for fixtures in ((fixture,), (fixture,), ()):
        with closing(Node(NodeOptions(fixtures=fixtures, db=db))) as node:
            assert (node.ledger.height, holdings(node)) == (9, [("9", 3)])


def test_the_dev_chain_in_a_file_keeps_its_accounts(tmp_path: Path) -> None:
    options = NodeOptions(db=tmp_path / "chain.db", accounts=11, seed="other")
    with closing(Node(options)) as node:
        accounts = node.accounts
    with closing(Node(NodeOptions(db=tmp_path / "chain.db"))) as node:
        assert node.accounts == accounts
        assert [account.name for account in accounts] == [f"account{number}" for number in range(1, 12)]


@pytest.mark.parametrize("block_index", [0, 1, 17145])  # 17145 is the first block of the page's account
def test_the_dev_chain_whose_loading_was_cut_off_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block_index: int
) -> None:
    options = NodeOptions(db=tmp_path / "chain.db")
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        interrupt_at(block_index, patched)
        Node(options)
    with closing(Node(options)) as node:
        assert node.ledger.height == 70010
        # The getnep5balances page: five assets, the oldest in block 17145, the newest in block 54499.
        page = holdings(node, "NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1")
        assert sorted(block for _, block in page) == [17145, 17418, 19810, 54496, 54499]


@pytest.mark.parametrize("block_index", [0, 2, 3])
def test_a_fixture_whose_loading_was_cut_off_is_finished(
    tmp_path: Path, write: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch, block_index: int
) -> None:
    options = NodeOptions(fixtures=(write("chain.yaml", CHAIN),), db=tmp_path / "chain.db")
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        interrupt_at(block_index, patched)
        Node(options)
    with closing(Node(options)) as node:
        assert (node.ledger.height, holdings(node)) == (9, [("9", 3)])


def test_a_part_of_a_chain_is_not_taken_for_the_whole(
    tmp_path: Path, write: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    db = tmp_path / "chain.db"
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        interrupt_at(3, patched)
        Node(NodeOptions(fixtures=(write("chain.yaml", CHAIN),), db=db))
    with pytest.raises(NodeError, match=r"chain\.db: holds a part of another chain, whose loading was cut off; give"):
        Node(NodeOptions(db=db))


# Refused, in one line


def test_a_database_file_is_not_taken_for_another_chain(tmp_path: Path, write: Callable[[str, str], Path]) -> None:
    db = tmp_path / "chain.db"
    Node(NodeOptions(fixtures=(write("chain.yaml", CHAIN),), db=db)).close()
    other = write("other.yaml", CHAIN.replace("amount: 4", "amount: 3"))
    with pytest.raises(NodeError, match=r"chain\.db: holds another chain than the fixture; give --db a file that"):
        Node(NodeOptions(fixtures=(other,), db=db))


def test_a_database_file_keeps_its_profile(tmp_path: Path) -> None:
    db = tmp_path / "chain.db"
    Node(NodeOptions(db=db)).close()
    with pytest.raises(NodeError, match=r"chain\.db: holds a chain of profile n3; --profile says n2"):
        Node(NodeOptions(db=db, profile="n2"))


def test_a_fixture_that_cannot_be_played_names_its_line(write: Callable[[str, str], Path]) -> None:
    path = write("chain.yaml", OVERSPENT)
    with pytest.raises(NodeError) as caught:
        Node(NodeOptions(fixtures=(path,)))
    assert str(caught.value).startswith(
        f"{path}:10: blocks[1].transactions[0].transfers[0]: cannot move 6 of coin: {HOLDER} has 5"
    )


def test_of_several_fixtures_the_one_that_cannot_be_played_is_named(write: Callable[[str, str], Path]) -> None:
    token = write("token.yaml", TOKEN)
    moves = write("moves.yaml", OVERSPENT.removeprefix(TOKEN))
    with pytest.raises(NodeError) as caught:
        Node(NodeOptions(fixtures=(token, moves)))
    assert str(caught.value).startswith(
        f"{moves}:8: blocks[1].transactions[0].transfers[0]: cannot move 6 of coin: {HOLDER} has 5"
    )


def test_a_fixture_that_cannot_be_played_leaves_no_file(tmp_path: Path, write: Callable[[str, str], Path]) -> None:
    db = tmp_path / "chain.db"
    with pytest.raises(NodeError):
        Node(NodeOptions(fixtures=(write("chain.yaml", OVERSPENT),), db=db))
    assert [path.name for path in tmp_path.iterdir()] == ["chain.yaml"]


def test_a_start_that_fails_leaves_a_file_that_was_there(tmp_path: Path, write: Callable[[str, str], Path]) -> None:
    db = tmp_path / "chain.db"
    Node(NodeOptions(fixtures=(write("chain.yaml", CHAIN),), db=db)).close()
    with pytest.raises(NodeError):
        Node(NodeOptions(fixtures=(write("other.yaml", OVERSPENT),), db=db))
    with closing(Node(NodeOptions(db=db))) as node:
        assert holdings(node) == [("9", 3)]


def test_damage_that_only_shows_while_loading_is_said_in_one_line(
    tmp_path: Path, write: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    db = tmp_path / "chain.db"

    def damaged(ledger: Ledger, block: NewBlock) -> None:
        raise error

    monkeypatch.setattr(Ledger, "apply_block", damaged)
    with pytest.raises(NodeError, match=r"chain\.db: a damaged database; .* \(database disk image is malformed\)$"):
        Node(NodeOptions(fixtures=(write("chain.yaml", CHAIN),), db=db))


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        (PluginSetting("RpcSever", "Port", 1, "x"), "x: no plugin 'RpcSever'; the nearest is 'RpcServer'"),
        (PluginSetting("RpcServer", "Prot", 1, "x"), "x: RpcServer has no key 'Prot'; the nearest is 'Port'"),
        (PluginSetting("RpcServer", "Port", "a", "x"), 'x: RpcServer.Port: an integer is expected, not "a"'),
    ],
)
def test_a_setting_that_nobody_knows_is_refused_with_the_nearest(setting: PluginSetting, message: str) -> None:
    with pytest.raises(NodeError) as caught:
        Node(NodeOptions(settings=(setting,)))
    assert str(caught.value) == message


def test_host_and_port_of_the_options_win_over_the_plugins() -> None:
    settings = (PluginSetting("RpcServer", "Port", 1, "x"), PluginSetting("RpcServer", "BindAddress", "::1", "x"))
    with closing(Node(NodeOptions(settings=settings))) as node:
        assert (node.http_settings.bind_address, node.http_settings.port) == ("::1", 1)
    with closing(Node(NodeOptions(settings=settings, host="127.0.0.2", port=2))) as node:
        assert (node.http_settings.bind_address, node.http_settings.port) == ("127.0.0.2", 2)
