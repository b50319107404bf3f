"""The executions of recorded blocks, from their application logs."""

from collections.abc import Sequence

from rpcnode.chain.recorded.recorded import RecordedBlock
from rpcnode.dev.places.errors import shown
from rpcnode.dev.places.place import Place
from rpcnode.dev.recording.members import as_mapping, hash160_of, list_member, text_member
from rpcnode.execution.records import FAULT, HALT, Execution, Notification, Trigger
from rpcnode.execution.serializers.item_json import item_from_json
from rpcnode.payloads.block import Block
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt256
from rpcnode.vm.items import Array, StackItem


def with_executions(blocks: Sequence[Block], logs: dict[str, Json], place: Place) -> tuple[RecordedBlock, ...]:
    """The blocks with what their logs say. Raises FixtureError for a log that is missing, or is none of its block."""
    reader = _LogReader(logs, place)
    recorded = []
    for block in blocks:
        on_persist, post_persist = reader.read(block.hash, (Trigger.ON_PERSIST, Trigger.POST_PERSIST), None)
        executions = [on_persist]
        for transaction in block.transactions:
            executions += reader.read(transaction.hash, (Trigger.APPLICATION,), transaction.hash)
        recorded.append(RecordedBlock(block, (*executions, post_persist)))
    return tuple(recorded)


class _LogReader:
    """Reads application logs to executions."""

    def __init__(self, logs: dict[str, Json], place: Place) -> None:
        self._logs = logs
        self._place = place

    def read(self, log_hash: UInt256, triggers: Sequence[Trigger], container: UInt256 | None) -> list[Execution]:
        """The executions in the log of a block or transaction, which must have exactly these triggers."""
        if str(log_hash) not in self._logs:
            of_what = "the block" if container is None else "the transaction"
            raise self._place.error(f"the log of {of_what} {log_hash} is missing")
        place = self._place.member(str(log_hash))
        listed = list_member(as_mapping(self._logs[str(log_hash)], place), "executions", place)
        place = place.member("executions")
        entries = [as_mapping(entry, place.item(position)) for position, entry in enumerate(listed)]
        found = [entry.get("trigger") for entry in entries]
        if found != [*triggers]:
            names = ", ".join(str(trigger) for trigger in found) or "nothing"
            raise place.error(f"has executions of {names}; right is {', '.join(triggers)}")
        return [
            self._execution(trigger, entry, container, place.item(position))
            for position, (trigger, entry) in enumerate(zip(triggers, entries, strict=True))
        ]

    def _execution(
        self, trigger: Trigger, entry: dict[str, Json], container: UInt256 | None, place: Place
    ) -> Execution:
        vm_state = text_member(entry, "vmstate", place)
        if vm_state not in (HALT, FAULT):
            raise place.member("vmstate").error(f"{shown(vm_state)} is neither {HALT} nor {FAULT}")
        gas_consumed = text_member(entry, "gasconsumed", place)
        if not (gas_consumed.isascii() and gas_consumed.isdecimal()) or len(gas_consumed) > 20:
            raise place.member("gasconsumed").error(f"{shown(gas_consumed)} is no amount of datoshi")
        exception = entry.get("exception")
        if exception is not None and not isinstance(exception, str):
            raise place.member("exception").error(f"{shown(exception)} stands where a text or null belongs")
        return Execution(
            trigger=trigger,
            container=container,
            vm_state=vm_state,
            gas_consumed=int(gas_consumed),
            stack=tuple(_items(list_member(entry, "stack", place), place.member("stack"))),
            exception=exception,
            notifications=tuple(
                self._notification(as_mapping(event, inner), inner)
                for position, event in enumerate(list_member(entry, "notifications", place))
                for inner in [place.member("notifications").item(position)]
            ),
        )

    def _notification(self, event: dict[str, Json], place: Place) -> Notification:
        (state,) = _items([event.get("state")], place.member("state"))
        if not isinstance(state, Array):
            raise place.member("state").error("the state of a notification is an Array")
        contract = hash160_of(text_member(event, "contract", place), place.member("contract"))
        return Notification(contract, text_member(event, "eventname", place), tuple(state.items))


def _items(listed: Sequence[Json], place: Place) -> list[StackItem]:
    try:
        return [item_from_json(item) for item in listed]
    except FormatError as error:
        raise place.error(str(error)) from None
