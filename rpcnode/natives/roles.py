"""RoleManagement's storage: which nodes were designated for a role, from which block on.

A row's key is the role, one byte, and the first block that they hold for, four bytes, most significant first; its
value an Array of keys in order. Source: neo 3.10.2, SmartContract/Native/RoleManagement.cs, Role.cs.
"""

from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache
from typing import Final, Protocol

from rpcnode.execution.serializers.binary import deserialize
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.vm.items import Array

ROLES_ID: Final = -8


class Role(IntEnum):
    """What nodes are designated for."""

    StateValidator = 4
    Oracle = 8
    NeoFSAlphabetNode = 16
    P2PNotary = 32


class Rows(Protocol):
    """Rows of contracts' storage that can be read in order."""

    def find(self, contract_id: int, prefix: bytes) -> Iterator[tuple[bytes, bytes]]: ...


def designated(storage: Rows, role: int, index: int) -> tuple[ECPoint, ...]:
    """The nodes that hold a role in the block of an index, by key; none before the first designation."""
    wanted = designation_key(role, index)
    latest: bytes | None = None
    for key, row in storage.find(ROLES_ID, wanted[:1]):
        if key > wanted:
            break
        latest = row
    return () if latest is None else _keys_of(latest)


def designation_key(role: int, index: int) -> bytes:
    """The key of the nodes that hold a role from the block of an index on."""
    return bytes((role,)) + index.to_bytes(4, "big")


@lru_cache(maxsize=64)
def _keys_of(row: bytes) -> tuple[ECPoint, ...]:
    item = deserialize(row)
    assert isinstance(item, Array), row.hex()
    return tuple(ECPoint(key) for key in item.items if isinstance(key, bytes))
