"""Tests of script_replay.py, world.py and contract_versions.py in chain/recorded, on the chain of odd tokens.

Its contracts and what became of them are in tests/data/README.md and test_odd_tokens_chain.py.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any, Final

import pytest

from rpcnode.chain.blocks import AppliedBlock
from rpcnode.chain.db.schema import CHAIN_MIGRATIONS
from rpcnode.chain.db.store import Store
from rpcnode.chain.ledger import Ledger, NoHooks
from rpcnode.chain.recorded.contract_versions import contract_state
from rpcnode.chain.recorded.recorded import RecordedBlock, RecordedChain
from rpcnode.chain.recorded.replay import Replay, parameters_of_recording
from rpcnode.dev.fixture.reader import read_fixtures
from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.recorded_scripts import runs
from rpcnode.execution.records import Execution, Notification
from rpcnode.execution.serializers.contract_items import nef_of
from rpcnode.natives.deployment import manifest_from
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import to_integer
from rpcnode.vm.items import Buffer, StackItem
from tests import PROJECT

RECORDING: Final = PROJECT / "tests" / "data" / "odd-tokens-chain.json.gz"
ALICE: Final = UInt160.parse("0xbf196dab3126a291aeace49897ffd30fc9141e40")
BOB: Final = UInt160.parse("0xec0677d088273b22e251909c0a20df222f8ba7fa")


@pytest.fixture(scope="module")
def recording() -> RecordedChain:
    """The recorded chain, as it is."""
    source = read_fixtures((RECORDING,), "n3")
    assert isinstance(source, RecordedChain)
    return source


class CutOff(NoHooks):
    """Stops a replay in block 56, which updates a contract for the second time."""

    def committing(self, block: AppliedBlock, executions: tuple[Execution, ...]) -> None:
        if block.index == 56:
            raise InterruptedError


_opened: Final[list[Store]] = []


@pytest.fixture(autouse=True)
def _close_what_was_opened() -> Iterator[None]:
    yield
    while _opened:
        _opened.pop().close()


def _new_ledger(recording: RecordedChain) -> Ledger:
    _opened.append(Store.in_memory([CHAIN_MIGRATIONS]))
    return Ledger(_opened[-1], "n3", parameters_of_recording(recording))


def _played(recording: RecordedChain) -> Ledger:
    ledger = _new_ledger(recording)
    Replay(ledger, recording).play()
    return ledger


def _newest(ledger: Ledger, name: str) -> ContractState:
    versions = [contract for contract in ledger.contracts() if contract.name == name]
    return max(versions, key=lambda contract: contract.deployed_at)


def _running(ledger: Ledger) -> set[str]:
    storage = ledger.new_storage()
    return {contract.name for contract in ledger.contracts() if runs(storage, contract.contract_id)}


def _balance(ledger: Ledger, name: str, account: UInt160) -> object:
    (item,) = ledger.state().call(_newest(ledger, name).script_hash, "balanceOf", (bytes(account),)).stack
    return to_integer(item)


def _with_last_items(recording: RecordedChain, name: str, changed: Callable[[StackItem], StackItem]) -> RecordedChain:
    """The recording with another last item, such as a Transfer's amount, in each event of a contract."""
    contract = next(
        script_hash
        for script_hash, recorded in recording.contracts.items()
        if isinstance(recorded.state["manifest"], dict) and recorded.state["manifest"]["name"] == name
    )

    def event(notification: Notification) -> Notification:
        if notification.contract != contract:
            return notification
        *others, last = notification.state
        return replace(notification, state=(*others, changed(last)))

    def execution(run: Execution) -> Execution:
        return replace(run, notifications=tuple(map(event, run.notifications)))

    blocks = tuple(replace(block, executions=tuple(map(execution, block.executions))) for block in recording.blocks)
    return replace(recording, blocks=blocks)


def test_every_contract_runs(recording: RecordedChain) -> None:
    assert len(_running(_played(recording))) == 18


def test_a_contract_whose_run_differs_is_observed_and_the_others_still_run(recording: RecordedChain) -> None:
    ledger = _played(_with_last_items(recording, "FeeOnTransfer", lambda amount: to_integer(amount) + 5))
    # Facts and Made are called in transactions of their own; the factory's contract calls nobody.
    assert "FeeOnTransfer" not in _running(ledger)
    assert {"Rebasing", "Serialized", "Updatable", "Destroyed", "Facts", "Made"} <= _running(ledger)
    # Balances follow the events then: 500 + 5 minted, 100 + 5 received.
    assert _balance(ledger, "FeeOnTransfer", BOB) == 610


@pytest.mark.parametrize(
    "changed",
    [
        lambda fact: int(fact) if isinstance(fact, bool) else fact,
        lambda fact: Buffer(fact) if isinstance(fact, bytes) else fact,
    ],
    ids=["an Integer for a Boolean", "a Buffer for a ByteString"],
)
def test_an_item_of_another_type_is_another_event(
    recording: RecordedChain, changed: Callable[[StackItem], StackItem]
) -> None:
    assert "Facts" not in _running(_played(_with_last_items(recording, "Facts", changed)))


def test_an_observed_event_whose_amount_is_a_boolean_moves_nothing(recording: RecordedChain) -> None:
    ledger = _played(_with_last_items(recording, "FeeOnTransfer", bool))
    assert "FeeOnTransfer" not in _running(ledger)
    assert _balance(ledger, "FeeOnTransfer", BOB) == 0


def _with_decimals(recording: RecordedChain, name: str, decimals: int) -> RecordedChain:
    """The recording with a contract whose `decimals` pushes another number: behind its code, PUSHINT256 and RET."""
    script_hash, recorded = next(
        (script_hash, recorded)
        for script_hash, recorded in recording.contracts.items()
        if isinstance(recorded.state["manifest"], dict) and recorded.state["manifest"]["name"] == name
    )
    state: dict[str, Any] = deepcopy(recorded.state)
    script = b64decode(state["nef"]["script"])
    method = next(method for method in state["manifest"]["abi"]["methods"] if method["name"] == "decimals")
    method["offset"] = len(script)
    push = b"\x05" + decimals.to_bytes(32, "little", signed=True) + b"\x40"
    state["nef"]["script"] = b64encode(script + push).decode()
    changed = replace(recorded, state=state)
    state["nef"]["checksum"] = nef_of(contract_state(script_hash, changed)).checksum
    return replace(recording, contracts={**recording.contracts, script_hash: changed})


@pytest.mark.parametrize(
    ("decimals", "kept"),
    [(2**63 - 1, 2**63 - 1), (2**63, None), (-(2**63) - 1, None), (2**255 - 1, None)],
)
def test_decimals_of_any_size_are_what_the_script_says_and_only_64_bits_are_kept(
    recording: RecordedChain, decimals: int, kept: int | None
) -> None:
    """neo-cli's trackers print GetInteger of what the script leaves, whatever its size: Nep17Tracker."""
    ledger = _played(_with_decimals(recording, "Updatable", decimals))
    contract = _newest(ledger, "Updatable")
    assert contract.decimals == kept
    assert ledger.state().call(contract.script_hash, "decimals", ()).stack == (decimals,)


def test_the_decimals_of_an_observed_token_are_not_known_past_64_bits(recording: RecordedChain) -> None:
    ledger = _played(_with_decimals(recording, "FeeOnTransfer", 2**64))  # its deployment left the NEF as it was
    assert "FeeOnTransfer" not in _running(ledger)
    invocation = ledger.state().call(_newest(ledger, "FeeOnTransfer").script_hash, "decimals", ())
    assert (invocation.halted, invocation.needs_script) == (False, True)


def _manifest_of_depth(levels: int) -> bytes:
    """A sound manifest in which so many objects stand in one another, at its `extra`."""
    method = {"name": "m", "parameters": [], "returntype": "Void", "offset": 0, "safe": False}
    manifest = {"name": "a", "groups": [], "features": {}, "supportedstandards": [], "permissions": [], "trusts": []}
    text = json.dumps({**manifest, "abi": {"methods": [method], "events": []}, "extra": None}).encode()
    return text.replace(b"null", b'{"a":' * (levels - 2) + b"{}" + b"}" * (levels - 2))


def test_a_manifest_has_64_levels() -> None:
    """Source: neo, Neo.Json: JToken.Parse, whose max_nest is 64 unless said."""
    assert manifest_from(_manifest_of_depth(64)).name == "a"


@pytest.mark.parametrize("levels", [65, 600, 5000])
def test_a_manifest_that_a_script_pushes_with_more_levels_is_none(levels: int) -> None:
    with pytest.raises(VmFault):
        manifest_from(_manifest_of_depth(levels))


def test_what_stands_behind_a_running_contract_is_what_its_script_wrote(recording: RecordedChain) -> None:
    assert _balance(_played(recording), "FeeOnTransfer", BOB) == 590


def test_a_recording_that_begins_later_observes_what_stood_before(recording: RecordedChain) -> None:
    later = replace(recording, blocks=recording.blocks[40:])
    running = _running(_played(later))
    assert "FeeOnTransfer" not in running
    assert "Made" in running


def test_a_replay_that_was_cut_off_goes_on_to_the_same_end(recording: RecordedChain) -> None:
    ledger = _new_ledger(recording)
    ledger.hooks = CutOff()
    with pytest.raises(InterruptedError):
        Replay(ledger, recording).play()
    assert ledger.height == 55
    ledger.hooks = NoHooks()
    Replay(ledger, recording).play()
    whole = _played(recording)
    for table in ("chain_storage", "chain_contract", "chain_undo"):
        rows = f"SELECT * FROM {table} ORDER BY 1, 2, 3"
        assert ledger.store.connection.execute(rows).fetchall() == whole.store.connection.execute(rows).fetchall(), (
            table
        )


def test_versions_of_an_updated_contract_follow_each_other(recording: RecordedChain) -> None:
    ledger = _played(recording)
    versions = sorted(
        (
            (contract.update_counter, contract.deployed_at, contract.destroyed_at, contract.symbol)
            for contract in ledger.contracts()
            if contract.name == "Updatable"
        ),
        key=lambda version: version[0],
    )
    counters, begins, ends, symbols = zip(*versions, strict=True)
    assert (counters, symbols) == ((0, 1, 2, 3), ("OLD", "NEW", "NEW", "NEW"))
    assert (ends[:-1], ends[-1]) == (begins[1:], None)


def test_a_destroyed_contract_is_rebuilt_from_the_transaction_that_deployed_it(recording: RecordedChain) -> None:
    ledger = _played(recording)
    destroyed = _newest(ledger, "Destroyed")
    assert destroyed.script_hash not in recording.contracts
    # It was the fifth to be deployed, and was updated once; its storage went with it.
    assert (destroyed.contract_id, destroyed.update_counter, destroyed.symbol) == (5, 1, "DES")
    assert destroyed.destroyed_at is not None
    assert ledger.state().contract(destroyed.script_hash) is None
    assert ledger.state_at(destroyed.destroyed_at - 1).contract(destroyed.script_hash) == destroyed
    assert list(ledger.new_storage().find(5, b"")) == []


def test_a_destroyed_contract_is_known_even_where_no_run_is_borne_out(recording: RecordedChain) -> None:
    """Its NEF and manifest stand in the deploying script."""
    management = UInt160.parse("0xfffdc93764dbaddd97c48f252a53ea4643faa3fd")

    def doubled(block: RecordedBlock) -> RecordedBlock:
        executions = tuple(
            replace(run, stack=(*run.stack, 1))
            if any(event.contract == management for event in run.notifications)
            else run
            for run in block.executions
        )
        return replace(block, executions=executions)

    ledger = _played(replace(recording, blocks=tuple(map(doubled, recording.blocks))))
    assert _running(ledger) == set()
    destroyed = _newest(ledger, "Destroyed")
    assert (destroyed.contract_id, destroyed.update_counter, destroyed.symbol) == (5, 1, "DES")


def test_a_contract_that_a_contract_deployed_has_what_its_deploy_method_wrote(recording: RecordedChain) -> None:
    ledger = _played(recording)
    made = _newest(ledger, "Made")
    assert ledger.new_storage().get(made.contract_id, b"b" + BOB) == b"\x03"
