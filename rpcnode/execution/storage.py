"""The storage of contracts as scripts and models see it, and what is kept in it as plain integers."""

from collections.abc import Iterator
from typing import Protocol

from rpcnode.vm.items import integer_bytes, integer_of


class Storage(Protocol):
    """The key-value storage of all contracts, as interops see it."""

    def get(self, contract_id: int, key: bytes) -> bytes | None: ...
    def put(self, contract_id: int, key: bytes, value: bytes) -> None: ...
    def delete(self, contract_id: int, key: bytes) -> None: ...
    def find(self, contract_id: int, prefix: bytes, backwards: bool = False) -> Iterator[tuple[bytes, bytes]]: ...


def read_integer(storage: Storage, contract_id: int, key: bytes) -> int:
    """The integer under a key, 0 where there is none."""
    value = storage.get(contract_id, key)
    return 0 if value is None else integer_of(value)


def write_integer(storage: Storage, contract_id: int, key: bytes, value: int) -> None:
    """Puts an integer under a key; 0 deletes the key, as the native tokens do."""
    if value == 0:
        storage.delete(contract_id, key)
    else:
        storage.put(contract_id, key, integer_bytes(value))
