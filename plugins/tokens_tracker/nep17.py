"""The NEP-17 half of TokensTracker. Source: neo-node 3.10.2, plugins/TokensTracker: Nep17Tracker."""

import sqlite3
from collections.abc import Callable

from rpcnode.plugin import AppliedBlock, Execution, Json, State, UInt160
from rpcnode.plugin.items import StackItem
from rpcnode.plugin.steps import Steps
from rpcnode.plugin.token_balances import BalanceFollower, BalanceQuestion
from rpcnode.plugin.transfer_history import HistoryRow
from rpcnode.plugins.tokens_tracker.events import AmountTooLong, transfer_events
from rpcnode.plugins.tokens_tracker.metadata import metadata_of
from rpcnode.plugins.tokens_tracker.schema import NEP17_HISTORY

STANDARD = "NEP-17"


def read_balance(answer: StackItem) -> int | None:
    """What `balanceOf` answered, if it is an Integer: the tracker takes nothing else."""
    return answer if type(answer) is int else None


BALANCE_QUESTION = BalanceQuestion(read_balance, gas_datoshi=17_000_000)


def follow(
    db: sqlite3.Connection,
    balances: BalanceFollower,
    block: AppliedBlock,
    executions: tuple[Execution, ...],
    *,
    with_history: bool,
    too_long: Callable[[AmountTooLong], None],
) -> set[UInt160]:
    """Writes what a block did to NEP-17 balances and history; gives the assets whose balanceOf writes into storage.

    Where `too_long` raises, the history of the events before stays, as in the node, and no balance changes.
    """
    touched: dict[tuple[UInt160, UInt160], None] = {}
    history: list[HistoryRow] = []
    try:
        _read(block, executions, touched, history, too_long)
    finally:
        if with_history and history:
            NEP17_HISTORY.add(db, history)
    return balances.refresh(block, touched) if touched else set()


def _read(
    block: AppliedBlock,
    executions: tuple[Execution, ...],
    touched: dict[tuple[UInt160, UInt160], None],
    history: list[HistoryRow],
    too_long: Callable[[AmountTooLong], None],
) -> None:
    for event in transfer_events(block, executions, STANDARD, 3, too_long):
        asset = event.contract.script_hash
        for account in (event.sender, event.receiver):
            if account is not None and account != UInt160.ZERO:
                touched[account, asset] = None
        if event.transaction is not None:
            history.append(
                HistoryRow(
                    block.timestamp_ms,
                    asset,
                    event.sender,
                    event.receiver,
                    str(event.amount),
                    block.index,
                    len(history),
                    event.transaction,
                )
            )


def balances_json(balances: BalanceFollower, state: State, account: UInt160, max_results: int) -> Steps[list[Json]]:
    """The rows of getnep17balances, `max_results` of them; 0 acts as 1: the node counts behind the row.

    An asset that is gone, or whose symbol or decimals fail, is left out and not counted.
    """
    rows: list[Json] = []
    for balance in list(balances.balances_of(account)):  # which may change between steps
        metadata = yield from metadata_of(state, balance.asset)
        if metadata is not None:
            rows.append(
                {
                    "assethash": str(balance.asset),
                    "name": metadata.name,
                    "symbol": metadata.symbol,
                    "decimals": str(metadata.decimals),
                    "amount": balance.amount,
                    "lastupdatedblock": balance.last_updated_block,
                }
            )
            if len(rows) >= max_results:
                break
    return rows
