"""What PolicyContract's storage says: prices and limits of the network, blocked accounts, fixed fees.

Rows are read as they are in the storage that is given; a row that is missing, as before genesis or in a storage that
a fixture left empty, has the value that a new network begins with.
Source: neo 3.10.2, SmartContract/Native/PolicyContract.cs, Extensions/NeoSystemExtensions.cs.
"""

from functools import lru_cache
from typing import Final, Protocol

from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.serializers.binary import deserialize
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.payloads.manifest import Method
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Struct, integer_of

POLICY_ID: Final = -7
MANAGEMENT_ID: Final = -1

FEE_PER_BYTE_KEY: Final = b"\x0a"
BLOCKED_PREFIX: Final = b"\x0f"
WHITELIST_PREFIX: Final = b"\x10"
EXEC_FEE_FACTOR_KEY: Final = b"\x12"
STORAGE_PRICE_KEY: Final = b"\x13"
ATTRIBUTE_FEE_PREFIX: Final = b"\x14"
MS_PER_BLOCK_KEY: Final = b"\x15"
MAX_VALID_UNTIL_BLOCK_INCREMENT_KEY: Final = b"\x16"
MAX_TRACEABLE_BLOCKS_KEY: Final = b"\x17"
CONTRACT_PREFIX: Final = b"\x08"  # of ContractManagement's rows, then the contract's hash

DEFAULT_FEE_PER_BYTE: Final = 1_000
DEFAULT_EXEC_FEE_FACTOR: Final = 30
DEFAULT_STORAGE_PRICE: Final = 100_000
DEFAULT_ATTRIBUTE_FEE: Final = 0
DEFAULT_NOTARY_ASSISTED_FEE: Final = 10_000_000
PICO: Final = 10_000
"""Pico-GAS in a datoshi: what the exec fee factor is multiplied with at Faun."""


class Rows(Protocol):
    """Rows of contracts' storage that can be read by key."""

    def get(self, contract_id: int, key: bytes) -> bytes | None: ...


def fee_per_byte(storage: Rows) -> int:
    """The network fee for a byte of a transaction, in datoshi."""
    return _number(storage, FEE_PER_BYTE_KEY, DEFAULT_FEE_PER_BYTE)


def storage_price(storage: Rows) -> int:
    """The price of a byte of storage, in datoshi."""
    return _number(storage, STORAGE_PRICE_KEY, DEFAULT_STORAGE_PRICE)


def stored_exec_fee_factor(storage: Rows) -> int | None:
    """The exec fee factor as its row has it: in datoshi before Faun, in pico-GAS from Faun on. None without a row."""
    row = storage.get(POLICY_ID, EXEC_FEE_FACTOR_KEY)
    return None if row is None else integer_of(row)


def exec_pico_fee_factor(storage: Rows, settings: ProtocolSettings, block_index: int) -> int:
    """What one unit of price costs in a block, in pico-GAS."""
    stored = stored_exec_fee_factor(storage)
    if stored is None:
        return DEFAULT_EXEC_FEE_FACTOR * PICO
    return stored if settings.is_enabled(Hardfork.Faun, block_index) else stored * PICO


def exec_fee_factor(storage: Rows, settings: ProtocolSettings, block_index: int) -> int:
    """The whole part of what one unit of price costs in a block, in datoshi: network fees are counted with it."""
    return exec_pico_fee_factor(storage, settings, block_index) // PICO


def attribute_fee(storage: Rows, attribute_type: int) -> int:
    """The network fee for an attribute of a type, in datoshi. The type is not checked."""
    return _number(storage, ATTRIBUTE_FEE_PREFIX + bytes((attribute_type,)), DEFAULT_ATTRIBUTE_FEE)


def is_blocked(storage: Rows, account: UInt160) -> bool:
    """Whether the committee has blocked an account."""
    return storage.get(POLICY_ID, BLOCKED_PREFIX + account) is not None


def whitelisted_fee(storage: Rows, contract_hash: UInt160, method: Method) -> int | None:
    """The fixed fee of a method, in datoshi; None for one that is not whitelisted or whose contract is gone."""
    row = storage.get(POLICY_ID, whitelist_key(contract_hash, method.offset))
    if row is None or storage.get(MANAGEMENT_ID, CONTRACT_PREFIX + contract_hash) is None:
        return None
    return _fixed_fee(row)


def whitelist_key(contract_hash: UInt160, offset: int) -> bytes:
    """The key of the fixed fee of the method that begins at an offset of its contract's script."""
    return WHITELIST_PREFIX + contract_hash + offset.to_bytes(4, "big")


def ms_per_block(storage: Rows, settings: ProtocolSettings) -> int:
    """The time between two blocks, in milliseconds. From Echidna on there is a row for it."""
    return _number(storage, MS_PER_BLOCK_KEY, settings.ms_per_block)


def max_valid_until_block_increment(storage: Rows, settings: ProtocolSettings) -> int:
    """How many blocks ahead a transaction's last block may be. From Echidna on there is a row for it."""
    return _number(storage, MAX_VALID_UNTIL_BLOCK_INCREMENT_KEY, settings.max_valid_until_block_increment)


def max_traceable_blocks(storage: Rows, settings: ProtocolSettings) -> int:
    """How many blocks back contracts can see. From Echidna on there is a row for it."""
    return _number(storage, MAX_TRACEABLE_BLOCKS_KEY, settings.max_traceable_blocks)


def _number(storage: Rows, key: bytes, default: int) -> int:
    row = storage.get(POLICY_ID, key)
    return default if row is None else integer_of(row)


@lru_cache(maxsize=256)
def _fixed_fee(row: bytes) -> int:
    """The fourth member of a whitelisted method's row."""
    item = deserialize(row)
    assert isinstance(item, Struct) and isinstance(item.items[3], int), row.hex()
    return item.items[3]
