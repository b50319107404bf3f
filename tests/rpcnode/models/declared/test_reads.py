"""Calls that only ask get the same answer, for the same gas, with a machine and without."""

from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rpcnode.execution.ledger_view import LedgerView
from rpcnode.execution.native_hashes import GAS, NEO
from rpcnode.execution.native_set import NativeSet
from rpcnode.execution.records import Execution
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import StorageReader
from rpcnode.execution.test_invocation import run_of_natives
from rpcnode.models.declared.entries import DeclaredTwins
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.script_builder import ScriptBuilder
from tests import part_of
from tests.oracles.world import Blocks, Rows
from tests.rpcnode.models.declared.test_twins import QUESTIONS, Call, fork_sets, policies, sober_rows, token_rows
from tests.rpcnode.models.declared.test_twins import Rows as RowsOf
from tests.rpcnode.models.declared.token_world import (
    ALICE,
    COIN,
    IDS,
    OWNER,
    PLAIN,
    WITHOUT_TWINS,
    block_of,
    genesis_rows,
    plain,
    settings_of,
)

ENOUGH = 100_000_000
NATIVE_IDS = {NEO: -5, GAS: -6}
NOBODY = bytes(range(20))


class State(NamedTuple):
    """What a run is made over."""

    storage: StorageReader
    ledger: LedgerView
    settings: ProtocolSettings
    natives: NativeSet


def by_machine(rows: RowsOf, call: Call, fork_set: int, gas_datoshi: int) -> Execution:
    state = State(Rows(rows), Blocks([block_of(index=0)]), settings_of(fork_set), WITHOUT_TWINS)
    engine = run_of_natives(state, ScriptBuilder().call(*call).to_bytes(), gas_datoshi)
    engine.execute()
    return engine.execution()


def without(rows: RowsOf, call: Call, fork_set: int, gas_datoshi: int) -> Execution | None:
    contract, method, args = call
    reads = DeclaredTwins().of_state(Rows(rows), settings_of(fork_set), WITHOUT_TWINS, 1)
    answers = [reads.answer(contract, method, args, gas_datoshi) for _ in range(2)]  # type: ignore[arg-type]
    assert answers[0] == answers[1]
    return answers[0]


@settings(max_examples=part_of(150), deadline=None)
@given(
    st.one_of(*QUESTIONS),
    st.one_of(token_rows(), sober_rows()),
    policies(),
    fork_sets,
    st.sampled_from((ENOUGH, ENOUGH, 300_000)),
)
def test_an_answer_is_what_the_script_leaves(
    call: Call, tokens: RowsOf, policy: RowsOf, fork_set: int, gas_datoshi: int
) -> None:
    rows = {**genesis_rows(fork_set), **tokens, **policy}
    answer = without(rows, call, fork_set, gas_datoshi)
    if answer is not None:
        expected = by_machine(rows, call, fork_set, gas_datoshi)
        assert answer._replace(stack=()) == expected._replace(stack=())
        assert [*map(plain, answer.stack)] == [*map(plain, expected.stack)]


@pytest.mark.parametrize(("row", "balance"), [(None, 0), (b"\x2c\x01", 300)])
def test_balances_are_answered_without_a_machine(row: bytes | None, balance: int) -> None:
    rows = genesis_rows(0) if row is None else {**genesis_rows(0), (IDS[COIN], b"\x14" + ALICE): row}
    call: Call = COIN, "balanceOf", (bytes(ALICE),)
    answer = without({**rows}, call, 0, ENOUGH)
    assert answer is not None
    assert answer.stack == (balance,)
    assert answer == by_machine({**rows}, call, 0, ENOUGH)
    assert without({**rows}, call, 0, answer.gas_consumed) == answer
    assert without({**rows}, call, 0, answer.gas_consumed - 1) is None


@pytest.mark.parametrize("token", [GAS, NEO])
@pytest.mark.parametrize("fork_set", range(3))
@pytest.mark.parametrize(("row", "balance"), [(None, 0), (b"\x41\x01\x21\x02\x2c\x01", 300), (b"\x41\x00", None)])
def test_balances_of_native_tokens_are_answered_without_a_machine(
    token: UInt160, fork_set: int, row: bytes | None, balance: int | None
) -> None:
    place = (NATIVE_IDS[token], b"\x14" + NOBODY)
    rows: RowsOf = {**genesis_rows(fork_set)} if row is None else {**genesis_rows(fork_set), place: row}
    call: Call = token, "balanceOf", (NOBODY,)
    answer, expected = without(rows, call, fork_set, ENOUGH), by_machine(rows, call, fork_set, ENOUGH)
    if balance is None:
        assert answer is None
        assert not expected.halted
    else:
        assert answer == expected
        assert expected.stack == (balance,)
        assert without(rows, call, fork_set, expected.gas_consumed - 1) is None


@pytest.mark.parametrize(
    "call",
    [
        (COIN, "mint", (bytes(ALICE), 1)),
        (COIN, "balanceOf", (bytes(21),)),
        (COIN, "balanceOf", (1,)),
        (COIN, "absent", ()),
        (PLAIN, "balanceOf", (bytes(ALICE),)),
        (OWNER, "balanceOf", (bytes(ALICE),)),
        (GAS, "transfer", (bytes(ALICE), bytes(OWNER), 1, None)),
        (GAS, "totalSupply", ()),
    ],
)
def test_other_calls_are_left_to_the_machine(call: Call) -> None:
    assert without({**genesis_rows(0)}, call, 0, ENOUGH) is None
