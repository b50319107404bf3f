"""The row of storage that an account's balance is in, found by watching what a token's `balanceOf` reads.

A row is taken for it when other values there make `balanceOf` answer what they should.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, TypeAlias

from rpcnode.chain.executed.calls import run_calls
from rpcnode.chain.executed.state import ExecutionState
from rpcnode.execution.serializers.binary import deserialize, serialize
from rpcnode.execution.snapshot import Place, StorageReader
from rpcnode.payloads.flags import CallFlags
from rpcnode.primitives.errors import NodeError, VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import to_integer
from rpcnode.vm.items import Array, StackItem, integer_bytes

ASK_GAS: Final = 17_000_000
"""What one call of `balanceOf` may use, in datoshi: as much as trackers give it.

Source: neo-node 3.10.2, plugins/TokensTracker: Nep17Tracker.
"""

MOST_ROWS: Final = 64
"""Rows that `balanceOf` may read."""

_Form: TypeAlias = Callable[[int], bytes | None]
"""How a row holds an amount; None: by not being there."""


class NoBalanceRow(NodeError):
    """It is not one row of storage that sets what an account holds; the message says why."""


class BalanceRow(NamedTuple):
    """A row with the value that makes the balance, None where it is made by there being none; and what is held now."""

    contract_id: int
    key: bytes
    value: bytes | None
    held: int


def balance_row(state: ExecutionState, token: UInt160, account: UInt160, amount: int) -> BalanceRow:
    """The row that has `balanceOf` answer an amount. Raises NoBalanceRow where it is not one row that does."""
    watched = _Watched(state.storage)
    held = _answer(state._replace(storage=watched), token, account)
    if isinstance(held, str):
        raise NoBalanceRow(f"balanceOf of {token} fails for {account}: {held}")
    places = [place for place in watched.places if place[0] >= 0]
    if not places:
        raise NoBalanceRow(f"balanceOf of {token} reads no row of its storage for {account}, so none sets it")
    if len(places) > MOST_ROWS:
        raise NoBalanceRow(f"balanceOf of {token} reads {len(places)} rows for {account}, more than {MOST_ROWS}")
    found = [(place, form) for place in places if (form := _form_at(place, state, token, account, amount)) is not None]
    if len(found) != 1:
        told = f"{len(found)} of them set it" if found else "none of them sets it"
        raise NoBalanceRow(
            f"balanceOf of {token} reads {len(places)} rows for {account}, and {told} to {amount}; dev_setStorage"
            " writes any row"
        )
    (place, form) = found[0]
    return BalanceRow(*place, form(amount), held)


def _form_at(place: Place, state: ExecutionState, token: UInt160, account: UInt160, amount: int) -> _Form | None:
    """How the row at a place holds what `balanceOf` answers, if it does."""
    tried = {amount, amount ^ 1, amount // 2 + 3}
    for form in _forms(state.storage.get(*place)):
        if all(
            _answer(state._replace(storage=_Changed(state.storage, place, form(each))), token, account) == each
            for each in tried
        ):
            return form
    return None


def _answer(state: ExecutionState, token: UInt160, account: UInt160) -> int | str:
    """What `balanceOf` answers, or why it does not answer a number."""
    execution = run_calls(state, [(token, "balanceOf", (bytes(account),), int(CallFlags.ReadOnly))], ASK_GAS)
    if not execution.halted:
        return str(execution.exception)
    try:
        return to_integer(execution.stack[-1])
    except VmFault as error:
        return str(error)


def _forms(row: bytes | None) -> Iterator[_Form]:
    """How the row may hold an amount: as an integer, as a number in a serialized item, as digits."""
    yield lambda amount: integer_bytes(amount) if amount else None
    yield integer_bytes
    if row is not None:
        yield from _serialized_forms(row)
    yield lambda amount: str(amount).encode()


def _serialized_forms(row: bytes) -> Iterator[_Form]:
    try:
        item = deserialize(row)
        if serialize(item) != row:
            return
    except VmFault:
        return
    if isinstance(item, int) and not isinstance(item, bool):
        yield serialize
    elif isinstance(item, Array):
        for position, member in enumerate(item.items):
            if isinstance(member, int | bytes) and not isinstance(member, bool):
                yield _InItem(row, position, isinstance(member, bytes))


class _InItem:
    """A row that is a serialized array with the amount as one of its members."""

    def __init__(self, row: bytes, position: int, is_bytes: bool) -> None:
        self._row: Final = row
        self._position: Final = position
        self._is_bytes: Final = is_bytes

    def __call__(self, amount: int) -> bytes:
        item = deserialize(self._row)
        assert isinstance(item, Array)
        member: StackItem = integer_bytes(amount) if self._is_bytes else amount
        item.items[self._position] = member
        return serialize(item)


class _Watched:
    """Storage that notes which rows are read, each once, in order."""

    def __init__(self, storage: StorageReader) -> None:
        self._storage: Final = storage
        self._places: Final[dict[Place, None]] = {}

    @property
    def places(self) -> list[Place]:
        return list(self._places)

    def get(self, contract_id: int, key: bytes) -> bytes | None:
        self._places[contract_id, key] = None
        return self._storage.get(contract_id, key)

    def find(self, contract_id: int, prefix: bytes, backwards: bool = False) -> Iterator[tuple[bytes, bytes]]:
        for key, value in self._storage.find(contract_id, prefix, backwards):
            self._places[contract_id, key] = None
            yield key, value


class _Changed:
    """Storage with one row as it might be."""

    def __init__(self, storage: StorageReader, place: Place, value: bytes | None) -> None:
        self._storage: Final = storage
        self._place: Final = place
        self._value: Final = value

    def get(self, contract_id: int, key: bytes) -> bytes | None:
        return self._value if (contract_id, key) == self._place else self._storage.get(contract_id, key)

    def find(self, contract_id: int, prefix: bytes, backwards: bool = False) -> Iterator[tuple[bytes, bytes]]:
        rows = dict(self._storage.find(contract_id, prefix))
        if contract_id == self._place[0] and self._place[1].startswith(prefix):
            rows.pop(self._place[1], None)
            if self._value is not None:
                rows[self._place[1]] = self._value
        return iter(sorted(rows.items(), reverse=backwards))
