"""Recorded chains: the JSON that `rpcnode record` writes, checked and parsed.

`version` is the answer of getversion, `height` that of getblockcount, `blocks` getblock's in order (verbose and raw),
`application_logs` getapplicationlog's by hash, `contracts` getcontractstate's by hash, `native_contracts`
getnativecontracts'. Other members are there to check against, and are not read.
"""

import hashlib
import json
from base64 import b64decode
from collections.abc import Iterable, Sequence

from rpcnode.chain.recorded.recorded import RecordedBlock, RecordedChain, RecordedContract
from rpcnode.dev.places.errors import shown
from rpcnode.dev.places.place import Place
from rpcnode.dev.recording.members import (
    as_mapping,
    hash160_of,
    integer_member,
    list_member,
    mapping_member,
    text_member,
)
from rpcnode.execution.native_hashes import CONTRACT_MANAGEMENT
from rpcnode.execution.records import FAULT, HALT, Execution, Notification, Trigger
from rpcnode.execution.serializers.item_json import item_from_json
from rpcnode.natives.states import HARDFORK_OF_NATIVE
from rpcnode.payloads.block import Block
from rpcnode.primitives.errors import FormatError, ProfileName
from rpcnode.primitives.json import Json
from rpcnode.primitives.progress import counted
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import Array, StackItem


def read_n3_recording(plain: dict[str, Json], whole: Place, profile: ProfileName) -> RecordedChain:
    """The recorded chain of N3 in `plain`.

    Raises FixtureError for a recording that does not fit together: a block whose hash is not the declared one or that
    does not follow the one before, a block or transaction without its log.
    """
    version = mapping_member(plain, "version", whole)
    protocol_place = whole.member("version").member("protocol")
    protocol = mapping_member(version, "protocol", whole.member("version"))
    blocks = _blocks(plain, whole)
    recorded = _with_executions(blocks, mapping_member(plain, "application_logs", whole), whole)
    height = blocks[-1].index
    if integer_member(plain, "height", whole) != height + 1:
        wrong = f"{shown(plain['height'])} is not the number of blocks up to the last one here"
        raise whole.member("height").error(f"{wrong}; right is {height + 1}")
    canonical = json.dumps([profile, plain], sort_keys=True, separators=(",", ":"))
    return RecordedChain(
        version=version,
        magic=integer_member(protocol, "network", protocol_place),
        address_version=integer_member(protocol, "addressversion", protocol_place),
        ms_per_block=integer_member(protocol, "msperblock", protocol_place),
        height=height,
        blocks=recorded,
        contracts=_contracts(plain, whole, recorded, _hardfork_heights(protocol, protocol_place)),
        digest=hashlib.sha256(canonical.encode()).hexdigest(),
    )


def _blocks(plain: dict[str, Json], whole: Place) -> tuple[Block, ...]:
    listed = list_member(plain, "blocks", whole)
    if not listed:
        raise whole.member("blocks").error("is empty; a recorded chain has a block at least")
    blocks: list[Block] = []
    for position, entry in enumerate(counted(listed, "checking blocks", len(listed))):
        place = whole.member("blocks").item(position)
        block = _block(as_mapping(entry, place), place)
        if blocks and block.index != blocks[-1].index + 1:
            raise place.error(
                f"block {block.index} stands here, after block {blocks[-1].index}; blocks are consecutive"
            )
        if blocks and block.header.previous_hash != blocks[-1].hash:
            wrong = f"its previous hash, {block.header.previous_hash}, is not that of the block before"
            raise place.error(f"{wrong}, {blocks[-1].hash}")
        blocks.append(block)
    return tuple(blocks)


def _block(entry: dict[str, Json], place: Place) -> Block:
    raw = text_member(entry, "raw", place)
    try:
        block = Block.parse(b64decode(raw, validate=True))
    except ValueError as error:
        raise place.member("raw").error(f"is no block of Neo N3 in Base64: {error}") from None
    declared = text_member(mapping_member(entry, "verbose", place), "hash", place.member("verbose"))
    if declared != str(block.hash):
        wrong = f"{shown(declared)} is not the hash of the raw block"
        raise place.member("verbose").member("hash").error(f"{wrong}; that is {block.hash}")
    return block


def _with_executions(blocks: Sequence[Block], logs: dict[str, Json], whole: Place) -> tuple[RecordedBlock, ...]:
    reader = _LogReader(logs, whole.member("application_logs"))
    recorded = []
    for block in blocks:
        on_persist, post_persist = reader.read(block.hash, (Trigger.ON_PERSIST, Trigger.POST_PERSIST), None)
        executions = [on_persist]
        for transaction in block.transactions:
            executions += reader.read(transaction.hash, (Trigger.APPLICATION,), transaction.hash)
        recorded.append(RecordedBlock(block, (*executions, post_persist)))
    return tuple(recorded)


class _LogReader:
    """Reads application logs to executions."""

    def __init__(self, logs: dict[str, Json], place: Place) -> None:
        self._logs = logs
        self._place = place

    def read(self, log_hash: UInt256, triggers: Sequence[Trigger], container: UInt256 | None) -> list[Execution]:
        """The executions in the log of a block or transaction, which must have exactly these triggers."""
        if str(log_hash) not in self._logs:
            of_what = "the block" if container is None else "the transaction"
            raise self._place.error(f"the log of {of_what} {log_hash} is missing")
        place = self._place.member(str(log_hash))
        listed = list_member(as_mapping(self._logs[str(log_hash)], place), "executions", place)
        place = place.member("executions")
        entries = [as_mapping(entry, place.item(position)) for position, entry in enumerate(listed)]
        found = [entry.get("trigger") for entry in entries]
        if found != [*triggers]:
            names = ", ".join(str(trigger) for trigger in found) or "nothing"
            raise place.error(f"has executions of {names}; right is {', '.join(triggers)}")
        return [
            self._execution(trigger, entry, container, place.item(position))
            for position, (trigger, entry) in enumerate(zip(triggers, entries, strict=True))
        ]

    def _execution(
        self, trigger: Trigger, entry: dict[str, Json], container: UInt256 | None, place: Place
    ) -> Execution:
        vm_state = text_member(entry, "vmstate", place)
        if vm_state not in (HALT, FAULT):
            raise place.member("vmstate").error(f"{shown(vm_state)} is neither {HALT} nor {FAULT}")
        gas_consumed = text_member(entry, "gasconsumed", place)
        if not (gas_consumed.isascii() and gas_consumed.isdecimal()) or len(gas_consumed) > 20:
            raise place.member("gasconsumed").error(f"{shown(gas_consumed)} is no amount of datoshi")
        exception = entry.get("exception")
        if exception is not None and not isinstance(exception, str):
            raise place.member("exception").error(f"{shown(exception)} stands where a text or null belongs")
        return Execution(
            trigger=trigger,
            container=container,
            vm_state=vm_state,
            gas_consumed=int(gas_consumed),
            stack=tuple(_items(list_member(entry, "stack", place), place.member("stack"))),
            exception=exception,
            notifications=tuple(
                self._notification(as_mapping(event, inner), inner)
                for position, event in enumerate(list_member(entry, "notifications", place))
                for inner in [place.member("notifications").item(position)]
            ),
        )

    def _notification(self, event: dict[str, Json], place: Place) -> Notification:
        (state,) = _items([event.get("state")], place.member("state"))
        if not isinstance(state, Array):
            raise place.member("state").error("the state of a notification is an Array")
        contract = hash160_of(text_member(event, "contract", place), place.member("contract"))
        return Notification(contract, text_member(event, "eventname", place), tuple(state.items))


def _contracts(
    plain: dict[str, Json], whole: Place, blocks: Sequence[RecordedBlock], hardforks: dict[str, int]
) -> dict[UInt160, RecordedContract]:
    states: dict[UInt160, dict[str, Json]] = {}
    deployed_at: dict[UInt160, int] = {}
    for position, listed in enumerate(list_member(plain, "native_contracts", whole)):
        place = whole.member("native_contracts").item(position)
        state = as_mapping(listed, place)
        script_hash = hash160_of(text_member(state, "hash", place), place.member("hash"))
        _check_state(state, place)
        name = text_member(mapping_member(state, "manifest", place), "name", place.member("manifest"))
        states[script_hash] = state
        deployed_at[script_hash] = hardforks.get(HARDFORK_OF_NATIVE.get(name, ""), 0)
    for key, listed in mapping_member(plain, "contracts", whole).items():
        place = whole.member("contracts").member(key)
        state = as_mapping(listed, place)
        script_hash = hash160_of(key, place)
        if hash160_of(text_member(state, "hash", place), place.member("hash")) != script_hash:
            raise place.member("hash").error(f"{shown(state['hash'])} is not the hash that this state stands under")
        _check_state(state, place)
        states.setdefault(script_hash, state)
        deployed_at.setdefault(script_hash, blocks[0].block.index)
    destroyed_at: dict[UInt160, int] = {}
    for index, event_name, contract in _deployments(blocks):
        (deployed_at if event_name == "Deploy" else destroyed_at)[contract] = index
    # A recorder may leave out states that nobody asked for: such a contract stays unknown.
    return {
        contract: RecordedContract(state, deployed_at[contract], destroyed_at.get(contract))
        for contract, state in states.items()
    }


def _check_state(state: dict[str, Json], place: Place) -> None:
    """Raises FixtureError for a contract's state that is none of getcontractstate's; old nodes leave numbers out."""
    mapping_member(state, "nef", place)
    mapping_member(state, "manifest", place)
    for key, allowed in (("id", range(-(2**31), 2**31)), ("updatecounter", range(2**16))):
        if key in state and integer_member(state, key, place) not in allowed:
            wrong = f"{shown(state[key])} is out of range"
            raise place.member(key).error(f"{wrong}; right is {allowed[0]} to {allowed[-1]}")


def _deployments(blocks: Iterable[RecordedBlock]) -> Iterable[tuple[int, str, UInt160]]:
    """Block index, `Deploy` or `Destroy`, and the contract, of each such event of ContractManagement."""
    for recorded in blocks:
        for execution in recorded.executions:
            for event in execution.notifications if execution.halted else ():
                if event.contract == CONTRACT_MANAGEMENT and event.event_name in ("Deploy", "Destroy"):
                    match event.state:
                        case [bytes(data)] if len(data) == UInt160.SIZE:
                            yield recorded.block.index, event.event_name, UInt160(data)


def _hardfork_heights(protocol: dict[str, Json], place: Place) -> dict[str, int]:
    heights = {}
    for position, entry in enumerate(list_member(protocol, "hardforks", place) if "hardforks" in protocol else []):
        inner = place.member("hardforks").item(position)
        hardfork = as_mapping(entry, inner)
        name = text_member(hardfork, "name", inner).removeprefix("HF_")
        heights[name] = integer_member(hardfork, "blockheight", inner)
    return heights


def _items(listed: Sequence[Json], place: Place) -> list[StackItem]:
    try:
        return [item_from_json(item) for item in listed]
    except FormatError as error:
        raise place.error(str(error)) from None
