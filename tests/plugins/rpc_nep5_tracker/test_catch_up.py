"""A tracker installed late, or set otherwise than when its rows were made, ends with the rows it would have had."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from tests.plugins.node_builder import (
    HOLDER,
    OTHER,
    PROFILES,
    REFERENCE,
    TOKEN,
    ZERO,
    Document,
    NodeBuilder,
    amounts,
    balances,
    block,
    chain_of,
    event,
    history,
    notifies,
    transfers,
)
from tests.plugins.recorded_chains import PRIVATE_NETWORK

TRACKER: Final = "RpcNep5Tracker"
Rows = dict[str, list[tuple[Any, ...]]]


def chain(profile: ProfileName) -> Document:
    """A chain with everything that a tracker treats in its own way, and empty blocks between and after."""
    return chain_of(
        block(1, transfers((None, HOLDER, 100)), transfers((None, HOLDER, 5), asset="gone")),
        block(4, transfers((HOLDER, OTHER, 30), (OTHER, HOLDER, 1)), transfers((HOLDER, None, 2))),
        block(
            5,
            notifies(event(profile, HOLDER, OTHER, 7), event(profile, HOLDER, OTHER, "-1")),
            {**transfers((HOLDER, OTHER, 1)), "faults": True},
            transfers((None, HOLDER, 9), asset="newer"),
            notifies(event(profile, HOLDER, OTHER, 3, contract="gone")),
        ),
        block(9, transfers((OTHER, HOLDER, 29)), notifies(event(profile, "0x", OTHER, 4))),
        contracts={
            "demo": {"hash": TOKEN, "standard": "NEP-5"},
            "gone": {"hash": "0x" + "90" * 20, "standard": "NEP-5", "destroyed_at": 5},
            "newer": {"hash": "0x" + "17" * 20, "standard": "NEP-17"},
        },
        height=20,
    )


@pytest.fixture(params=PROFILES)
def profile(request: pytest.FixtureRequest) -> ProfileName:
    name: ProfileName = request.param
    return name


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "chain.db"


def rows_of(db: Path) -> Rows:
    """Every row of the tracker's tables, with its progress."""
    connection = sqlite3.connect(db)
    tables = [name for (name,) in connection.execute(_TABLES)]
    assert tables
    rows: Rows = {table: sorted(connection.execute(f"SELECT * FROM {table}")) for table in tables}
    noted = (
        f"SELECT account, asset, amount, {column_of(connection)} AS noted FROM token_balance WHERE noted IS NOT NULL"
    )
    rows["token_balance"] = sorted(connection.execute(noted))
    rows["progress"] = list(connection.execute(_PROGRESS, (TRACKER,)))
    connection.close()
    return rows


def column_of(connection: sqlite3.Connection) -> str:
    """Where the tracker notes the rows of the shared table that it lists."""
    ((position,),) = connection.execute("SELECT position FROM token_follower WHERE name = ?", (TRACKER,))
    return f"seen_{position + 1}"


def forget(db: Path, statements: Sequence[str] = ()) -> None:
    """Takes the tracker's rows and its progress out of a database, as if it had not been there."""
    connection = sqlite3.connect(db)
    for (table,) in connection.execute(_TABLES).fetchall():
        connection.execute(f"DELETE FROM {table}")
    connection.execute(f"UPDATE token_balance SET {column_of(connection)} = NULL")
    connection.execute("DELETE FROM plugin_progress WHERE name = ?", (TRACKER,))
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


_TABLES: Final = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'nep5%' ORDER BY name"
_PROGRESS: Final = "SELECT block_index FROM plugin_progress WHERE name = ?"
_FORGET_SETTINGS: Final = f"DELETE FROM chain_meta WHERE key = 'settings of {TRACKER}'"


@pytest.mark.parametrize("settings", [{}, REFERENCE], ids=["documented", "reference"])
@pytest.mark.parametrize("forgotten", [(), (_FORGET_SETTINGS,)], ids=["rows", "rows and settings"])
def test_a_tracker_installed_late_catches_up_to_the_same_rows(
    settings: dict[str, Json], forgotten: tuple[str, ...], profile: ProfileName, db: Path, build: NodeBuilder
) -> None:
    build.close_node(build(chain(profile), profile, settings, db=db))
    before = rows_of(db)
    assert before["progress"] == [(20,)]
    assert all(before.values())
    forget(db, forgotten)
    assert not any(rows_of(db).values())
    build.close_node(build(None, profile, settings, db=db))
    assert rows_of(db) == before


def test_it_catches_up_with_a_fixture_given_again_too(profile: ProfileName, db: Path, build: NodeBuilder) -> None:
    build.close_node(build(chain(profile), profile, db=db))
    before = rows_of(db)
    forget(db)
    build.close_node(build(chain(profile), profile, db=db))
    assert rows_of(db) == before


def test_a_tracker_that_missed_only_the_last_blocks_goes_on_where_it_stood(
    profile: ProfileName, db: Path, build: NodeBuilder
) -> None:
    build.close_node(build(chain(profile), profile, db=db))
    before = rows_of(db)
    tables = [table for table in before if table != "progress"]
    shorter = chain(profile)
    shorter["node"]["height"] = 4
    at_block_4 = db.with_name("shorter.db")
    build.close_node(build(shorter, profile, db=at_block_4))
    connection = sqlite3.connect(db)
    connection.execute("ATTACH ? AS shorter", (str(at_block_4),))
    for table in tables:
        connection.execute(f"DELETE FROM main.{table}")
        connection.execute(f"INSERT INTO main.{table} SELECT * FROM shorter.{table}")
    connection.execute("UPDATE plugin_progress SET block_index = 4 WHERE name = ?", (TRACKER,))
    connection.commit()
    connection.close()
    assert rows_of(db) != before
    build.close_node(build(None, profile, db=db))
    assert rows_of(db) == before


def test_a_reopened_chain_is_not_indexed_again(profile: ProfileName, db: Path, build: NodeBuilder) -> None:
    build.close_node(build(chain(profile), profile, db=db))
    connection = sqlite3.connect(db)
    for (table,) in connection.execute(_TABLES).fetchall():
        connection.execute(f"DELETE FROM {table}")
    connection.execute("DELETE FROM token_balance")
    connection.commit()
    connection.close()
    node = build(None, profile, db=db)
    assert balances(node, HOLDER) == []


@pytest.mark.parametrize(
    "settings",
    [
        {"TrackedStandards": ["NEP-5", "NEP-17"]},
        {"TrackedStandards": []},
        REFERENCE,
        {"TrackHistory": False},
        {"RecordNullAddressHistory": True},
        {"TrackNonStandardMintTokens": True},
    ],
    ids=str,
)
def test_changed_index_settings_make_the_rows_again(
    settings: dict[str, Json], profile: ProfileName, tmp_path: Path, build: NodeBuilder
) -> None:
    changed, fresh = tmp_path / "changed.db", tmp_path / "fresh.db"
    build.close_node(build(chain(profile), profile, db=changed))
    build.close_node(build(chain(profile), profile, settings, db=fresh))
    build.close_node(build(None, profile, settings, db=changed))
    assert rows_of(changed) == rows_of(fresh)


def test_settings_that_no_row_depends_on_leave_the_rows_alone(
    profile: ProfileName, db: Path, build: NodeBuilder
) -> None:
    build.close_node(build(chain(profile), profile, db=db))
    connection = sqlite3.connect(db)
    connection.execute("DELETE FROM token_balance")
    connection.commit()
    connection.close()
    node = build(None, profile, {"MaxResults": 1, "ContractRules": "off"}, db=db)
    assert balances(node, HOLDER) == []
    assert len(history(node, HOLDER)["sent"]) == 1


def test_the_zero_hash_gets_its_history_of_the_past_when_it_is_switched_on_later(
    profile: ProfileName, db: Path, build: NodeBuilder
) -> None:
    build.close_node(build(chain(profile), profile, db=db))
    node = build(None, profile, {"RecordNullAddressHistory": True}, db=db)
    sent, received = amounts(node, ZERO)
    # Of an empty sender, in block 9, n2 alone makes a mint.
    assert sorted(sent) == (["100", "4", "5"] if profile == "n2" else ["100", "5"])
    assert received == ["2"]


def test_a_late_tracker_catches_up_with_a_recorded_chain(db: Path, build: NodeBuilder) -> None:
    settings: dict[str, Json] = {"TrackedStandards": ["NEP-17"]}
    build.close_node(build(PRIVATE_NETWORK, "n3", settings, db=db))
    before = rows_of(db)
    assert len(before["token_balance"]) > 100
    forget(db)
    build.close_node(build(None, "n3", settings, db=db))
    assert rows_of(db) == before
