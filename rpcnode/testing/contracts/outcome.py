"""What a transaction did in its block."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, cast

from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.records import Execution, Notification
from rpcnode.node import Node
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.uint import UInt256
from rpcnode.testing.contracts.values import ANY, Value, value_of
from rpcnode.vm.items import StackItem

VmState = Literal["HALT", "FAULT"]


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a contract: its script hash, the name, and the values by the types that its manifest says."""

    contract: str
    name: str
    state: tuple[Value, ...]


class Executed(NamedTuple):
    """A transaction's execution, as Python has it; `results` are what is left on the stack, as items."""

    block_index: int
    state: VmState
    gas: int
    exception: str | None
    results: tuple[StackItem, ...]
    notifications: tuple[Event, ...]


class Outcome:
    """What a transaction did. One that waits for its block has nothing but an id: the rest raises NodeError until then.

    It is what the block holds: a rewind takes the transaction away, and nothing of what was read before.
    """

    def __init__(self, transaction_id: str, read: Callable[[str], Executed | None], return_type: str = ANY) -> None:
        """`read` tells what a transaction did, None while it waits."""
        self.transaction_id: Final = transaction_id
        self._read: Final = read
        self._return_type: Final = return_type
        self._known = read(transaction_id)

    def __repr__(self) -> str:
        if self._known is None:
            return f"<{type(self).__name__} {self.transaction_id}: waits>"
        return f"<{type(self).__name__} {self.transaction_id}: {self._known.state} in block {self._known.block_index}>"

    @property
    def is_mined(self) -> bool:
        """Whether a block holds it."""
        if self._known is None:
            self._known = self._read(self.transaction_id)
        return self._known is not None

    @property
    def block_index(self) -> int:
        """The block that holds it."""
        return self._executed.block_index

    @property
    def state(self) -> VmState:
        """HALT, or FAULT for one that failed and left nothing but its fees."""
        return self._executed.state

    @property
    def gas(self) -> int:
        """What its script consumed, in datoshi; the network fee is not in it."""
        return self._executed.gas

    @property
    def exception(self) -> str | None:
        """Why it failed, in the node's words; None where it did not."""
        return self._executed.exception

    @property
    def stack(self) -> tuple[Value, ...]:
        """What its script left, the last on top."""
        return tuple(map(value_of, self._executed.results))

    @property
    def result(self) -> Value:
        """What is on top of the stack, by the type that the called method says; None where there is nothing."""
        results = self._executed.results
        return value_of(results[-1], self._return_type) if results else None

    @property
    def notifications(self) -> tuple[Event, ...]:
        """The events, in order; none of one that failed."""
        return self._executed.notifications

    def events(self, name: str) -> list[Event]:
        """The events with a name, in order."""
        return [event for event in self.notifications if event.name == name]

    @property
    def _executed(self) -> Executed:
        if not self.is_mined:
            raise NodeError(f"transaction {self.transaction_id} waits for a block; mine() makes one")
        assert self._known is not None
        return self._known


def executed(node: Node, transaction_id: str) -> Executed | None:
    """What a transaction did, None while it waits. Raises NodeError for one that there is not."""
    transaction_hash = UInt256.parse(transaction_id)
    found = node.ledger.transaction(transaction_hash)
    if found is None:
        if node.ledger.mempool.get(transaction_hash) is None:
            raise NodeError(f"there is no transaction {transaction_id}, neither in a block nor waiting for one")
        return None
    block_index = found[1]
    executions = node.ledger.executions_of(transaction_hash, block_index)
    if not executions:
        raise NodeError(f"transaction {transaction_id} ran nothing")
    execution = executions[-1]
    return Executed(
        block_index,
        cast(VmState, execution.vm_state),
        execution.gas_consumed,
        execution.exception,
        execution.stack,
        tuple(_event(node, event) for event in _shown(execution)),
    )


def _shown(execution: Execution) -> tuple[Notification, ...]:
    return execution.notifications if execution.halted else ()


def _event(node: Node, event: Notification) -> Event:
    name = event.event_name or ""
    state = node.ledger.state()
    types = _types(state.contract(event.contract) or state.contract_ever(event.contract), name)
    kinds = types if len(types) == len(event.state) else (ANY,) * len(event.state)
    values = tuple(value_of(item, kind) for item, kind in zip(event.state, kinds, strict=True))
    return Event(str(event.contract), name, values)


def _types(contract: ContractState | None, name: str) -> tuple[str, ...]:
    """The types of an event's values; none where its contract does not say."""
    event = None if contract is None else contract.manifest.event(name)
    return () if event is None else tuple(parameter.type for parameter in event.parameters)
