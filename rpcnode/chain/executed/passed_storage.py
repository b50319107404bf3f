"""Storage after empty blocks that nobody stored: they change rows of native contracts, and no others."""

from collections.abc import Callable, Iterator
from typing import Final

from rpcnode.execution.snapshot import StorageReader
from rpcnode.execution.storage import Storage


class PassedStorage:
    """Storage as it is stored, read-only, with native contracts as `passed` has them, which is called when needed."""

    def __init__(self, stored: Storage, passed: Callable[[], StorageReader]) -> None:
        self._stored: Final = stored
        self._passed: Final = passed

    def get(self, contract_id: int, key: bytes) -> bytes | None:
        """The value under a key."""
        return self._of(contract_id).get(contract_id, key)

    def find(self, contract_id: int, prefix: bytes, backwards: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """Keys that begin with a prefix, in storage order or against it, with their values."""
        return self._of(contract_id).find(contract_id, prefix, backwards)

    def put(self, contract_id: int, key: bytes, value: bytes) -> None:
        raise TypeError("what empty blocks did cannot be written to")

    def delete(self, contract_id: int, key: bytes) -> None:
        raise TypeError("what empty blocks did cannot be written to")

    def _of(self, contract_id: int) -> Storage | StorageReader:
        return self._passed() if contract_id < 0 else self._stored
