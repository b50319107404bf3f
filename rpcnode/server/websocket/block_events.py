"""The events of one block, read back from the chain in the order in which neo-go tells of them."""

from collections.abc import Collection, Iterator
from functools import partial

from rpcnode.chain.chain_reader import ChainReader
from rpcnode.chain.format.layout import Printed
from rpcnode.execution.records import Execution, Trigger
from rpcnode.primitives.uint import UInt256
from rpcnode.server.websocket.events import (
    Event,
    Stream,
    WriteJson,
    execution_json,
    notification_json,
    without_size,
)

_OF_RUNS = frozenset((Stream.EXECUTION, Stream.NOTIFICATION))


class BlockEvents:
    """Makes the events of blocks; of streams that nobody wants none."""

    def __init__(self, chain: ChainReader, write: WriteJson) -> None:
        self._chain = chain
        self._write = write

    def of_block(self, block_index: int, wanted: Collection[Stream]) -> Iterator[Event]:
        """What the block itself ran first, then each transaction with what it did, then PostPersist, header and block.

        Of a run come first the run, then its notifications; of one that failed none.
        """
        block = self._chain.block(block_index)
        runs = self._chain.executions(block_index) if not _OF_RUNS.isdisjoint(wanted) else ()
        by_transaction: dict[UInt256, list[Execution]] = {}
        for run in runs:
            if run.container is not None:
                by_transaction.setdefault(run.container, []).append(run)
        own = [run for run in runs if run.container is None]
        block_hash = str(block.hash)
        for run in own:
            if run.trigger is not Trigger.POST_PERSIST:
                yield from self._of_run(block_index, block_hash, run, wanted)
        for transaction in block.transactions:
            for run in by_transaction.get(transaction.hash, ()):
                yield from self._of_run(block_index, str(transaction.hash), run, wanted)
            if Stream.TRANSACTION in wanted:
                yield self._event(Stream.TRANSACTION, block_index, transaction)
        for run in own:
            if run.trigger is Trigger.POST_PERSIST:
                yield from self._of_run(block_index, block_hash, run, wanted)
        if Stream.HEADER in wanted:
            yield self._event(Stream.HEADER, block_index, self._chain.header(block_index))
        if Stream.BLOCK in wanted:
            yield self._event(Stream.BLOCK, block_index, block)

    def transactions_of(self, block_index: int) -> list[Printed]:
        """The transactions of a block."""
        return list(self._chain.block(block_index).transactions)

    def _event(self, stream: Stream, block_index: int, printed: Printed) -> Event:
        address_version = self._chain.parameters.address_version
        if stream is Stream.TRANSACTION:
            return Event(stream, block_index, partial(printed.to_json, address_version), self._write)
        return Event(stream, block_index, lambda: without_size(printed.to_json(address_version)), self._write)

    def _of_run(self, block_index: int, container: str, run: Execution, wanted: Collection[Stream]) -> Iterator[Event]:
        if Stream.EXECUTION in wanted:
            yield Event(
                Stream.EXECUTION,
                block_index,
                partial(execution_json, container, run),
                self._write,
                execution=(container, run),
            )
        if Stream.NOTIFICATION in wanted and run.halted:
            for event in run.notifications:
                yield Event(
                    Stream.NOTIFICATION,
                    block_index,
                    partial(notification_json, container, event),
                    self._write,
                    notification=event,
                )
