"""Contract states as rows."""

import json
import sqlite3
from collections.abc import Iterator

from rpcnode.contracts.state import ContractState, Model
from rpcnode.primitives.uint import UInt160

_INSERT = """
    INSERT INTO chain_contract
        (hash, deployed_at, destroyed_at, contract_id, update_counter, nef, manifest, model, symbol, decimals, key)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_ALL = """
    SELECT hash, deployed_at, destroyed_at, contract_id, update_counter, nef, manifest, model, symbol, decimals, key
    FROM chain_contract ORDER BY hash, deployed_at
"""


def insert_contract(connection: sqlite3.Connection, contract: ContractState) -> None:
    """Stores a contract state."""
    connection.execute(
        _INSERT,
        (
            contract.script_hash,
            contract.deployed_at,
            contract.destroyed_at,
            contract.contract_id,
            contract.update_counter,
            json.dumps(contract.nef),
            json.dumps(contract.manifest),
            contract.model,
            contract.symbol,
            contract.decimals,
            contract.key,
        ),
    )


def contracts_of(connection: sqlite3.Connection) -> Iterator[ContractState]:
    """Every stored contract state, the older one of a hash first."""
    for row in connection.execute(_ALL):
        (
            script_hash,
            deployed_at,
            destroyed_at,
            contract_id,
            update_counter,
            nef,
            manifest,
            model,
            symbol,
            decimals,
            key,
        ) = row
        yield ContractState(
            contract_id=contract_id,
            script_hash=UInt160(script_hash),
            update_counter=update_counter,
            nef=json.loads(nef),
            manifest=json.loads(manifest),
            deployed_at=deployed_at,
            destroyed_at=destroyed_at,
            model=None if model is None else Model(model),
            symbol=symbol,
            decimals=decimals,
            key=key,
        )
