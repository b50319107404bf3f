"""The blocks of a fixture: declared transactions, and those that make the declared balances so."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from rpcnode.chain.description import Block, Contract, Notification, Transaction, Transfer
from rpcnode.chain.execution import StateForm
from rpcnode.dev.fixture_errors import shown
from rpcnode.dev.fixture_items import ItemReader
from rpcnode.dev.fixture_names import Names
from rpcnode.dev.fixture_schema import (
    BalanceData,
    BlockData,
    ContractData,
    NotificationData,
    TransactionData,
    TransferData,
)
from rpcnode.dev.place import Place
from rpcnode.dev.records import MAX_AMOUNT
from rpcnode.dev.token_ids import read_token_id
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Array, StackItem, Struct

EVENTS_HAVE_NAMES: Final[dict[ProfileName, bool]] = {"n3": True, "n3-preview": False, "n2": False}
"""Whether a notification has a name beside its state.

Source: neo 3.9 and 3.0.0-preview2, Neo: SmartContract/NotifyEventArgs; neo 2.12, Neo: SmartContract/NotifyEventArgs.
"""


class _OpenBlock:
    """What was read so far of the block at an index."""

    __slots__ = ("place", "timed_by", "timestamp_ms", "transactions")

    def __init__(self, place: Place) -> None:
        self.place = place
        self.timestamp_ms: int | None = None
        self.timed_by: Place | None = None
        self.transactions: list[Transaction] = []

    def set_timestamp(self, data: BlockData) -> None:
        """Takes the timestamp of an entry that has one; raises FixtureError if another entry said another."""
        if data.timestamp is None:
            return
        if self.timed_by is not None and self.timestamp_ms != data.timestamp:
            said = f"{self.timed_by.where} says {self.timestamp_ms} of the same block"
            raise data.place.member("timestamp").error(f"{data.timestamp} here, but {said}; leave one of the two out")
        self.timestamp_ms, self.timed_by = data.timestamp, data.place

    def close(self, block_index: int) -> Block:
        """The block, with all transactions."""
        return Block(block_index, self.timestamp_ms, tuple(self.transactions), self.place.where)


class BlockReader:
    """Reads blocks and balances of a chain whose names are known."""

    def __init__(self, names: Names, profile: ProfileName) -> None:
        self._names = names
        self._items = ItemReader(names, profile)
        self._event_is_required = EVENTS_HAVE_NAMES[profile]

    def read(self, blocks: Iterable[BlockData], balances: Iterable[BalanceData]) -> tuple[Block, ...]:
        """The blocks in order of their index, each with the transactions of its balances before its own.

        Several entries of one index are one block. Raises FixtureError for what no chain can hold.
        """
        merged: dict[int, _OpenBlock] = {}
        for place, index, transaction in self._transactions_of(balances):
            merged.setdefault(index, _OpenBlock(place)).transactions.append(transaction)
        for data in blocks:
            block = merged.setdefault(data.block_index, _OpenBlock(data.place))
            block.set_timestamp(data)
            block.transactions.extend([self._transaction(inner, data.block_index) for inner in data.transactions])
        return tuple([merged[index].close(index) for index in sorted(merged)])

    def _transactions_of(self, balances: Iterable[BalanceData]) -> Iterable[tuple[Place, int, Transaction]]:
        seen: dict[tuple[UInt160, str, bytes | None], Place] = {}
        for data in balances:
            contract = self._names.asset(data.asset, data.place.member("asset"))
            account = self._names.account(data.account, data.place.member("account"))
            token_id = self._token_id(contract, data.token_id, data.place)
            _check_whole(contract, data.amount, data.place)
            check_deployed(contract, data.block, data.place.member("block"))
            other = seen.setdefault((account, contract.key, token_id), data.place)
            if other is not data.place:
                raise data.place.error(f"this account's balance of {contract.key} stands in {other.where} already")
            where = data.place.where
            mint = Transfer(contract.key, None, account, data.amount or 1, token_id, where, is_coin=contract.is_coin)
            transfers = (mint,) if data.amount else (mint, replace(mint, sender=account, receiver=None))
            yield data.place, data.block, Transaction(transfers, (), False, where)

    def _transaction(self, data: TransactionData, block_index: int) -> Transaction:
        if not data.transfers and not data.notifications:
            raise data.place.error("a transaction without transfers and notifications does nothing; give it one")
        return Transaction(
            transfers=tuple([self.transfer(inner, block_index) for inner in data.transfers]),
            notifications=tuple([self.notification(inner) for inner in data.notifications]),
            faults=data.faults,
            where=data.place.where,
        )

    def transfer(self, data: TransferData, block_index: int) -> Transfer:
        """A movement in the block at an index. Raises FixtureError for one that no chain can hold."""
        if data.sender is None and data.receiver is None:
            raise data.place.error("from and to are both null; null is from for a mint, to for a burn")
        contract = self._names.asset(data.asset, data.place.member("asset"))
        check_deployed(contract, block_index, data.place.member("asset"))
        _check_whole(contract, data.amount, data.place)
        return Transfer(
            asset=contract.key,
            sender=None if data.sender is None else self._names.account(data.sender, data.place.member("from")),
            receiver=None if data.receiver is None else self._names.account(data.receiver, data.place.member("to")),
            amount=data.amount,
            token_id=self._token_id(contract, data.token_id, data.place),
            where=data.place.where,
            written_asset=data.asset,
            written_sender=data.sender or "",
            is_coin=contract.is_coin,
        )

    def notification(self, data: NotificationData) -> Notification:
        """An event. Raises FixtureError for what is none."""
        contract = self._names.asset(data.contract, data.place.member("contract"))
        if contract.is_coin:
            raise data.place.member("contract").error(f"{contract.key} is no contract on Neo 2, and notifies nothing")
        if data.event is None and self._event_is_required:
            raise data.place.member("event").error("is missing, and required; it is the event's name, such as Transfer")
        state, form = self._state(data)
        return Notification(contract.key, data.event, state, data.place.where, form)

    def _state(self, data: NotificationData) -> tuple[tuple[StackItem, ...], StateForm]:
        """The items of an event, and what they stand in; before N3's preview3 that may be anything."""
        place = data.place.member("state")
        if isinstance(data.state, list):
            items = [self._items.read(item, place.item(position)) for position, item in enumerate(data.state)]
            return tuple(items), StateForm.ARRAY
        if self._event_is_required:
            raise place.error(f"{shown(data.state)} stands where a list belongs: the state of an N3 event is one")
        if data.event is not None:
            raise data.place.member("event").error("stands beside a state that is no list, and so has no name")
        item = self._items.read(data.state, place)
        if isinstance(item, Array):
            return tuple(item.items), StateForm.STRUCT if isinstance(item, Struct) else StateForm.ARRAY
        return (item,), StateForm.OTHER

    def _token_id(self, contract: Contract, written: str | None, place: Place) -> bytes | None:
        if contract.standard != "NEP-11":
            if written is not None:
                raise place.member("token_id").error(
                    f"{contract.key} is {contract.standard}; only NEP-11 tokens have ids"
                )
            return None
        if written is None:
            raise place.member("token_id").error(f"is missing, and required, since {contract.key} is NEP-11")
        return read_token_id(written, place.member("token_id"))


def check_supplies(
    blocks: Iterable[Block], contracts: Iterable[Contract], data: Mapping[str, ContractData], whole: Place
) -> None:
    """Raises FixtureError for a contract of which more was minted, and not burned, than its total supply or 255 bits.

    `whole` is to blame for contracts that `data` does not declare.
    """
    minted: dict[str, int] = {}
    for block in blocks:
        for transaction in block.transactions:
            for transfer in () if transaction.faults else transaction.transfers:
                if transfer.sender is None:
                    minted[transfer.asset] = minted.get(transfer.asset, 0) + transfer.amount
                elif transfer.receiver is None:
                    minted[transfer.asset] = minted.get(transfer.asset, 0) - transfer.amount
    for contract in contracts:
        total = minted.get(contract.key, 0)
        most = MAX_AMOUNT if contract.total_supply is None else contract.total_supply
        if total > most:
            place = data[contract.key].place if contract.key in data else whole
            if contract.total_supply is None:
                raise place.error(f"{total} are minted of {contract.key}, more than 255 bits hold")
            raise place.member("total_supply").error(f"{most} is less than the {total} that are minted")


def check_times(blocks: Iterable[Block], data: Iterable[BlockData], genesis_time_ms: int, ms_per_block: int) -> None:
    """Raises FixtureError for a declared timestamp that is not after the time of the block before.

    A block without a timestamp comes one block time after the block before it.
    """
    places = {entry.block_index: entry.place for entry in data if entry.timestamp is not None}
    index, time_ms = 0, genesis_time_ms
    for block in blocks:
        before_ms = time_ms + (block.index - index - 1) * ms_per_block
        if block.timestamp_ms is not None and block.timestamp_ms <= before_ms:
            right = "timestamps rise strictly; set a later one, or a smaller network.ms_per_block"
            message = f"{block.timestamp_ms} is not after {before_ms}, the time of block {block.index - 1}; {right}"
            raise places[block.index].member("timestamp").error(message)
        index = block.index
        time_ms = before_ms + ms_per_block if block.timestamp_ms is None else block.timestamp_ms


def check_deployed(contract: Contract, block_index: int, place: Place) -> None:
    """Raises FixtureError for a contract that does not stand at a block."""
    if block_index < contract.deployed_at:
        raise place.error(
            f"{contract.key} is deployed at block {contract.deployed_at} only, this is block {block_index}"
        )
    if contract.destroyed_at is not None and block_index >= contract.destroyed_at:
        raise place.error(f"{contract.key} is destroyed at block {contract.destroyed_at}, this is block {block_index}")


def _check_whole(contract: Contract, amount: int, place: Place) -> None:
    if contract.standard == "NEP-11" and contract.decimals == 0 and amount > 1:
        raise place.member("amount").error(f"{amount} is too much of a token that is not divisible; right is 1 or 0")
