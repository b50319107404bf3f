"""Contract states as rows, with what fixtures call them."""

import json
import sqlite3
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from rpcnode.execution.contract_state import ContractState, Model
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160

if TYPE_CHECKING:
    from rpcnode.payloads.manifest import Manifest
    from rpcnode.payloads.nef import Nef


class StoredCode:
    """Code and manifest as they are stored, read when somebody asks: a start needs neither."""

    def __init__(self, nef: bytes, manifest: str) -> None:
        self._nef: Final = nef
        self._manifest: Final = manifest

    @cached_property
    def nef(self) -> "Nef":
        """The NEF in the file."""
        from rpcnode.payloads.nef import Nef

        return Nef.parse_unverified(self._nef)

    @cached_property
    def manifest(self) -> "Manifest":
        """The manifest in the JSON."""
        from rpcnode.payloads.told_manifest import told_manifest

        return told_manifest(json.loads(self._manifest))


class Label(NamedTuple):
    """What a fixture calls a contract, and what it says of it for REST faces only."""

    key: str | None = None
    rest: dict[str, Json] | None = None


NO_LABEL: Final = Label()

Labels = dict[tuple[UInt160, int], Label]
"""By the script hash and `deployed_at` of the contract."""

_INSERT = """
    INSERT INTO chain_contract
        (hash, deployed_at, destroyed_at, contract_id, update_counter, nef, manifest, model, symbol, decimals, key,
         rest, block_index, printed)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_END = """
    UPDATE chain_contract SET ended_at = ?
    WHERE hash = ? AND deployed_at <= ? AND ended_at IS NULL AND destroyed_at IS NULL
"""
_ALL = """
    SELECT hash, deployed_at, coalesce(ended_at, destroyed_at), contract_id, update_counter, nef, manifest, model,
        symbol, decimals, key, rest, printed
    FROM chain_contract ORDER BY hash, deployed_at
"""


def insert_contract(connection: sqlite3.Connection, contract: ContractState, label: Label, block_index: int) -> None:
    """Stores a contract state that came with a block; it may stand from a later block on."""
    connection.execute(
        _INSERT,
        (
            contract.script_hash,
            contract.deployed_at,
            contract.destroyed_at,
            contract.contract_id,
            contract.update_counter,
            contract.nef.serialize(),
            json.dumps(contract.manifest.to_json()),
            contract.model,
            contract.symbol,
            contract.decimals,
            label.key,
            None if label.rest is None else json.dumps(label.rest),
            block_index,
            None if contract.printed is None else json.dumps(contract.printed),
        ),
    )


def end_contract(connection: sqlite3.Connection, script_hash: UInt160, block_index: int) -> None:
    """Notes that a block's execution has ended the version of a contract that stood before it."""
    connection.execute(_END, (block_index, script_hash, block_index))


def contracts_of(connection: sqlite3.Connection) -> Iterator[tuple[ContractState, Label]]:
    """Every stored contract state, the older one of a hash first; the same objects for the same row."""
    for row in connection.execute(_ALL):
        yield _contract_of(*row)


@lru_cache(maxsize=1024)
def _contract_of(
    script_hash: bytes,
    deployed_at: int,
    destroyed_at: int | None,
    contract_id: int,
    update_counter: int,
    nef: bytes,
    manifest: str,
    model: str | None,
    symbol: str | None,
    decimals: int | None,
    key: str | None,
    rest: str | None,
    printed: str | None,
) -> tuple[ContractState, Label]:
    """A row as a state and its label; kept: nothing else that opening a chain needs takes as long."""
    contract = ContractState(
        contract_id=contract_id,
        script_hash=UInt160(script_hash),
        update_counter=update_counter,
        code=StoredCode(nef, manifest),
        deployed_at=deployed_at,
        destroyed_at=destroyed_at,
        model=None if model is None else Model(model),
        symbol=symbol,
        decimals=decimals,
        printed=None if printed is None else json.loads(printed),
    )
    return contract, Label(key, None if rest is None else json.loads(rest))
