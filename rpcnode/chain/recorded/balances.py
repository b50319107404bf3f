"""What `balanceOf` answered on an older node, block by block, as far as its recording tells.

Rows of a tracker say it exactly: the row of an account and asset is the answer in the block that last updated it. A
row that an accepted event did not renew is one of a call that failed. Where no row is told, the events add up.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from rpcnode.chain.recorded.recorded import OlderBlock, OlderRecording, RecordedRow, Rows
from rpcnode.models.older_transfers import older_transfer
from rpcnode.models.told_balances import FAILS, Answer
from rpcnode.primitives.uint import UInt160

UNREADABLE: Final = bytes(512) + b"\x01"
"""Stands for a balance that a node could store and not read again: over 512 bytes, which ones it never told."""

Holding = tuple[UInt160, UInt160]
"""(account, asset)."""


class ToldBalance(NamedTuple):
    """From this block on `balanceOf` of an asset answers so for an account; an integer: that is what it holds."""

    account: UInt160
    asset: UInt160
    answer: Answer


def told_balances(recording: OlderRecording) -> dict[int, list[ToldBalance]]:
    """Every answer that changes or is asked for, by the block after which it was given."""
    touched: dict[Holding, list[int]] = {}
    sums: dict[Holding, list[int]] = {}
    for block in recording.blocks:
        for holding, total in _totals(recording, block, sums).items():
            touched.setdefault(holding, []).append(block.index)
            sums.setdefault(holding, []).append(total)
    unreadable = _unreadable(recording, touched)
    told: dict[int, list[ToldBalance]] = {}
    for holding, blocks in touched.items():
        account, asset = holding
        if holding in unreadable:
            answers: Iterable[Answer] = [UNREADABLE] * len(blocks)
        elif account in recording.rows.by_height:
            answers = _by_height(recording.rows.by_height[account], asset, blocks)
        elif recording.rows.at_end.get(account) is not None and _stands(recording, asset):
            answers = _by_end((recording.rows.at_end[account] or {}).get(asset), blocks, sums[holding])
        else:
            answers = sums[holding]
        for index, answer in zip(blocks, answers, strict=True):
            told.setdefault(index, []).append(ToldBalance(account, asset, answer))
    return told


def _totals(recording: OlderRecording, block: OlderBlock, sums: dict[Holding, list[int]]) -> dict[Holding, int]:
    """What the events add up to after a block, of all that it touched."""
    totals: dict[Holding, int] = {}
    for execution in block.executions:
        for event in execution.notifications if execution.halted else ():
            transfer = older_transfer(recording.profile, event.event_name, event.state)
            if transfer is None:
                continue
            for account, change in ((transfer.sender, -transfer.value), (transfer.receiver, transfer.value)):
                if account is not None:
                    holding = (account, event.contract)
                    before = totals.get(holding, sums.get(holding, [0])[-1])
                    totals[holding] = before + change
    return totals


def _by_height(steps: Iterable[tuple[int, Rows]], asset: UInt160, blocks: Iterable[int]) -> Iterator[Answer]:
    known = list(steps)
    for index in blocks:
        rows = next((rows for height, rows in reversed(known) if height <= index), {})
        row = rows.get(asset)
        if row is None:
            yield 0
        else:
            yield row.amount if row.last_updated_block == index else FAILS


def _by_end(row: RecordedRow | None, blocks: list[int], totals: list[int]) -> Iterator[Answer]:
    """The last row is known; before it the events count where they add up to it, else it was ever so."""
    if row is None:
        yield from totals if totals[-1] == 0 else [FAILS] * len(blocks)
        return
    agrees = any(
        index == row.last_updated_block and total == row.amount for index, total in zip(blocks, totals, strict=True)
    )
    for index, total in zip(blocks, totals, strict=True):
        if index > row.last_updated_block:
            yield FAILS
        else:
            yield total if agrees else row.amount


def _stands(recording: OlderRecording, asset: UInt160) -> bool:
    """Whether rows of an asset are shown at the end: preview2 hides those of a contract that is gone."""
    if recording.profile == "n2":
        return True
    return any(each.script_hash == asset and each.destroyed_at is None for each in recording.contracts)


def _unreadable(recording: OlderRecording, touched: Iterable[Holding]) -> set[Holding]:
    """Of an account that was refused, the newest asset that it came to hold: why else should it be."""
    newest = {account: asset for account, asset in touched}  # noqa: C416 - of a mapping, dict() would be a copy
    return {
        (account, newest[account])
        for account, rows in recording.rows.at_end.items()
        if rows is None and account in newest
    }
