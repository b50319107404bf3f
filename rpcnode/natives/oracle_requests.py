"""The oracle requests that wait for an answer, as OracleContract's storage has them.

Rows: 5 is the price; 6 and the Hash160 of a URL the ids of its requests; 7 and an id (8 bytes, big-endian) a request;
9 the id of the next request. Source: neo 3.10.2, SmartContract/Native/{OracleContract,OracleRequest}.cs.
"""

from collections.abc import Iterator
from typing import Final, Self

from rpcnode.execution.serializers.binary import deserialize, serialize
from rpcnode.execution.snapshot import Snapshot, StorageReader
from rpcnode.primitives.hashes import hash160
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import Array, integer_of

ORACLE_ID: Final = -9
PRICE_KEY: Final = b"\x05"
ID_LIST_PREFIX: Final = b"\x06"
REQUEST_PREFIX: Final = b"\x07"
REQUEST_ID_KEY: Final = b"\x09"

_ID_SIZE: Final = 8


@dataclass(frozen=True, slots=True)
class OracleRequest:
    """What a contract asked for. `user_data` is a serialized item; `gas_for_response`, in datoshi, pays the answer."""

    original_hash: UInt256
    """The transaction that made the request, or the first one of a chain of answers that make requests."""
    gas_for_response: int
    url: str
    filter: str | None
    callback_contract: UInt160
    callback_method: str
    user_data: bytes

    def serialize(self) -> bytes:
        """The value of its row."""
        return serialize(
            Array(
                [
                    bytes(self.original_hash),
                    self.gas_for_response,
                    self.url.encode(),
                    None if self.filter is None else self.filter.encode(),
                    bytes(self.callback_contract),
                    self.callback_method.encode(),
                    self.user_data,
                ]
            )
        )

    @classmethod
    def parse(cls, row: bytes) -> Self:
        """The request that a row holds."""
        item = deserialize(row)
        assert isinstance(item, Array), row.hex()
        match item.items:
            case [
                bytes(original_hash),
                int(gas),
                bytes(url),
                bytes() | None as filter_,
                bytes(contract),
                bytes(method),
                bytes(user_data),
            ]:
                text = None if filter_ is None else filter_.decode()
                callback = UInt160(contract), method.decode()
                return cls(UInt256(original_hash), gas, url.decode(), text, *callback, user_data)
        raise AssertionError(row.hex())


def price(storage: StorageReader) -> int:
    """What a request costs, in datoshi."""
    row = storage.get(ORACLE_ID, PRICE_KEY)
    assert row is not None
    return integer_of(row)


def request_of(storage: StorageReader, request_id: int) -> OracleRequest | None:
    """The request with an id, if it still waits."""
    row = storage.get(ORACLE_ID, request_key(request_id))
    return None if row is None else OracleRequest.parse(row)


def requests(storage: StorageReader) -> Iterator[tuple[int, OracleRequest]]:
    """All requests that wait, with their ids, the oldest first."""
    for key, row in storage.find(ORACLE_ID, REQUEST_PREFIX):
        yield int.from_bytes(key[1:], "big"), OracleRequest.parse(row)


def ids_of_url(storage: StorageReader, url: str) -> list[int]:
    """The ids of the requests for a URL, the oldest first."""
    row = storage.get(ORACLE_ID, id_list_key(url))
    if row is None:
        return []
    ids = deserialize(row)
    assert isinstance(ids, Array), row.hex()
    return [request_id for request_id in ids.items if isinstance(request_id, int)]


def put_ids_of_url(storage: Snapshot, url: str, ids: list[int]) -> None:
    """Writes the ids of the requests for a URL; without any there is no row."""
    if ids:
        storage.put(ORACLE_ID, id_list_key(url), serialize(Array(ids)))
    else:
        storage.delete(ORACLE_ID, id_list_key(url))


def request_key(request_id: int) -> bytes:
    """The key of a request's row."""
    return REQUEST_PREFIX + request_id.to_bytes(_ID_SIZE, "big")


def id_list_key(url: str) -> bytes:
    """The key of the ids of the requests for a URL."""
    return ID_LIST_PREFIX + hash160(url.encode())
