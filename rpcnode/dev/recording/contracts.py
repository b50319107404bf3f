"""The contracts of a recording, as getcontractstate showed each."""

from collections.abc import Iterable, Sequence
from typing import Final

from rpcnode.chain.recorded.recorded import RecordedBlock, RecordedContract
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
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160

HARDFORK_OF_NATIVE: Final = {"Notary": "Echidna", "Treasury": "Faun"}
"""The natives that came after the genesis block. Source: neo 3.10.2, SmartContract/Native."""


def recorded_contracts(
    plain: dict[str, Json], whole: Place, blocks: Sequence[RecordedBlock], hardforks: dict[str, int]
) -> dict[UInt160, RecordedContract]:
    """The contracts under `contracts` and `native_contracts` by hash; one whose state is not there stays unknown.

    Raises FixtureError for a state that is none, or stands under another hash.
    """
    states: dict[UInt160, dict[str, Json]] = {}
    deployed_at: dict[UInt160, int] = {}
    for position, listed in enumerate(_listed(plain, whole)):
        place = whole.member("native_contracts").item(position)
        state = as_mapping(listed, place)
        script_hash = hash160_of(text_member(state, "hash", place), place.member("hash"))
        _check_state(state, place)
        name = text_member(mapping_member(state, "manifest", place), "name", place.member("manifest"))
        states[script_hash] = state
        deployed_at[script_hash] = hardforks.get(HARDFORK_OF_NATIVE.get(name, ""), 0)
    for key, listed in _by_hash(plain, whole).items():
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


def _listed(plain: dict[str, Json], whole: Place) -> list[Json]:
    return list_member(plain, "native_contracts", whole) if "native_contracts" in plain else []


def _by_hash(plain: dict[str, Json], whole: Place) -> dict[str, Json]:
    return mapping_member(plain, "contracts", whole) if "contracts" in plain else {}
