"""Empty blocks passed at once against the same blocks executed one by one."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.records import Execution
from rpcnode.execution.serializers.binary import serialize
from rpcnode.execution.snapshot import Snapshot
from rpcnode.natives.empty_blocks import executions_of_empty_block, pass_empty_blocks
from rpcnode.natives.gas_token import GAS
from rpcnode.natives.neo.empty_block_mints import Mints, mints_of_empty_blocks, received
from rpcnode.natives.registry import NATIVES
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Array
from tests import part_of
from tests.oracles.world import Rows
from tests.rpcnode.natives.governance import (
    SIZES,
    Governance,
    governances,
    one_by_one,
    settings_of,
    time_ms_of,
)

AT_GENESIS = dict.fromkeys(Hardfork, 0)


class Mint(NamedTuple):
    """What one block mints, in datoshi."""

    block_index: int
    receiver: UInt160
    amount: int


def passed(state: Governance, *counts: int) -> Snapshot:
    snapshot, first = state.snapshot(), state.first
    for count in counts:
        pass_empty_blocks(snapshot, state.settings, NATIVES, first, count, time_ms_of)
        first += count
    return snapshot


def minted(executions: list[tuple[Execution, Execution]], first: int) -> list[Mint]:
    """GAS that was made in blocks, by their notifications."""
    return [
        Mint(index, UInt160(bytes(event.state[1])), event.state[2])  # type: ignore[arg-type]
        for index, (_, after) in enumerate(executions, first)
        for event in after.notifications
        if event.contract == GAS.hash
    ]


def block_by_block(mints: Iterable[Mints]) -> list[Mint]:
    return [
        Mint(index, stretch.receivers[index % len(stretch.receivers)], stretch.amount)
        for stretch in mints
        for index in range(stretch.first, stretch.first + stretch.count)
    ]


def shown(executions: tuple[Execution, Execution]) -> list[tuple[object, ...]]:
    """Two executions with the notifications' items as bytes: an Array equals no other."""
    return [
        (
            execution._replace(notifications=()),
            [(event.contract, event.event_name, serialize(Array(event.state))) for event in execution.notifications],
        )
        for execution in executions
    ]


@settings(max_examples=part_of(150))
@given(governances(), st.data())
def test_a_stretch_passed_at_once_is_as_executed_block_by_block(
    case: tuple[Governance, int], data: st.DataObject
) -> None:
    state, count = case
    snapshot = state.snapshot()
    mints = mints_of_empty_blocks(snapshot, state.settings, state.first, count)
    executions = one_by_one(snapshot, state.settings, state.first, count)
    expected = snapshot.changes()
    assert passed(state, count).changes() == expected
    split = data.draw(st.integers(0, count))
    assert passed(state, split, count - split).changes() == expected

    real = minted(executions, state.first)
    assert block_by_block(mints) == real
    totals = received(mints)
    sums: Counter[UInt160] = Counter()
    for mint in real:
        sums[mint.receiver] += mint.amount
    assert {account: total.amount for account, total in totals.items()} == sums
    assert {account: total.last_block_index for account, total in totals.items()} == {
        mint.receiver: mint.block_index for mint in real
    }


@settings(max_examples=part_of(50))
@given(governances(most=30))
def test_the_executions_of_a_passed_block_are_derived(case: tuple[Governance, int]) -> None:
    state, count = case
    executions = one_by_one(state.snapshot(), state.settings, state.first, count)
    for offset, expected in list(enumerate(executions))[-3:]:
        index = state.first + offset
        snapshot = passed(state, offset)
        before = snapshot.changes()
        executions_then = executions_of_empty_block(snapshot, state.settings, NATIVES, index, time_ms_of(index))
        assert shown(executions_then) == shown(expected)
        assert snapshot.changes() == before


def test_a_stretch_may_begin_with_genesis() -> None:
    hardforks = dict(zip(Hardfork, (0, 0, 0, 2, 2, 5, 9), strict=False))
    network = settings_of(3, hardforks)
    at_once, executed = Snapshot(Rows({})), Snapshot(Rows({}))
    pass_empty_blocks(at_once, network, NATIVES, 0, 12, time_ms_of)
    one_by_one(executed, network, 0, 12)
    assert at_once.changes() == executed.changes()


@pytest.mark.parametrize("size", SIZES)
def test_millions_of_blocks_ask_for_no_more_rows_than_a_few(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    state = Governance(size, AT_GENESIS, 1)
    asked = []
    get = Snapshot.get

    def noted(self: Snapshot, contract_id: int, key: bytes) -> bytes | None:
        asked.append(key)
        return get(self, contract_id, key)

    monkeypatch.setattr(Snapshot, "get", noted)
    counts = []
    for blocks in (10 * size, 7_000_000):
        asked.clear()
        pass_empty_blocks(state.snapshot(), state.settings, NATIVES, 1, blocks, time_ms_of)
        counts.append(len(asked))
    assert counts[1] <= counts[0]
    (mints,) = mints_of_empty_blocks(state.snapshot(), state.settings, 1, 7_000_000)
    totals = received([mints]).values()
    assert sum(total.amount for total in totals) == 7_000_000 * 50_000_000
    assert max(total.last_block_index for total in totals) == 7_000_000
