"""The one table of token balances: a row per account and fungible asset, which trackers and REST faces filter.

A row appears when an account is first named in a transfer, holds what `balanceOf` said after the block that last did
so, and is never deleted: a spent-out holding is a row of amount 0. Each tracker notes in a column of its own which
block last touched a row by its rules, and lists the rows it has noted; in another it keeps the amount of then, where
the row has gone on without it: while the contract did not claim the tracker's standard, say, or for a tracker that is
behind its node. What no tracker follows is completed here, so that a face sees every token an account ever received,
whatever the trackers are set to.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final

from rpcnode.chain.blocks import AppliedBlock
from rpcnode.chain.db.migrations import Migration, Migrations
from rpcnode.chain.state import CALL_GAS
from rpcnode.execution.records import Execution
from rpcnode.plugin.transfer_events import NotATransfer, number_of, side_of
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem

Holding = tuple[UInt160, UInt160]
"""(account, asset)."""

TRANSFER_EVENTS: Final = frozenset(("Transfer", "transfer"))
FOLLOWERS: Final = 4
"""How many trackers may follow one chain: columns of the table."""

_SEEN: Final = tuple(f"seen_{number}" for number in range(1, FOLLOWERS + 1))
_OWN: Final = tuple(f"amount_{number}" for number in range(1, FOLLOWERS + 1))

# address_key is the asset's hash as it is displayed, big-endian: the order of the faces. It is NULL for an NEP-11
# token, which a tracker may be told to follow and no face shows. The primary key's order is that of storage bytes,
# which is the NEO trackers'. is_held, whether the amount is not zero, stands in the index of the faces. token_holder
# counts the rows of an account that faces show, so that a page of many costs no more than a page of few.
BALANCE_MIGRATIONS = Migrations(
    "TokenBalances",
    (
        Migration(
            "m001_token_balance",
            (
                f"""CREATE TABLE token_balance (
                    account BLOB NOT NULL, asset BLOB NOT NULL, address_key BLOB, amount TEXT NOT NULL,
                    is_held INTEGER NOT NULL, block_index INTEGER NOT NULL,
                    {", ".join(f"{name} INTEGER" for name in _SEEN)},
                    PRIMARY KEY (account, asset)
                ) WITHOUT ROWID""",
                "CREATE INDEX token_balance_by_address ON token_balance (account, address_key, is_held)",
                """CREATE TABLE token_holder (
                    account BLOB PRIMARY KEY, row_count INTEGER NOT NULL, held_count INTEGER NOT NULL
                ) WITHOUT ROWID""",
                """CREATE TRIGGER token_balance_appears AFTER INSERT ON token_balance
                    WHEN new.address_key IS NOT NULL BEGIN
                    INSERT INTO token_holder VALUES (new.account, 1, new.is_held)
                    ON CONFLICT DO UPDATE SET row_count = row_count + 1, held_count = held_count + new.is_held;
                END""",
                """CREATE TRIGGER token_balance_changes AFTER UPDATE OF is_held ON token_balance
                    WHEN new.address_key IS NOT NULL AND old.is_held <> new.is_held BEGIN
                    UPDATE token_holder SET held_count = held_count + new.is_held - old.is_held
                    WHERE account = new.account;
                END""",
                "CREATE TABLE token_follower (name TEXT PRIMARY KEY, position INTEGER NOT NULL UNIQUE) WITHOUT ROWID",
            ),
        ),
        # NULL: the amount of the row is the tracker's too
        Migration("m002_own_amounts", tuple(f"ALTER TABLE token_balance ADD COLUMN {name} TEXT" for name in _OWN)),
    ),
)

# A tracker that catches up comes by with old blocks: what is newer stays.
_KEEPS_NEWER = """
    amount = CASE WHEN excluded.block_index >= block_index THEN excluded.amount ELSE amount END,
    is_held = CASE WHEN excluded.block_index >= block_index THEN excluded.is_held ELSE is_held END,
    block_index = max(block_index, excluded.block_index)
"""


def _keeping_others(own: int | None, taken: int, amount: str, condition: str = "") -> str:
    """What a new amount does to the columns of the `taken` trackers but `own`: they keep the one they had noted."""
    return "".join(
        f", {mine} = CASE WHEN {seen} IS NOT NULL AND {mine} IS NULL AND amount <> {amount} {condition}"
        f" THEN amount ELSE {mine} END"
        for position, (seen, mine) in enumerate(zip(_SEEN[:taken], _OWN, strict=False))
        if position != own
    )


# What stands before a page is skipped in an index alone.
_PAGE, _HELD_PAGE = (
    f"""
        SELECT asset, amount, block_index FROM token_balance WHERE (account, asset) IN (
            SELECT account, asset FROM token_balance WHERE account = ? AND address_key IS NOT NULL {which}
            ORDER BY address_key LIMIT ? OFFSET ?
        ) ORDER BY address_key
    """
    for which in ("", "AND is_held")
)


@dataclass(frozen=True, slots=True)
class TokenBalance:
    """What an account holds of an asset, a decimal text, and the block that last touched it by the reader's rules."""

    asset: UInt160
    amount: str
    last_updated_block: int


@dataclass(frozen=True, slots=True)
class BalanceQuestion:
    """How a tracker calls `balanceOf`: which answers count, and as what; and how much a call may use.

    `refused` is told of answers that do not count: after which block, of whom and what, and the item.
    """

    read: Callable[[StackItem], int | None] = number_of
    gas_datoshi: int = CALL_GAS
    refused: Callable[[AppliedBlock, Holding, StackItem], None] | None = None


USUAL_QUESTION: Final = BalanceQuestion()


class TokenBalances:
    """The table, and which of its rows the block being applied has refreshed already."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._block: AppliedBlock | None = None
        self._refreshed: set[Holding] = set()
        self._followers: list[BalanceFollower] = []
        self._take_columns()

    def follower(self, name: str, question: BalanceQuestion = USUAL_QUESTION) -> "BalanceFollower":
        """The columns of a tracker; `question` is how it asks for balances. Raises NodeError where none are left."""
        follower = BalanceFollower(self, self._db, name, question)
        follower.position()
        self._followers.append(follower)
        self._take_columns()
        return follower

    def reload(self) -> None:
        """Takes up what the table is now, after the database's content was replaced."""
        self.forget_block()
        self._take_columns()

    def _take_columns(self) -> None:
        positions = [follower.position() for follower in self._followers]
        (taken,) = self._db.execute("SELECT count(*) FROM token_follower").fetchone()
        newer = "AND excluded.block_index >= block_index"
        self._complete = f"""
            INSERT INTO token_balance (account, asset, address_key, amount, is_held, block_index)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (account, asset) DO UPDATE SET
                {_KEEPS_NEWER} {_keeping_others(None, taken, "excluded.amount", newer)}
        """
        for follower, position in zip(self._followers, positions, strict=True):
            follower.take_column(position, taken)

    def of_account(
        self, account: UInt160, offset: int, limit: int, *, with_zero: bool = True
    ) -> Iterator[TokenBalance]:
        """Rows of an account by the asset's hash as displayed, `limit` of them from `offset` on."""
        select = _PAGE if with_zero else _HELD_PAGE
        for asset, amount, block_index in self._db.execute(select, (account, limit, offset)):
            yield TokenBalance(UInt160(asset), amount, block_index)

    def count(self, account: UInt160, *, with_zero: bool = True) -> int:
        """How many rows an account has."""
        row = self._db.execute(
            "SELECT row_count, held_count FROM token_holder WHERE account = ?", (account,)
        ).fetchone()
        return 0 if row is None else int(row[0 if with_zero else 1])

    def amounts(self, account: UInt160, assets: Collection[UInt160]) -> dict[UInt160, int]:
        """What an account holds of some assets; those that it never received are not in it."""
        if self.count(account) <= 2 * len(assets):
            rows = self._db.execute("SELECT asset, amount FROM token_balance WHERE account = ?", (account,))
            return {UInt160(asset): int(amount) for asset, amount in rows}
        select = "SELECT amount FROM token_balance WHERE account = ? AND asset = ?"
        found = ((asset, self._db.execute(select, (account, asset)).fetchone()) for asset in assets)
        return {asset: int(row[0]) for asset, row in found if row is not None}

    def complete(self, block: AppliedBlock, executions: tuple[Execution, ...]) -> None:
        """Refreshes what a block's transfers touched and no tracker has refreshed; after all of them."""
        refreshed = self._refreshed if self._block is block else set()
        self.forget_block()
        touched: dict[Holding, None] = {}
        for execution in executions:
            if not execution.halted:
                continue
            for notification in execution.notifications:
                if notification.event_name not in TRANSFER_EVENTS or len(notification.state) < 3:
                    continue
                contract, _, (sender, receiver, *_), _ = notification
                for item in (sender, receiver):
                    if item is None or (type(item) is bytes and (item, contract) in refreshed):
                        continue
                    try:
                        account = side_of(item)
                    except NotATransfer:
                        continue
                    if account is not None and (account, contract) not in refreshed:
                        touched[account, contract] = None
        if touched:
            self._db.executemany(
                self._complete,
                [
                    (account, asset, asset[::-1], str(amount), amount != 0, block.index)
                    for (account, asset), amount in balances_after(
                        block, (holding for holding in touched if _is_fungible(block, holding[1])), USUAL_QUESTION
                    )
                ],
            )

    def forget_block(self) -> None:
        """What was refreshed in the block being applied may have been undone."""
        self._block = None
        self._refreshed = set()

    def clear(self) -> None:
        """Empties the table."""
        self._db.execute("DELETE FROM token_balance")
        self._db.execute("DELETE FROM token_holder")

    def note_refreshed(self, block: AppliedBlock, holdings: Iterable[Holding]) -> None:
        """These rows stand as they are after the block."""
        if self._block is not block:
            self._block = block
            self._refreshed = set()
        self._refreshed.update(holdings)


class BalanceFollower:
    """A tracker's view of the table: the rows that it has noted, with the block of its last note."""

    def __init__(self, balances: TokenBalances, db: sqlite3.Connection, name: str, question: BalanceQuestion) -> None:
        self._balances = balances
        self._db = db
        self._question = question
        self._name = name

    def take_column(self, position: int, taken: int) -> None:
        """Notes in the columns at that position, of the first `taken` that trackers have."""
        seen, own = _SEEN[position], _OWN[position]
        newer = "AND excluded.block_index >= block_index"
        self._note = f"""
            INSERT INTO token_balance (account, asset, address_key, amount, is_held, block_index, {seen})
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (account, asset) DO UPDATE SET {_KEEPS_NEWER}, {seen} = excluded.{seen},
                {own} = CASE WHEN excluded.block_index >= block_index THEN NULL ELSE excluded.amount END
                {_keeping_others(position, taken, "excluded.amount", newer)}
        """
        self._others = taken - 1
        self._still_held = f"""
            UPDATE token_balance SET amount = ?, block_index = ?, {seen} = ?, {own} = NULL
                {_keeping_others(position, taken, "?")}
            WHERE account = ? AND asset = ? AND is_held AND block_index <= ?
        """
        self._listed = f"""
            SELECT asset, coalesce({own}, amount) AS noted, {seen} FROM token_balance
            WHERE account = ? AND {seen} IS NOT NULL AND noted <> '0' ORDER BY asset
        """
        self._clear = f"UPDATE token_balance SET {seen} = NULL, {own} = NULL WHERE {seen} IS NOT NULL"

    def refresh(self, block: AppliedBlock, touched: Iterable[Holding]) -> set[UInt160]:
        """Asks `balanceOf` for each account and asset after a block; where it fails, the row stays as it was.

        Gives the assets whose `balanceOf` wrote into storage; what it wrote is dropped.
        """
        writers: set[UInt160] = set()
        amounts = list(balances_after(block, touched, self._question, writers))
        # The row of an account that held some, and holds some, is changed where it stands, with no index: four times as
        # fast. SQLite's module for Python takes a bytearray at once, and asks around what to make of bytes.
        index, others = block.index, self._others
        held_rows = [
            (text := str(amount), index, index, *[text] * others, bytearray(account), bytearray(asset), index)
            for (account, asset), amount in amounts
            if amount
        ]
        if amounts and self._db.executemany(self._still_held, held_rows).rowcount < len(amounts):
            address_keys = {asset: asset[::-1] if _is_fungible(block, asset) else None for (_, asset), _ in amounts}
            rows = [
                (account, asset, address_keys[asset], str(amount), amount != 0, index, index)
                for (account, asset), amount in amounts
            ]
            self._db.executemany(self._note, rows)
        self._balances.note_refreshed(block, touched)
        return writers

    def balances_of(self, account: UInt160) -> Iterator[TokenBalance]:
        """The holdings of an account that are not zero, as the tracker noted them, by the asset's storage bytes."""
        for asset, amount, last_updated_block in self._db.execute(self._listed, (account,)):
            yield TokenBalance(UInt160(asset), amount, last_updated_block)

    def clear(self) -> None:
        """Takes the notes back; the rows stay."""
        self._db.execute(self._clear)

    def position(self) -> int:
        """Which columns are the tracker's, from 0 on. Raises NodeError where others have them all."""
        row = self._db.execute("SELECT position FROM token_follower WHERE name = ?", (self._name,)).fetchone()
        if row is not None:
            return int(row[0])
        (position,) = self._db.execute("SELECT count(*) FROM token_follower").fetchone()
        if position > FOLLOWERS:
            raise sqlite3.DatabaseError(f"token_follower has {position} rows, and {FOLLOWERS} at most are written")
        if position == FOLLOWERS:
            raise NodeError(f"{self._name}: token balances have no more than {FOLLOWERS} trackers")
        self._db.execute("INSERT INTO token_follower (name, position) VALUES (?, ?)", (self._name, position))
        return int(position)


def _is_fungible(block: AppliedBlock, asset: UInt160) -> bool:
    """Whether an asset is a contract that does not claim to be of NEP-11's kind."""
    contract = block.state.contract(asset)
    return contract is not None and "NEP-11" not in contract.supported_standards


def balances_after(
    block: AppliedBlock, touched: Iterable[Holding], question: BalanceQuestion, writers: set[UInt160] | None = None
) -> Iterator[tuple[Holding, int]]:
    """What `balanceOf` answers after a block, where it answers something that counts.

    Adds to `writers` the assets whose `balanceOf` wrote into storage.
    """
    state, read, gas_datoshi = block.state, question.read, question.gas_datoshi
    readers: dict[UInt160, Callable[[UInt160], int | None] | None] = {}
    for holding in touched:
        account, asset = holding
        if asset not in readers:
            readers[asset] = state.balances(asset, gas_datoshi)
        balance = readers[asset]
        left: StackItem = None if balance is None else balance(account)
        if left is None:
            execution = state.call(asset, "balanceOf", (bytes(account),), gas_datoshi)
            if execution.wrote and writers is not None:
                writers.add(asset)
            if not (execution.halted and execution.stack):
                continue
            left = execution.stack[-1]
        amount = read(left)
        if amount is not None:
            yield holding, amount
        elif question.refused is not None:
            question.refused(block, holding, left)
