"""The chain of a recording as the engine reads it: rows after its last block, blocks, settings."""

from base64 import b64decode
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any, Final

from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.payloads.block import Block
from rpcnode.payloads.header import Header
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.uint import UInt160, UInt256


class Rows:
    """Stored rows, in memory."""

    def __init__(self, rows: Mapping[tuple[int, bytes], bytes]) -> None:
        self._rows: Final = dict(rows)
        self._keys: Final[dict[int, list[bytes]]] = {}
        for contract_id, key in sorted(rows):
            self._keys.setdefault(contract_id, []).append(key)

    def get(self, contract_id: int, key: bytes) -> bytes | None:
        """The value under a key."""
        return self._rows.get((contract_id, key))

    def find(self, contract_id: int, prefix: bytes, backwards: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """Keys that begin with a prefix, in order, with their values."""
        keys = self._keys.get(contract_id, [])
        found = [*takewhile(lambda key: key.startswith(prefix), keys[bisect_left(keys, prefix) :])]
        for key in reversed(found) if backwards else found:
            yield key, self._rows[contract_id, key]


class Blocks:
    """A LedgerView of recorded blocks."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks: Final = blocks
        self._indices: Final = {block.hash: block.index for block in blocks}
        self._transactions: Final = {
            transaction.hash: (block.index, transaction) for block in blocks for transaction in block.transactions
        }

    @property
    def current_index(self) -> int:
        """The last block."""
        return self._blocks[-1].index

    @property
    def current_hash(self) -> UInt256:
        """Its hash."""
        return self._blocks[-1].hash

    def hash_of(self, block_index: int) -> UInt256 | None:
        """The hash of a block."""
        return self._blocks[block_index].hash if block_index < len(self._blocks) else None

    def index_of(self, block_hash: UInt256) -> int | None:
        """The index of a block."""
        return self._indices.get(block_hash)

    def header(self, block_index: int) -> Header | None:
        """A block's header."""
        return self._blocks[block_index].header if block_index < len(self._blocks) else None

    def transaction_hashes(self, block_index: int) -> tuple[UInt256, ...]:
        """The hashes of a block's transactions."""
        return tuple(transaction.hash for transaction in self._blocks[block_index].transactions)

    def transaction(self, transaction_hash: UInt256) -> tuple[int, Transaction] | None:
        """A transaction and the index of its block."""
        return self._transactions.get(transaction_hash)


def settings_of(protocol: Mapping[str, Any]) -> ProtocolSettings:
    """The settings that a `getversion` reports."""
    return ProtocolSettings(
        network=protocol["network"],
        address_version=protocol["addressversion"],
        ms_per_block=protocol["msperblock"],
        max_traceable_blocks=protocol["maxtraceableblocks"],
        max_valid_until_block_increment=protocol["maxvaliduntilblockincrement"],
        max_transactions_per_block=protocol["maxtransactionsperblock"],
        initial_gas=protocol["initialgasdistribution"],
        standby_committee=tuple(map(ECPoint.parse, protocol["standbycommittee"])),
        validators_count=protocol["validatorscount"],
        hardforks={Hardfork[listed["name"]]: listed["blockheight"] for listed in protocol["hardforks"]},
    )


def rows_of(storages: Mapping[str, Mapping[str, str]], ids: Mapping[str, int]) -> dict[tuple[int, bytes], bytes]:
    """Rows as recordings list them, by contract hash, Base64."""
    return {
        (ids[contract], b64decode(key)): b64decode(value)
        for contract, rows in storages.items()
        for key, value in rows.items()
    }


def ids_of(contracts: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """The id of each contract, by its hash."""
    return {script_hash: state["id"] for script_hash, state in contracts.items()}


def hash_text(script_hash: UInt160) -> str:
    """A hash as recordings write it."""
    return str(script_hash)
