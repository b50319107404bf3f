"""Rows of contracts as a recording gives them: by contract, keys and values in Base64."""

from base64 import b64decode
from collections.abc import Iterator
from typing import Final

from rpcnode.dev.places.errors import shown
from rpcnode.dev.places.place import Place
from rpcnode.dev.recording.members import hash160_of, mapping_member
from rpcnode.execution.contract import CONTRACT_PREFIX, Contract
from rpcnode.execution.native_hashes import CONTRACT_MANAGEMENT
from rpcnode.primitives.errors import FormatError, VmFault
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160

Rows = dict[tuple[int, bytes], bytes]
"""Values by contract id and key."""

LEDGER_ID: Final = -4


def rows_of(plain: dict[str, Json], member: str, whole: Place) -> Rows:
    """The rows under a member.

    Ids are those that ContractManagement's own rows say. Raises FixtureError for rows that are none, without
    ContractManagement's, or of a contract that those do not have.
    """
    place = whole.member(member)
    by_contract = rows_by_contract(plain, member, whole)
    deployed = by_contract.get(CONTRACT_MANAGEMENT)
    if not deployed:
        raise place.error(f"has no rows of ContractManagement, {CONTRACT_MANAGEMENT}, without which nothing can be run")
    ids = dict(_ids(deployed, place.member(str(CONTRACT_MANAGEMENT))))
    rows: Rows = {}
    for script_hash, listed in by_contract.items():
        if script_hash not in ids:
            raise place.member(str(script_hash)).error("is no contract that ContractManagement's rows have")
        rows.update(((ids[script_hash], key), value) for key, value in listed.items())
    return rows


def rows_by_contract(plain: dict[str, Json], member: str, whole: Place) -> dict[UInt160, dict[bytes, bytes]]:
    """The rows under a member, by contract and key. Raises FixtureError for what are none."""
    place = whole.member(member)
    listed = mapping_member(plain, member, whole)
    return {
        hash160_of(text, place.member(text)): dict(_rows(mapping_member(listed, text, place), place.member(text)))
        for text in listed
    }


def _rows(listed: dict[str, Json], place: Place) -> Iterator[tuple[bytes, bytes]]:
    for key, value in listed.items():
        try:
            if not isinstance(value, str):
                raise ValueError
            yield b64decode(key, validate=True), b64decode(value, validate=True)
        except ValueError:
            raise place.member(key).error(f"{shown(value)} stands where key and value in Base64 belong") from None


def _ids(rows: dict[bytes, bytes], place: Place) -> Iterator[tuple[UInt160, int]]:
    for key, value in rows.items():
        if key.startswith(CONTRACT_PREFIX) and len(key) == len(CONTRACT_PREFIX) + UInt160.SIZE:
            try:
                contract = Contract.parse(value)
            except (FormatError, VmFault) as error:
                raise place.error(f"the row {key.hex()} is no contract: {error}") from None
            yield contract.hash, contract.id
