"""Asks the engine a script as invokescript does, and compares what it answers with what was recorded."""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from rpcnode.execution.application_engine import TEST_MODE_GAS, ApplicationEngine
from rpcnode.execution.ledger_view import LedgerView
from rpcnode.execution.records import Trigger
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Snapshot, StorageReader
from rpcnode.natives import policy_values
from rpcnode.natives.registry import NATIVES
from rpcnode.payloads.block import Block
from rpcnode.payloads.header import Header
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.server.parameters.signers import signers_and_witnesses
from rpcnode.vm.engine import VmState
from rpcnode.vm.items import Array, Buffer, InteropInterface, Map, Pointer, StackItem, type_of

NOBODY = (Signer(UInt160.ZERO, WitnessScope.None_),)


class Mocked(Transaction):
    """A transaction that need not be a good one."""

    __slots__ = ()

    def __post_init__(self) -> None:
        """Nothing is checked."""


@dataclass(frozen=True)
class World:
    """What a script is asked on."""

    rows: StorageReader
    ledger: LedgerView
    settings: ProtocolSettings


@dataclass(frozen=True)
class Answer:
    """What invokescript answers of a script; stack and notifications as plain JSON."""

    state: str
    gas: str
    exception: str | None
    stack: Any
    notifications: Any


def ask(world: World, script: bytes, signers: tuple[Signer, ...] = NOBODY, gas: int = TEST_MODE_GAS) -> Answer:
    """Runs a script in a mocked transaction and next block, as neo-cli 3.10 does."""
    return answer_of(engine_for(world, script, signers, gas))


def engine_for(world: World, script: bytes, signers: tuple[Signer, ...], gas: int = TEST_MODE_GAS) -> ApplicationEngine:
    """An engine with the script loaded."""
    ledger, snapshot = world.ledger, Snapshot(world.rows)
    last = ledger.header(ledger.current_index)
    assert last is not None
    header = Header(
        previous_hash=ledger.current_hash,
        merkle_root=UInt256.ZERO,
        timestamp_ms=last.timestamp_ms + policy_values.ms_per_block(snapshot, world.settings),
        nonce=0,
        index=last.index + 1,
        primary_index=0,
        next_consensus=last.next_consensus,
    )
    until = ledger.current_index + policy_values.max_valid_until_block_increment(snapshot, world.settings)
    container = Mocked(7, 0, 0, until, signers, (), script)
    engine = ApplicationEngine(
        Trigger.APPLICATION, container, snapshot, Block(header, ()), world.settings, gas, NATIVES, ledger
    )
    engine.load_entry(script)
    return engine


def answer_of(engine: ApplicationEngine) -> Answer:
    """Runs what is loaded."""
    state = engine.execute()
    if state is not VmState.HALT:
        return Answer("FAULT", str(engine.fee_consumed_datoshi), str(engine.fault), [], [])
    events = [
        {"eventname": event.event_name, "contract": str(event.contract), "state": item_json(Array(event.state))}
        for event in engine.notifications
    ]
    return Answer("HALT", str(engine.fee_consumed_datoshi), None, [*map(top_json, engine.results)], events)


def top_json(item: StackItem) -> Any:
    """An item of the stack."""
    if isinstance(item, InteropInterface) and type(item.value).__name__ == "StorageIterator":
        return {"type": "InteropInterface", "interface": "IIterator", "id": "*"}
    try:
        return item_json(item)
    except RecursionError:
        return "error: Circular reference."


def item_json(item: StackItem, within: frozenset[int] = frozenset()) -> Any:
    """Any item; RecursionError for one that contains itself."""
    kind = type_of(item).name
    if item is None or isinstance(item, InteropInterface):
        return {"type": kind}
    if isinstance(item, bool):
        return {"type": kind, "value": item}
    if isinstance(item, int):
        return {"type": kind, "value": str(item)}
    if isinstance(item, bytes | Buffer):
        return {"type": kind, "value": b64encode(item).decode()}
    if isinstance(item, Pointer):
        return {"type": kind, "value": item.position}
    if id(item) in within:
        raise RecursionError
    within = within | {id(item)}
    if isinstance(item, Map):
        pairs = [{"key": item_json(key), "value": item_json(value, within)} for key, value in item.pairs()]
        return {"type": kind, "value": pairs}
    assert isinstance(item, Array)
    return {"type": kind, "value": [item_json(element, within) for element in item.items]}


def signers_of(listed: Any) -> tuple[Signer, ...]:
    """The signers of a recorded question."""
    return NOBODY if listed is None else signers_and_witnesses(listed, 0x35).signers


def differences(case: list[Any], answer: Answer) -> list[str]:
    """The names of the fields that are not as recorded; `text` is the exception's."""
    masked = case[8] if len(case) > 8 else ()
    found = [
        name
        for name, recorded, ours in (("state", case[2], answer.state), ("gas", case[3], answer.gas))
        if recorded != ours
    ]
    if (case[4] is None) != (answer.exception is None):
        found.append("exception")
    elif case[4] != answer.exception:
        found.append("text")
    for name, recorded, ours in (("stack", case[5], answer.stack), ("notifications", case[6], answer.notifications)):
        if name not in masked and recorded is not None and json.loads(recorded) != ours:
            found.append(name)
    return found


def script_of_case(case: list[Any]) -> bytes:
    """The script of a recorded question."""
    return b64decode(case[0])
