"""Whole transactions of declared transfers leave the same with a machine and without."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from rpcnode.execution.block_run import run_block
from rpcnode.execution.native_hashes import CONTRACT_MANAGEMENT, POLICY
from rpcnode.execution.records import Execution
from rpcnode.execution.snapshot import Snapshot
from rpcnode.models.declared.calls import TokenCall, calls_in, only_transfer
from rpcnode.natives.registry import Natives
from rpcnode.payloads.signer import WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import MAX_INTEGER
from rpcnode.vm.script_builder import Pushable, ScriptBuilder
from tests import part_of
from tests.oracles.world import Blocks, Rows
from tests.rpcnode.models.declared.test_twins import Rows as RowsOf
from tests.rpcnode.models.declared.test_twins import accounts, fork_sets, policies, scopes, sober_ids, sober_rows
from tests.rpcnode.models.declared.token_world import (
    ALICE,
    ART,
    BOB,
    CAROL,
    COIN,
    COMMITTEE,
    HOLDERS,
    OWNER,
    SHARE,
    WITH_TWINS,
    WITHOUT_TWINS,
    block_of,
    genesis_rows,
    plain,
    settings_of,
    signers_of,
    transaction_of,
)

ENOUGH = 1_000_000_000
ASSERT, DROP = b"\x39", b"\x45"

amounts = st.one_of(*[st.integers(0, 12)] * 5, st.sampled_from((-1, 255, 2**31, 2**63, 2**64, MAX_INTEGER)))
mostly_by_entry = st.one_of(*[st.just(WitnessScope.CalledByEntry)] * 9, scopes)
tails = st.sampled_from((b"", ASSERT, ASSERT, DROP))
receivers = st.one_of(accounts, st.sampled_from(HOLDERS))
of = st.tuples
coin_calls = st.one_of(
    of(st.just("transfer"), of(accounts, receivers, amounts, st.none())),
    of(st.just("mint"), of(receivers, amounts)),
    of(st.just("burn"), of(accounts, amounts)),
)
art_calls = st.one_of(
    of(st.just("transfer"), of(receivers, sober_ids, st.none())),
    of(st.sampled_from(("mint", "burn")), of(accounts, st.just(1), sober_ids)),
)
share_calls = st.one_of(
    of(st.just("transfer"), of(accounts, receivers, amounts, sober_ids, st.none())),
    of(st.sampled_from(("mint", "burn")), of(accounts, amounts, sober_ids)),
)
fitting_calls = st.one_of(of(st.just(COIN), coin_calls), of(st.just(ART), art_calls), of(st.just(SHARE), share_calls))
any_calls = of(st.sampled_from((COIN, ART, SHARE)), st.one_of(coin_calls, art_calls, share_calls))
declared_calls = st.one_of(*[fitting_calls] * 9, any_calls)


def call(method: str, args: Sequence[Pushable], tail: bytes = b"", token: UInt160 = COIN) -> bytes:
    return ScriptBuilder().call(token, method, args).to_bytes() + tail


@st.composite
def declared_scripts(draw: st.DrawFn) -> bytes:
    made = draw(st.lists(of(declared_calls, tails), min_size=1, max_size=3))
    return b"".join(
        call(method, args, tail if method == "transfer" else tail.replace(ASSERT, b""), token)
        for (token, (method, args)), tail in made
    )


def executed(
    natives: Natives, rows: RowsOf, transactions: Sequence[Transaction], fork_set: int
) -> tuple[Sequence[Execution], Mapping[tuple[int, bytes], bytes | None]]:
    """The executions of a block's transactions, and what they have written."""
    snapshot = Snapshot(Rows(rows))
    layer = snapshot.child()
    runs = run_block(block_of(transactions), layer, settings_of(fork_set), natives, Blocks([block_of(index=0)]))
    next(runs)  # OnPersist takes fees, which nobody here pays
    return [next(runs) for _ in transactions], layer.changes()


@st.composite
def single_scripts(draw: st.DrawFn) -> bytes:
    """One transfer: what nearly all declared transactions are."""
    sender, receiver = draw(accounts), draw(receivers)
    amount = draw(st.one_of(amounts, st.sampled_from((1, 7, 11, 12, 126, 300))))
    return call("transfer", (sender, receiver, amount, None), draw(tails))


declared_transactions = st.tuples(
    st.one_of(declared_scripts(), single_scripts()),
    st.fixed_dictionaries(dict.fromkeys((ALICE, BOB, CAROL, OWNER), mostly_by_entry)),
    st.sampled_from((ENOUGH, ENOUGH, ENOUGH, 7_000_000, 10_000_000, 0)),
)


@settings(max_examples=part_of(300), deadline=None)
@given(
    st.lists(declared_transactions, min_size=1, max_size=4),
    sober_rows(),
    policies(),
    fork_sets,
)
def test_declared_transactions_leave_the_same_without_a_machine(
    declared: Sequence[tuple[bytes, dict[UInt160, WitnessScope], int]], tokens: RowsOf, policy: RowsOf, fork_set: int
) -> None:
    rows = {**genesis_rows(fork_set), **tokens, **policy}
    transactions = [
        transaction_of(script, signers_of(scope_of), gas, nonce)
        for nonce, (script, scope_of, gas) in enumerate(declared)
    ]
    expected, changes = executed(WITHOUT_TWINS, rows, transactions, fork_set)
    executions, written = executed(WITH_TWINS, rows, transactions, fork_set)
    event(" ".join(execution.vm_state for execution in expected))
    assert [*map(shown, executions)] == [*map(shown, expected)]
    assert written == changes


def shown(execution: Execution) -> tuple[object, ...]:
    """An execution in a form that can be compared, the types of items included."""
    events = [(event.contract, event.event_name, [*map(plain, event.state)]) for event in execution.notifications]
    return (
        execution.trigger,
        execution.container,
        execution.vm_state,
        execution.gas_consumed,
        [*map(plain, execution.stack)],
        execution.exception,
        events,
    )


@given(st.one_of(single_scripts(), declared_scripts()), st.sampled_from((b"", b"\x40", b"\x39")))
def test_a_single_transfer_is_read_as_calls_are(script: bytes, behind: bytes) -> None:
    only, calls = only_transfer(script + behind), calls_in(script + behind)
    if only is not None:
        args = only.sender, only.receiver, only.amount, None
        assert calls == [TokenCall(only.contract, "transfer", args, only.tail, only.units)]
    else:
        assert calls is None or len(calls) > 1 or calls[0].method != "transfer" or len(calls[0].args) != 4


@pytest.mark.parametrize(
    ("method", "args"),
    [
        ("setStoragePrice", (3,)),
        ("setExecFeeFactor", (7,)),
        ("blockAccount", (COIN,)),
        ("setWhitelistFeeContract", (COIN, "transfer", 4, 1_000)),
        ("setWhitelistFeeContract", (CONTRACT_MANAGEMENT, "getContract", 1, 1_000)),
    ],
)
def test_what_the_committee_changes_between_two_transfers_counts(method: str, args: Sequence[Pushable]) -> None:
    rows = {**genesis_rows(0), (11, b"\x14" + ALICE): b"\x63"}
    transfer = call("transfer", (ALICE, BOB, 5, None), ASSERT)
    scripts = (transfer, call(method, args, token=POLICY), transfer)
    both = {ALICE: WitnessScope.CalledByEntry, COMMITTEE: WitnessScope.Global}
    transactions = [transaction_of(script, signers_of(both), ENOUGH, nonce) for nonce, script in enumerate(scripts)]
    expected, changes = executed(WITHOUT_TWINS, rows, transactions, 0)
    executions, written = executed(WITH_TWINS, rows, transactions, 0)
    assert expected[1].exception is None
    assert [*map(shown, executions)] == [*map(shown, expected)]
    assert shown(expected[0])[3:] != shown(expected[2])[3:]
    assert written == changes


@pytest.mark.parametrize(
    "script",
    [
        call("transfer", (ALICE, BOB, 5, None), ASSERT),
        call("transfer", (ALICE, ALICE, 5, None), ASSERT),
        call("mint", (ALICE, 10**30)) + call("burn", (BOB, 1), DROP),
        call("transfer", (BOB, b"a", None), ASSERT, ART),
        call("mint", (BOB, 1, b"b"), token=ART) + call("burn", (ALICE, 1, b"a"), token=ART),
        call("transfer", (ALICE, BOB, 3, b"a", None), ASSERT, SHARE),
        call("mint", (BOB, 2**70, b"b" * 42), token=SHARE) + call("burn", (ALICE, 9, b"a"), token=SHARE),
    ],
)
def test_what_a_fixture_declares_needs_no_machine(script: bytes) -> None:
    rows = {**genesis_rows(0), (11, b"\x14" + ALICE): b"\x63", (11, b"\x14" + BOB): b"\x63", (11, b"\x0b"): b"\x63"}
    rows |= {(12, b"\x16a"): bytes(ALICE), (12, b"\x15" + ALICE + b"a"): b"\x01", (13, b"\x15" + ALICE + b"a"): b"\x09"}
    signers = signers_of({OWNER: WitnessScope.CalledByEntry, ALICE: WitnessScope.CalledByEntry})
    transaction = transaction_of(script, signers, ENOUGH)
    snapshot = Snapshot(Rows(rows))
    twins = WITH_TWINS.twins.of_block(block_of([transaction]), snapshot, settings_of(0), WITH_TWINS)
    done = twins.execution(transaction)
    (expected,), changes = executed(WITHOUT_TWINS, rows, [transaction], 0)
    assert done is not None and shown(done) == shown(expected)
    assert snapshot.changes().items() <= changes.items()


@pytest.mark.parametrize(
    "script",
    [
        b"",
        b"\x40",
        call("transfer", (ALICE, BOB, 5, None), ASSERT) + b"\x40",
        call("transfer", (ALICE, BOB, 5, b""), ASSERT),
        call("transfer", (ALICE, b"short", 5, None), ASSERT),
        call("symbol", ()),
        call("mint", (ALICE, 1, b"x" * 65)),
        call("mint", (ALICE, 1, b"x" * 10)).replace(b"\x0c\x0a", b"\x0c\x09"),
    ],
)
def test_any_other_script_is_left_to_the_machine(script: bytes) -> None:
    assert not calls_in(script)
    assert only_transfer(script) is None
