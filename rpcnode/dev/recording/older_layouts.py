"""How recorded blocks and logs of Neo 2 and preview2 are read: bytes and JSON to what the ledger stores."""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Final

from rpcnode.chain.blocks import NewTransaction, StoredHeader
from rpcnode.chain.recorded.recorded import OlderBlock
from rpcnode.dev.places.errors import shown
from rpcnode.dev.places.place import Place
from rpcnode.dev.recording.members import as_mapping, hash160_of, list_member, text_member
from rpcnode.execution.records import FAULT, HALT, Execution, Notification, Trigger, notification_of_item
from rpcnode.execution.serializers.item_json import item_from_json
from rpcnode.execution.serializers.parameter_json import item_of_parameter
from rpcnode.payloads.neo2 import block as neo2_block
from rpcnode.payloads.neo2.coins import ONE
from rpcnode.payloads.neo2.transaction_data import InvocationTransaction
from rpcnode.payloads.preview2 import block as preview2_block
from rpcnode.primitives.errors import FormatError, ProfileName
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt256
from rpcnode.vm.items import StackItem

_DATOSHI: Final = re.compile(r"[0-9]{1,20}").fullmatch
_FIXED8: Final = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,8}))?").fullmatch


class OlderReader(ABC):
    """Reads one recording. `scripts` are those of the transactions that ran, by hash."""

    raw_is_hex: ClassVar[bool]

    def __init__(self, magic: int, logs: dict[str, Json], place: Place) -> None:
        self.magic = magic
        self.scripts: dict[UInt256, bytes] = {}
        self._logs = logs
        self._place = place.member("application_logs")

    @abstractmethod
    def block(self, data: bytes) -> tuple[OlderBlock, bytes]:
        """A block by its bytes, with the hash before it; raises ValueError for what is no block."""

    @abstractmethod
    def _item(self, json: Json) -> StackItem:
        """An item as the node prints it; raises FormatError."""

    @abstractmethod
    def _gas(self, text: str) -> int | None:
        """GAS as the node prints it, in datoshi; None for what is no amount."""

    def _has_log(self, log_hash: UInt256) -> bool:
        return str(log_hash) in self._logs

    def _log(self, log_hash: UInt256, of_what: str) -> tuple[dict[str, Json], Place]:
        if not self._has_log(log_hash):
            raise self._place.error(f"the log of {of_what} {log_hash} is missing")
        place = self._place.member(str(log_hash))
        return as_mapping(self._logs[str(log_hash)], place), place

    def _execution(self, entry: dict[str, Json], container: UInt256 | None, place: Place) -> Execution:
        vm_state = text_member(entry, "vmstate", place)
        if vm_state not in (HALT, FAULT):
            raise place.member("vmstate").error(f"{shown(vm_state)} is neither {HALT} nor {FAULT}")
        gas_consumed = self._gas(text_member(entry, "gas_consumed", place))
        if gas_consumed is None:
            raise place.member("gas_consumed").error(f"{shown(entry['gas_consumed'])} is no amount of GAS")
        return Execution(
            trigger=Trigger.SYSTEM if container is None else Trigger.APPLICATION,
            container=container,
            vm_state=vm_state,
            gas_consumed=gas_consumed,
            stack=tuple(self._items(list_member(entry, "stack", place), place.member("stack"))),
            exception=None,
            notifications=tuple(
                self._notification(as_mapping(event, inner), inner)
                for position, event in enumerate(list_member(entry, "notifications", place))
                for inner in [place.member("notifications").item(position)]
            ),
        )

    def _notification(self, event: dict[str, Json], place: Place) -> Notification:
        (item,) = self._items([event.get("state")], place.member("state"))
        return notification_of_item(hash160_of(text_member(event, "contract", place), place.member("contract")), item)

    def _items(self, listed: Sequence[Json], place: Place) -> list[StackItem]:
        try:
            return [self._item(item) for item in listed]
        except FormatError as error:
            raise place.error(str(error)) from None


class Preview2Reader(OlderReader):
    """Each transaction has a log, and each block but the first."""

    raw_is_hex = False

    def block(self, data: bytes) -> tuple[OlderBlock, bytes]:
        block = preview2_block.Preview2Block.parse(data, self.magic)
        header = block.header
        executions = []
        if block.index > 0:
            entry, place = self._log(block.hash, "the block")
            executions.append(self._execution(entry, None, place))
        for transaction in block.transactions:
            self.scripts[transaction.hash] = transaction.script
            entry, place = self._log(transaction.hash, "the transaction")
            executions.append(self._execution(entry, transaction.hash, place))
        stored = StoredHeader(
            block.hash, header.serialize_unsigned(), header.witness.serialize(), block.consensus_data.serialize()
        )
        return (
            OlderBlock(
                index=block.index,
                timestamp_ms=header.timestamp_ms,
                merkle_root=header.merkle_root,
                header=stored,
                transactions=tuple(
                    _stored(each.hash, each.serialize_unsigned(), each.serialize()) for each in block.transactions
                ),
                executions=tuple(executions),
            ),
            header.previous_hash,
        )

    def _item(self, json: Json) -> StackItem:
        return item_from_json(json)

    def _gas(self, text: str) -> int | None:
        return int(text) if _DATOSHI(text) else None


class Neo2Reader(OlderReader):
    """Only invocations have a log."""

    raw_is_hex = True

    def block(self, data: bytes) -> tuple[OlderBlock, bytes]:
        block = neo2_block.Neo2Block.parse(data)
        header = block.header
        executions = []
        for transaction in block.transactions:
            if isinstance(transaction.data, InvocationTransaction):
                self.scripts[transaction.hash] = transaction.data.script
                log, place = self._log(transaction.hash, "the transaction")
                for position, entry in enumerate(list_member(log, "executions", place)):
                    inner = place.member("executions").item(position)
                    executions.append(self._execution(as_mapping(entry, inner), transaction.hash, inner))
        return (
            OlderBlock(
                index=block.index,
                timestamp_ms=header.timestamp_s * 1000,
                merkle_root=header.merkle_root,
                header=StoredHeader(block.hash, header.serialize_unsigned(), header.witness.serialize()),
                transactions=tuple(
                    _stored(each.hash, each.serialize_unsigned(), each.serialize()) for each in block.transactions
                ),
                executions=tuple(executions),
            ),
            header.previous_hash,
        )

    def _item(self, json: Json) -> StackItem:
        return item_of_parameter(json)

    def _gas(self, text: str) -> int | None:
        found = _FIXED8(text)
        return None if found is None else int(found[1]) * ONE + int((found[2] or "").ljust(8, "0"))


def _stored(transaction_hash: UInt256, unsigned: bytes, whole: bytes) -> NewTransaction:
    return NewTransaction(transaction_hash, unsigned, whole[len(unsigned) :])


def older_reader(profile: ProfileName, magic: int, logs: dict[str, Json], place: Place) -> OlderReader:
    """The reader of a profile's recordings."""
    kind = Neo2Reader if profile == "n2" else Preview2Reader
    return kind(magic, logs, place)
