"""What a call of a declared token would do, found out before anything is done.

Every step here is one of the script's, in its order: the jumps that the script would take are noted, for they decide
what it costs. Where only the script knows, `Uncertain` is raised, and nothing has happened.
"""

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from rpcnode.execution.contract import CONTRACT_MANAGEMENT_ID, CONTRACT_PREFIX, contract_of
from rpcnode.execution.native_set import NativeSet
from rpcnode.execution.records import Notification
from rpcnode.execution.snapshot import Snapshot, StorageReader
from rpcnode.execution.syscalls.storage_calls import charged_bytes
from rpcnode.models.declared.parts import GET_CONTRACT
from rpcnode.models.declared.templates import TOKENS
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import MAX_INTEGER, MAX_INTEGER_SIZE, MIN_INTEGER, StackItem, integer_bytes

IsWitness: TypeAlias = Callable[[bytes], bool]
"""Whether an account agrees to what the token does. Raises Uncertain."""

NO_ROW: Final = "no row"
"""The jump that the part `read` takes where there is nothing to read."""


class Uncertain(Exception):
    """Only the script knows what comes of a call: it fails, or calls a contract, or its arguments are unusual."""


class Plan:
    """Calls of declared tokens that follow each other: what they write, what they cost, their events.

    `way` is the running method and the jumps it has taken, `units` what instructions and services cost in the unit of
    opcode prices, `stored_bytes` what storage is paid for, `asked` how often which method of `TOKENS` was called.
    """

    __slots__ = (
        "_by_contract",
        "_contract_id",
        "_pending",
        "_storage",
        "asked",
        "events",
        "stored_bytes",
        "units",
        "way",
    )

    def __init__(self, storage: StorageReader) -> None:
        self._storage: Final = storage
        self._pending: dict[bytes, bytes | None] = {}
        self._by_contract: Final[dict[int, dict[bytes, bytes | None]]] = {}
        self._contract_id = 0
        self.events: Final[list[Notification]] = []
        self.units = 0
        self.stored_bytes = 0
        self.asked: Final[dict[int, int]] = {}
        self.way: list[str] = []

    def begin(self, contract_id: int, method: str) -> None:
        """A method of a token begins."""
        self._contract_id = contract_id
        self._pending = self._by_contract.setdefault(contract_id, {})
        self.way = [method]

    def get(self, key: bytes) -> bytes | None:
        """The value under a key of the token."""
        pending = self._pending
        return pending[key] if key in pending else self._storage.get(self._contract_id, key)

    def put(self, key: bytes, old: bytes | None, value: bytes) -> None:
        """Writes a value over another, or over none."""
        self.stored_bytes += charged_bytes(len(key), old, len(value))
        self._pending[key] = value

    def delete(self, key: bytes) -> None:
        """Takes a row away."""
        self._pending[key] = None

    def number(self, row: bytes | None) -> int:
        """A row as the part `read` leaves it on the stack."""
        if row is None:
            self.way.append(NO_ROW)
            return 0
        if len(row) > MAX_INTEGER_SIZE:
            raise Uncertain
        return int.from_bytes(row, "little", signed=True)

    def write(self, key: bytes, old: bytes | None, number: int) -> None:
        """The part `write`."""
        if number:
            if not MIN_INTEGER <= number <= MAX_INTEGER:
                raise Uncertain
            self.put(key, old, integer_bytes(number))
        else:
            self.way.append("nothing left")
            self.delete(key)

    def add(self, key: bytes, amount: int) -> None:
        """The part `add`."""
        old = self.get(key)
        self.write(key, old, self.number(old) + amount)

    def tell(self, receiver: bytes, label: str) -> None:
        """Sees that the receiver is no contract."""
        if self._storage.get(CONTRACT_MANAGEMENT_ID, CONTRACT_PREFIX + receiver) is not None:
            raise Uncertain
        self.ask(GET_CONTRACT)
        self.way.append(label)

    def ask(self, token: int) -> None:
        """Calls a native method, whose answer is known."""
        self.asked[token] = self.asked.get(token, 0) + 1

    def commit(self, storage: Snapshot) -> None:
        """Does what was planned to the storage that was read."""
        for contract_id, pending in self._by_contract.items():
            for key, value in pending.items():
                if value is None:
                    storage.delete(contract_id, key)
                else:
                    storage.put(contract_id, key, value)


def check_prices(asked: Iterable[int], storage: Snapshot, natives: NativeSet) -> None:
    """Raises Uncertain unless native methods that were called answer at their own price."""
    for index in asked:
        named = TOKENS[index]
        contract = contract_of(storage, named.hash)
        method = None if contract is None else contract.manifest.method(named.method, named.parameter_count)
        if method is None or natives.whitelisted_fee(storage, named.hash, method) is not None:
            raise Uncertain


def is_account(item: StackItem) -> bool:
    """Whether an argument is an account in its plain form."""
    return type(item) is bytes and len(item) == UInt160.SIZE
