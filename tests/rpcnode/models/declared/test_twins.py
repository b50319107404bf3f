"""Twins do what the scripts do: storage, events, stack, gas, faults."""

from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from rpcnode.execution.contract import CONTRACT_MANAGEMENT_ID, CONTRACT_PREFIX, Contract
from rpcnode.execution.native_hashes import CONTRACT_MANAGEMENT, STD_LIB
from rpcnode.execution.native_set import NOT_DONE
from rpcnode.execution.serializers.binary import serialize
from rpcnode.models.declared import twins
from rpcnode.models.declared.rows import owners_key
from rpcnode.payloads.signer import WitnessScope
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import MAX_INTEGER, Struct, integer_bytes
from rpcnode.vm.script_builder import Pushable, ScriptBuilder
from tests import part_of
from tests.rpcnode.models.declared.token_world import (
    ALICE,
    ART,
    BOB,
    CAROL,
    COIN,
    DEAF,
    HARDFORKS,
    HOLDERS,
    IDS,
    OWNER,
    PROXY,
    SHARE,
    WITH_TWINS,
    WITHOUT_TWINS,
    genesis_rows,
    run,
    signers_of,
    token_contract,
    transaction_of,
)

POLICY_ID = -7
TRY_FINALLY = b"\x3c\x00\x00\x00\x00\x0b\x00\x00\x00\x11\x3a"
ENDFINALLY = b"\x3f"

accounts = st.sampled_from(HOLDERS[:4])
receivers = st.one_of(accounts, st.sampled_from(HOLDERS))
amounts = st.one_of(st.integers(0, 12), st.sampled_from((10**9, 2**64, MAX_INTEGER, MAX_INTEGER - 5, -1)))
ids = st.sampled_from((b"a", b"ab", b"z" * 42, b"z" * 43, b""))
odd: st.SearchStrategy[Pushable] = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.binary(max_size=34), st.just([1, 2]), st.just(bytes(20))
)
scopes = st.sampled_from(
    (
        WitnessScope.None_,
        WitnessScope.CalledByEntry,
        WitnessScope.CalledByEntry,
        WitnessScope.Global,
        WitnessScope.CustomContracts,
        WitnessScope.CalledByEntry | WitnessScope.CustomContracts,
    )
)
Rows = dict[tuple[int, bytes], bytes]
Call = tuple[UInt160, str, tuple[Pushable, ...]]


def of(token: UInt160, method: str, *args: Any) -> st.SearchStrategy[Call]:
    return st.tuples(st.just(token), st.just(method), st.tuples(*args))


DATA = st.one_of(st.none(), odd)
COIN_CALLS = (
    of(COIN, "transfer", accounts, receivers, amounts, DATA),
    of(COIN, "transfer", accounts, receivers, amounts, st.none()),
    of(COIN, "mint", receivers, amounts),
    of(COIN, "burn", accounts, amounts),
)
ART_CALLS = (
    of(ART, "transfer", receivers, ids, DATA),
    of(ART, "transfer", accounts, ids, st.none()),
    of(ART, "mint", receivers, st.sampled_from((1, 1, 2)), ids),
    of(ART, "burn", accounts, st.sampled_from((1, 1, 2)), ids),
)
SHARE_CALLS = (
    of(SHARE, "transfer", accounts, receivers, amounts, ids, DATA),
    of(SHARE, "transfer", accounts, accounts, amounts, ids, st.none()),
    of(SHARE, "mint", receivers, amounts, ids),
    of(SHARE, "burn", accounts, amounts, ids),
    of(SHARE, "balanceOf", accounts, ids),
    of(SHARE, "ownerOf", ids),
)
QUESTIONS = tuple(
    of(token, method, *args)
    for token in (COIN, ART, SHARE)
    for method, args in (("symbol", ()), ("decimals", ()), ("totalSupply", ()), ("balanceOf", (receivers,)))
)
LISTS = tuple(
    of(token, method, *args)
    for token in (ART, SHARE)
    for method, args in (("tokens", ()), ("tokensOf", (accounts,)), ("properties", (ids,)))
)
calls = st.one_of(*COIN_CALLS, *ART_CALLS, *SHARE_CALLS, *QUESTIONS, *LISTS)


@st.composite
def odd_calls(draw: st.DrawFn) -> Call:
    """A call one of whose arguments is anything."""
    token, method, args = draw(calls)
    given_args = list(args)
    if given_args:
        given_args[draw(st.integers(0, len(given_args) - 1))] = draw(odd)
    return token, method, tuple(given_args)


@st.composite
def scripts(draw: st.DrawFn) -> bytes:
    """Calls one after the other, with few rights or all, by others or not, in a FINALLY or not."""
    builder = ScriptBuilder()
    for token, method, args in draw(st.lists(st.one_of(calls, calls, odd_calls()), min_size=1, max_size=5)):
        flags = draw(st.sampled_from((15, 15, 15, 15, 5, 7, 1, 0, 11)))
        if draw(st.integers(0, 3)):
            builder.call(token, method, args, flags)
        else:
            proxy = draw(st.sampled_from((PROXY, DEAF)))
            builder.call(proxy, "run", (token, method, flags, list(args)), draw(st.sampled_from((15, 15, 7, 5))))
    script = builder.to_bytes()
    return script if draw(st.integers(0, 9)) else TRY_FINALLY + script + ENDFINALLY


@st.composite
def token_rows(draw: st.DrawFn) -> Rows:
    """What the tokens hold: mostly what adds up, sometimes bytes that no script has written."""
    numbers = st.one_of(
        st.integers(0, 30).map(integer_bytes),
        st.sampled_from((integer_bytes(MAX_INTEGER), b"", b"\0", b"\x05\0\0", b"\xff", bytes(33))),
    )
    rows: Rows = {}
    for account in draw(st.sets(accounts)):
        for token in draw(st.sets(st.sampled_from((COIN, ART, SHARE)))):
            rows[IDS[token], b"\x14" + account] = draw(numbers)
    for token_id in draw(st.sets(st.sampled_from((b"a", b"ab")))):
        owner = draw(accounts)
        rows |= {
            (IDS[ART], b"\x16" + token_id): bytes(owner),
            (IDS[ART], b"\x15" + owner + token_id): b"\x01",
            (IDS[SHARE], b"\x15" + owner + token_id): draw(numbers),
            (IDS[SHARE], owners_key(token_id, owner)): b"\x01",
        }
        if draw(st.booleans()):
            rows[IDS[SHARE], b"\x17" + token_id] = b"\x48\x00"
    if draw(st.booleans()):
        rows |= {(IDS[token], b"\x0b"): draw(numbers) for token in (COIN, ART, SHARE)}
    return rows


sober_ids = st.sampled_from((b"a", b"ab", b"c", b"z" * 42))
sober_amounts = st.integers(0, 12)
sober_calls = st.one_of(
    of(COIN, "transfer", accounts, accounts, sober_amounts, st.none()),
    of(COIN, "mint", accounts, sober_amounts),
    of(COIN, "burn", accounts, sober_amounts),
    of(ART, "transfer", accounts, sober_ids, st.none()),
    of(ART, "mint", accounts, st.just(1), sober_ids),
    of(SHARE, "transfer", accounts, accounts, sober_amounts, sober_ids, st.none()),
    of(SHARE, "mint", accounts, sober_amounts, sober_ids),
    of(SHARE, "burn", accounts, sober_amounts, sober_ids),
    *QUESTIONS,
    *LISTS[:2],
)


@st.composite
def sober_scripts(draw: st.DrawFn) -> bytes:
    """Calls that mostly succeed."""
    builder = ScriptBuilder()
    for token, method, args in draw(st.lists(sober_calls, min_size=1, max_size=6)):
        if draw(st.integers(0, 5)):
            builder.call(token, method, args)
        else:
            builder.call(PROXY, "run", (token, method, 15, list(args)))
    return builder.to_bytes()


@st.composite
def sober_rows(draw: st.DrawFn) -> Rows:
    """Rows that add up, but for the supply: enough for most of what is moved."""
    rows: Rows = {}
    for token in (COIN, ART, SHARE):
        rows[IDS[token], b"\x0b"] = integer_bytes(10**6)
        for account in draw(st.sets(accounts)):
            rows[IDS[token], b"\x14" + account] = integer_bytes(draw(st.sampled_from((1, 7, 12, 127, 300, 2**33))))
    for token_id in draw(st.sets(sober_ids)):
        owner = draw(accounts)
        rows |= {
            (IDS[ART], b"\x16" + token_id): bytes(owner),
            (IDS[ART], b"\x15" + owner + token_id): b"\x01",
            (IDS[ART], b"\x14" + owner): b"\x05",
            (IDS[SHARE], b"\x15" + owner + token_id): b"\x0b",
            (IDS[SHARE], b"\x14" + owner): b"\x0b",
            (IDS[SHARE], owners_key(token_id, owner)): b"\x01",
        }
    return rows


@st.composite
def policies(draw: st.DrawFn) -> Rows:
    """Prices, a method with a fixed fee, a blocked token: mostly none of it."""
    rows: Rows = {}
    if draw(st.booleans()):
        rows[POLICY_ID, b"\x12"] = integer_bytes(draw(st.sampled_from((1, 7, 300_001))))
        rows[POLICY_ID, b"\x13"] = integer_bytes(draw(st.sampled_from((1, 999_999))))
    if draw(st.integers(0, 9)) == 7:
        token = draw(st.sampled_from((COIN, ART, SHARE)))
        rows[POLICY_ID, b"\x0f" + token] = b""
    if draw(st.integers(0, 6)) == 5:
        token, name = draw(st.sampled_from(((COIN, "transfer"), (COIN, "balanceOf"), (ART, "mint"), (COIN, "symbol"))))
        method = token_contract(token).manifest.method(name)
        assert method is not None
        rows[POLICY_ID, b"\x10" + token + method.offset.to_bytes(4, "big")] = fixed_fee(token, name)
    if draw(st.integers(0, 9)) == 7:
        rows |= native_fee(draw(st.sampled_from((CONTRACT_MANAGEMENT, STD_LIB))))
    return rows


def fixed_fee(token: UInt160, name: str) -> bytes:
    return serialize(Struct((bytes(token), name.encode(), 0, 12345)))


def native_fee(native: UInt160) -> Rows:
    """A fixed fee for a native method that tokens call."""
    row = genesis_rows(0)[CONTRACT_MANAGEMENT_ID, CONTRACT_PREFIX + native]
    name = "getContract" if native == CONTRACT_MANAGEMENT else "serialize"
    method = Contract.parse(row).manifest.method(name, 1)
    assert method is not None
    return {(POLICY_ID, b"\x10" + native + method.offset.to_bytes(4, "big")): fixed_fee(native, name)}


more_gas = st.one_of(st.none(), st.none(), st.integers(-3, 3), st.integers(-400, 0).map(lambda part: part * 20_000))
fork_sets = st.sampled_from(range(len(HARDFORKS)))


@settings(max_examples=part_of(400), deadline=None)
@given(
    scripts(),
    token_rows(),
    policies(),
    st.dictionaries(st.sampled_from((ALICE, BOB, CAROL, OWNER)), scopes, min_size=1, max_size=4),
    fork_sets,
    more_gas,
)
def test_calls_leave_the_same_whoever_does_them(
    script: bytes,
    tokens: Rows,
    policy: Rows,
    scope_of: dict[UInt160, WitnessScope],
    fork_set: int,
    more: int | None,
) -> None:
    rows = {**genesis_rows(fork_set), **tokens, **policy}
    compare(script, rows, scope_of, fork_set, more)


@settings(max_examples=part_of(400), deadline=None)
@given(sober_scripts(), sober_rows(), policies(), fork_sets, more_gas)
def test_calls_that_mostly_succeed_leave_the_same_whoever_does_them(
    script: bytes, tokens: Rows, policy: Rows, fork_set: int, more: int | None
) -> None:
    scope_of = dict.fromkeys((ALICE, BOB, CAROL, OWNER), WitnessScope.CalledByEntry)
    compare(script, {**genesis_rows(fork_set), **tokens, **policy}, scope_of, fork_set, more)


def compare(script: bytes, rows: Rows, scope_of: dict[UInt160, WitnessScope], fork_set: int, more: int | None) -> None:
    """Runs a script with twins and without; `more` is how much more gas there is than it needs, in datoshi."""
    transaction = transaction_of(script, signers_of(scope_of))
    limit = 100_000_000_000
    expected = run(WITHOUT_TWINS, rows, transaction, fork_set, limit)
    if more is not None:
        limit = max(0, limit - expected.gas_left // 10_000 + more)
        expected = run(WITHOUT_TWINS, rows, transaction, fork_set, limit)
    event(expected.fault[:60] or "HALT")
    assert run(WITH_TWINS, rows, transaction, fork_set, limit) == expected


@pytest.mark.parametrize(
    ("call", "fork_set"),
    [
        ((COIN, "transfer", (ALICE, BOB, 3, None)), 0),
        ((COIN, "transfer", (ALICE, BOB, 3, None)), 2),
        ((COIN, "mint", (BOB, 3)), 0),
        ((COIN, "burn", (ALICE, 3)), 0),
        ((COIN, "balanceOf", (ALICE,)), 0),
        ((COIN, "totalSupply", ()), 0),
        ((COIN, "symbol", ()), 0),
        ((COIN, "decimals", ()), 0),
        ((ART, "transfer", (BOB, b"a", None)), 0),
        ((ART, "mint", (BOB, 1, b"b")), 0),
        ((ART, "burn", (ALICE, 1, b"a")), 0),
        ((SHARE, "transfer", (ALICE, BOB, 3, b"a", None)), 0),
        ((SHARE, "mint", (BOB, 1, b"b")), 0),
        ((SHARE, "burn", (ALICE, 3, b"a")), 0),
        ((SHARE, "balanceOf", (ALICE, b"a")), 0),
    ],
)
def test_the_hot_methods_are_done_by_twins(call: Call, fork_set: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {**genesis_rows(fork_set), (IDS[COIN], b"\x14" + ALICE): b"\x09", (IDS[ART], b"\x16a"): bytes(ALICE)}
    rows |= {(IDS[token], b"\x15" + ALICE + b"a"): b"\x09" for token in (ART, SHARE)}
    script = ScriptBuilder().call(*call).to_bytes()
    both = dict.fromkeys((ALICE, OWNER), WitnessScope.CalledByEntry)
    transaction = transaction_of(script, signers_of(both))
    expected = run(WITHOUT_TWINS, rows, transaction, fork_set)
    assert expected.state == "HALT"
    done = []
    original = twins.TokenTwin.call

    def recorded(self: twins.TokenTwin, *args: Any) -> Any:
        result = original(self, *args)
        done.append(result is not NOT_DONE)
        return result

    monkeypatch.setattr(twins.TokenTwin, "call", recorded)
    assert run(WITH_TWINS, rows, transaction, fork_set) == expected
    assert done == [True]
