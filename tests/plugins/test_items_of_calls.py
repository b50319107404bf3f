"""What plugins and contracts hand each other: the arguments of calls are stack items, and answers keep their types.

Source: neo-node 3.10, plugins/TokensTracker: Nep17Tracker.SaveNep17Balance, Nep11Tracker.SaveDivisibleNFTBalance.
"""

from collections.abc import Callable, Generator, Sequence
from typing import Final, TypeAlias

import pytest

from rpcnode.chain.state import CALL_GAS, MethodCall, State
from rpcnode.execution.records import Execution, Trigger
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Buffer, StackItem, type_of
from tests.plugins.node_builder import HOLDER, OTHER, TOKEN, NodeBuilder, block, chain_of, result, transfers
from tests.plugins.tokens_tracker.tracked_tokens import ART_HASH, COIN, SHARES, nft, rows17

NEO: Final = "0xef4073a0f2b305a38ec4050e4d3d28bc40ea63f5"
GAS: Final = "0xd2a4cff31913016155e38e474a2c06d08be276cf"
MINTS: Final = block(1, transfers((None, HOLDER, 50)), nft("shares", None, HOLDER, 100, "s"))
MOVES: Final = block(2, transfers((HOLDER, OTHER, 7)), nft("shares", HOLDER, OTHER, 30, "s"))
TOKENS: Final = {"demo": COIN, "shares": SHARES}

Asked: TypeAlias = Callable[[State, Sequence[MethodCall], Callable[[], Execution]], Execution]
"""Answers a state's calls, itself or with what the state answers."""


def heard(monkeypatch: pytest.MonkeyPatch, answer: Asked) -> None:
    """Lets `answer` stand between whoever calls methods and the state, in each way of a call."""
    call, run, run_in_steps = State.call, State.run, State.run_in_steps
    heard_calls: list[None] = []  # one call may be made of another

    def once(self: State, asked: Sequence[MethodCall], known: Callable[[], Execution]) -> Execution:
        if heard_calls:
            return known()
        heard_calls.append(None)
        try:
            return answer(self, asked, known)
        finally:
            heard_calls.pop()

    def calling(
        self: State, script_hash: UInt160, method: str, args: Sequence[StackItem], gas_datoshi: int = CALL_GAS
    ) -> Execution:
        asked = (MethodCall(script_hash, method, args),)
        return once(self, asked, lambda: call(self, script_hash, method, args, gas_datoshi))

    def running(self: State, asked: Sequence[MethodCall], gas_datoshi: int = CALL_GAS) -> Execution:
        return once(self, asked, lambda: run(self, asked, gas_datoshi))

    def running_in_steps(
        self: State, asked: Sequence[MethodCall], gas_datoshi: int = CALL_GAS
    ) -> Generator[None, None, Execution]:
        known = yield from run_in_steps(self, asked, gas_datoshi)
        return once(self, asked, lambda: known)

    def reading(self: State, asset: UInt160, gas_datoshi: int = CALL_GAS) -> None:
        """No balance is read without a call."""

    monkeypatch.setattr(State, "balances", reading)
    monkeypatch.setattr(State, "call", calling)
    monkeypatch.setattr(State, "run", running)
    monkeypatch.setattr(State, "run_in_steps", running_in_steps)


def test_an_account_is_handed_to_a_contract_as_a_byte_string(
    build: NodeBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hash is bytes of a class of its own, which the VM does not know."""
    calls: set[tuple[str, str, str]] = set()

    def noted(state: State, asked: Sequence[MethodCall], known: Callable[[], Execution]) -> Execution:
        calls.update((str(call.contract), call.method, type_of(item).name) for call in asked for item in call.args)
        return known()

    heard(monkeypatch, noted)
    node = build(chain_of(MINTS, MOVES, contracts=TOKENS))
    result(node, "getunclaimedgas", HOLDER)
    result(node, "getnep11properties", ART_HASH, "73")
    next(iter(node.view.assets.chains.values())).native_amount(UInt160.parse(HOLDER), None)
    assert calls == {
        (TOKEN, "balanceOf", "ByteString"),
        (ART_HASH, "balanceOf", "ByteString"),
        (ART_HASH, "properties", "ByteString"),
        (NEO, "balanceOf", "ByteString"),
        (GAS, "balanceOf", "ByteString"),
    }


@pytest.mark.parametrize(
    ("answer", "touched"),
    [(9, True), (True, False), (b"\x09", False), (Buffer(b"\x09"), False), (None, False)],
    ids=["Integer", "Boolean", "ByteString", "Buffer", "Null"],
)
def test_tokens_tracker_takes_an_integer_for_a_balance_and_nothing_else(
    answer: StackItem, touched: bool, build: NodeBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:

    def answering(state: State, asked: Sequence[MethodCall], known: Callable[[], Execution]) -> Execution:
        if asked[0].method == "balanceOf" and state.block_index == 2:
            return Execution(Trigger.APPLICATION, None, "HALT", 0, (answer,) * len(asked), None, ())
        return known()

    heard(monkeypatch, answering)
    node = build(chain_of(MINTS, MOVES, contracts=TOKENS))
    (shares,) = result(node, "getnep11balances", HOLDER)["balance"]
    assert rows17(node, HOLDER) == [("9", 2) if touched else ("50", 1)]
    assert [(token["amount"], token["lastupdatedblock"]) for token in shares["tokens"]] == [
        ("9", 2) if touched else ("100", 1)
    ]


@pytest.mark.parametrize(
    ("decimals", "shown"),
    [(2, ["2"]), (b"\x02", ["2"]), (True, ["1"]), (Buffer(b"\x02"), []), (None, [])],
    ids=["Integer", "ByteString", "Boolean", "Buffer", "Null"],
)
def test_an_asset_whose_decimals_are_no_number_is_left_out(
    decimals: StackItem, shown: list[str], build: NodeBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GetInteger of a Buffer throws, though CONVERT makes a number of it. Source: neo-vm, Types/StackItem, Buffer."""
    node = build(chain_of(MINTS, contracts=TOKENS))

    def answering(state: State, asked: Sequence[MethodCall], known: Callable[[], Execution]) -> Execution:
        answered = known()
        pairs = zip(asked, answered.stack, strict=True)
        return answered._replace(stack=tuple(decimals if call.method == "decimals" else item for call, item in pairs))

    heard(monkeypatch, answering)
    for method in ("getnep17balances", "getnep11balances"):
        assert [asset["decimals"] for asset in result(node, method, HOLDER)["balance"]] == shown
