"""The contracts of a recorded chain of Neo 2 or preview2, and from which block to which each stood.

These nodes notify neither a deployment nor an end. A contract stands from the first transaction that halted and whose
script holds its code (Neo 2) or the manifest that names its hash (preview2). One that is gone at the end went with the
last transaction that halted and whose script names it: nothing can call it afterwards.
"""

from collections.abc import Sequence

from rpcnode.chain.recorded.recorded import OlderBlock, OlderContract
from rpcnode.dev.places.errors import shown
from rpcnode.dev.places.place import Place
from rpcnode.dev.recording.members import as_mapping, hash160_of, list_member, mapping_member, text_member
from rpcnode.dev.recording.older_layouts import OlderReader
from rpcnode.primitives.hashes import hash160
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160


def read_older_contracts(
    plain: dict[str, Json], whole: Place, blocks: Sequence[OlderBlock], reader: OlderReader
) -> tuple[OlderContract, ...]:
    """The contracts of `native_contracts` and `contracts`, of which the former may be missing. Raises FixtureError."""
    states: dict[UInt160, dict[str, Json] | None] = {}
    natives: set[UInt160] = set()
    for position, listed in enumerate(
        list_member(plain, "native_contracts", whole) if "native_contracts" in plain else []
    ):
        place = whole.member("native_contracts").item(position)
        state = as_mapping(listed, place)
        script_hash = hash160_of(text_member(state, "hash", place), place.member("hash"))
        natives.add(script_hash)
        states[script_hash] = state
    for key, listed in mapping_member(plain, "contracts", whole).items():
        place = whole.member("contracts").member(key)
        script_hash = hash160_of(key, place)
        state_or_none = None if listed is None else as_mapping(listed, place)
        if state_or_none is not None:
            told = text_member(state_or_none, "hash", place)
            if hash160_of(told, place.member("hash")) != script_hash:
                raise place.member("hash").error(f"{shown(told)} is not the hash that this state stands under")
        states.setdefault(script_hash, state_or_none)
    codes = _codes(plain, whole)
    names = _names(plain, whole)
    storages = _storages(plain, whole)
    scripts = _scripts_that_ran(blocks, reader)
    taken = {state["id"] for state in states.values() if state is not None and isinstance(state.get("id"), int)}
    free = (number for number in range(1, len(states) + len(taken) + 2) if number not in taken)
    contracts = []
    for script_hash, final in states.items():
        own_id = None if final is None else final.get("id")
        found_in = [*_mentions(scripts, (codes.get(script_hash), _manifest_mark(script_hash)))]
        named_in = [*_mentions(scripts, (bytes(script_hash),))]
        contracts.append(
            OlderContract(
                script_hash=script_hash,
                name=_name(final) or names.get(script_hash, str(script_hash)),
                contract_id=own_id if isinstance(own_id, int) and not isinstance(own_id, bool) else next(free),
                state=final,
                deployed_at=0 if script_hash in natives else min(found_in, default=0),
                destroyed_at=None if final is not None else max(named_in, default=blocks[-1].index),
                storage=storages.get(script_hash, ()),
            )
        )
    return tuple(contracts)


def _manifest_mark(script_hash: UInt160) -> bytes:
    """How a manifest of preview2 begins its ABI."""
    return f'"hash":"{script_hash}"'.encode()


def _scripts_that_ran(blocks: Sequence[OlderBlock], reader: OlderReader) -> list[tuple[int, bytes]]:
    return [
        (block.index, reader.scripts[execution.container])
        for block in blocks
        for execution in block.executions
        if execution.halted and execution.container is not None
    ]


def _mentions(scripts: Sequence[tuple[int, bytes]], marks: Sequence[bytes | None]) -> list[int]:
    return [index for index, script in scripts if any(mark is not None and mark in script for mark in marks)]


def _codes(plain: dict[str, Json], whole: Place) -> dict[UInt160, bytes]:
    """The code of contracts of Neo 2 by its hash: of their states, and in `scripts`."""
    listed: list[tuple[Json, Place]] = []
    for key, state in mapping_member(plain, "contracts", whole).items():
        if isinstance(state, dict) and isinstance(state.get("script"), str):
            listed.append((state["script"], whole.member("contracts").member(key).member("script")))
    if isinstance(plain.get("scripts"), dict):
        scripts = mapping_member(plain, "scripts", whole)
        listed += [(script, whole.member("scripts").member(name)) for name, script in scripts.items()]
    codes: dict[UInt160, bytes] = {}
    for script, _ in listed:
        try:
            code = bytes.fromhex(str(script))
        except ValueError:
            continue  # preview2's are in Base64, and found by their manifest
        codes[UInt160(hash160(code))] = code
    return codes


def _names(plain: dict[str, Json], whole: Place) -> dict[UInt160, str]:
    """The short names that a recording gives to contracts, for those that are gone and so have no other."""
    names: dict[UInt160, str] = {}
    for key in ("contract_names", "tokens"):
        listed = plain.get(key)
        for name, written in listed.items() if isinstance(listed, dict) else ():
            if isinstance(written, str):
                names[hash160_of(written, whole.member(key).member(name))] = name
    return names


def _name(state: dict[str, Json] | None) -> str | None:
    name = None if state is None else state.get("name")
    return name if isinstance(name, str) else None


def _storages(plain: dict[str, Json], whole: Place) -> dict[UInt160, tuple[tuple[bytes, bytes], ...]]:
    storages: dict[UInt160, tuple[tuple[bytes, bytes], ...]] = {}
    for key in mapping_member(plain, "storages", whole) if "storages" in plain else {}:
        place = whole.member("storages").member(key)
        rows = mapping_member(mapping_member(plain, "storages", whole), key, whole.member("storages"))
        try:
            storages[hash160_of(key, place)] = tuple(
                (bytes.fromhex(row), bytes.fromhex(str(value))) for row, value in rows.items()
            )
        except ValueError as error:
            raise place.error(f"keys and values are hex: {error}") from None
    return storages
