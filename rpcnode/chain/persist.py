"""Executes blocks of N3 into the ledger: every script of theirs is run, and what it writes is stored.

Source: neo 3.10.2, Ledger/Blockchain.cs: Persist.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Final

from rpcnode.chain.block_runner import run_block
from rpcnode.chain.blocks import NewBlock, NewTransaction, StoredHeader
from rpcnode.chain.db.contract_rows import NO_LABEL, Label
from rpcnode.chain.db.mark_rows import Mark, MarkKind
from rpcnode.chain.db.storage import BlockStorage
from rpcnode.chain.executed.contracts import changed_contracts, contracts_in, states_of
from rpcnode.chain.executed.ledger_view import ChainView
from rpcnode.chain.executed.logged import logged
from rpcnode.chain.executed.native_contracts import NATIVES
from rpcnode.chain.executed.passing import pass_blocks
from rpcnode.chain.executed.protocol import protocol_settings
from rpcnode.chain.headers import header_nonce
from rpcnode.chain.impersonation import impersonated
from rpcnode.chain.injected import hash_of_id, put_contract, put_rows, take_contract
from rpcnode.chain.ledger import Ledger
from rpcnode.execution.block_run import BlockRun
from rpcnode.execution.contract import Contract
from rpcnode.execution.records import Execution, Notification, Trigger
from rpcnode.execution.snapshot import Snapshot
from rpcnode.payloads.block import Block
from rpcnode.payloads.header import Header
from rpcnode.payloads.merkle import merkle_root
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.steps import Steps, at_once
from rpcnode.primitives.uint import UInt160, UInt256


@dataclass(frozen=True, slots=True)
class Placed:
    """A contract that is put in place with a block, with the rows that it begins with."""

    contract: Contract
    rows: Mapping[bytes, bytes] = field(default_factory=dict)
    label: Label = NO_LABEL


@dataclass(frozen=True, slots=True)
class OwnBlock:
    """A block of a chain that is made here: its transactions, with the events that each shows behind its own.

    Past all scripts, before the first transaction, `placed` stand, `taken` are gone, `rows` (by contract) are written.
    `header` None: its links are worked out on demand.
    """

    index: int
    timestamp_ms: int
    transactions: Sequence[tuple[Transaction, tuple[Notification, ...]]] = ()
    placed: Sequence[Placed] = ()
    taken: Sequence[UInt160] = ()
    rows: Mapping[int, Mapping[bytes, bytes | None]] = field(default_factory=dict)
    labels: Mapping[UInt160, Label] = field(default_factory=dict)
    header: StoredHeader | None = None


_NOTHING: Final[Mapping[tuple[int, bytes], bytes]] = {}
_NO_LABELS: Final[Mapping[tuple[UInt160, int], Label]] = {}


class Persist:
    """Runs blocks of N3 on one ledger: a block that was made elsewhere, or one of our own."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger: Final = ledger
        self._settings: Final = protocol_settings(ledger.parameters)

    def apply(self, block: Block, before: Mapping[tuple[int, bytes], bytes] = _NOTHING) -> tuple[Execution, ...]:
        """Executes a block that was made elsewhere, and stores it, at once."""
        return at_once(self.applying(block, before))

    def applying(
        self, block: Block, before: Mapping[tuple[int, bytes], bytes] = _NOTHING
    ) -> Steps[tuple[Execution, ...]]:
        """Executes a block that was made elsewhere, the next one, and stores it with the last step.

        Raises NativesFailed, BlockRefused.

        Of the first block of a chain that begins above genesis `before` is the storage that it stands on, by contract
        id and key.
        """
        storage = self._ledger.new_storage()
        storage.take(before)
        executions = yield from self.running(block, storage)
        self._ledger.apply_block(self.new_block(block, storage, executions, contracts_in(before)))
        return executions

    def making(self, own: OwnBlock) -> Steps[NewBlock]:
        """A block that is made here, run on what is stored, for the ledger."""
        storage = self._ledger.new_storage()
        return self.new_block(own, storage, (yield from self.running(own, storage)))

    def genesis(self, placed: Sequence[Placed], witness: bytes) -> NewBlock:
        """The first block, as the network's parameters make it."""
        parameters = self._ledger.parameters
        headers = self._ledger.headers
        hashed_part = headers.new_header(0, UInt256.ZERO, UInt256.ZERO, parameters.genesis_time_ms)
        stored = StoredHeader(headers.digest(hashed_part), hashed_part, witness)
        return run_block(self._ledger, self, OwnBlock(0, parameters.genesis_time_ms, placed=placed, header=stored))

    def run(self, block: OwnBlock | Block, storage: BlockStorage) -> tuple[Execution, ...]:
        """Executes the next block, at once."""
        return at_once(self.running(block, storage))

    def running(self, block: OwnBlock | Block, storage: BlockStorage) -> Steps[tuple[Execution, ...]]:
        """Executes the next block: on what is stored, and on the empty blocks behind that. Raises NativesFailed."""
        ran: list[Execution] = []
        if isinstance(block, OwnBlock):
            run, on_persist = self.begun(block, storage)
            for made, events in block.transactions:
                ran.append(_with_events((yield from run.transaction_in_steps(made)), events))
                yield
        else:
            is_first = self._ledger.height < 0
            snapshot = Snapshot(storage) if is_first else self._snapshot_over(storage, block.index - 1)
            view = ChainView(
                self._ledger.store.connection, self._ledger.headers, block.index - 1, block.header.previous_hash
            )
            run = BlockRun(block, snapshot, self._settings, NATIVES, view)
            on_persist = run.own(Trigger.ON_PERSIST)
            for transaction in block.transactions:
                ran.append((yield from run.transaction_in_steps(transaction)))
                yield
        executions = (on_persist, *ran, run.own(Trigger.POST_PERSIST))
        storage.take(run.snapshot.changes())
        return executions

    def new_block(
        self,
        block: OwnBlock | Block,
        storage: BlockStorage,
        executions: tuple[Execution, ...],
        stood: Sequence[UInt160] = (),
    ) -> NewBlock:
        """A block that was run, for the ledger; `stood` are the contracts that stood before the first of all blocks."""
        changed = [*stood, *changed_contracts(executions)]
        if isinstance(block, OwnBlock):
            placed = {each.contract.hash: each.label for each in block.placed}
            transactions = [transaction for transaction, _ in block.transactions]
            return _new_block(
                block.index,
                block.timestamp_ms,
                merkle_root([transaction.hash for transaction in transactions]),
                transactions,
                executions,
                storage,
                [*block.taken, *placed, *changed],
                block.header,
                labels={(script_hash, block.index): label for script_hash, label in {**block.labels, **placed}.items()},
                marks=list(dict.fromkeys(self._marks(block, executions[1:-1], storage))),
            )
        header = block.header
        stored = StoredHeader(header.hash, header.serialize_unsigned(), header.witness.serialize())
        return _new_block(
            block.index,
            header.timestamp_ms,
            header.merkle_root,
            block.transactions,
            executions,
            storage,
            changed,
            stored,
        )

    def begun(self, own: OwnBlock, storage: BlockStorage | None = None) -> tuple[BlockRun, Execution]:
        """A block that is made here as it is before its first transaction, and what natives did at its beginning.

        `storage` is what is stored; nothing is written to it.
        """
        snapshot = self._snapshot_over(self._ledger.new_storage() if storage is None else storage, own.index - 1)
        transactions = tuple(transaction for transaction, _ in own.transactions)
        run = self.run_on(snapshot, own.index, own.timestamp_ms, transactions)
        on_persist = run.own(Trigger.ON_PERSIST)
        for script_hash in own.taken:
            take_contract(snapshot, script_hash)
        for placed in own.placed:
            put_contract(snapshot, placed.contract)
            put_rows(snapshot, placed.contract.id, placed.rows)
        for contract_id, rows in own.rows.items():
            put_rows(snapshot, contract_id, rows)
        return run, on_persist

    def snapshot(self, block_index: int) -> Snapshot:
        """A layer over storage as it is after a block: the newest that is stored, or an empty one behind it."""
        return self._snapshot_over(self._ledger.new_storage(), block_index)

    def _snapshot_over(self, storage: BlockStorage, block_index: int) -> Snapshot:
        snapshot = Snapshot(storage)
        pass_blocks(self._ledger.store.connection, snapshot, self._settings, block_index, self._ledger.timestamp_ms)
        return snapshot

    def run_on(
        self, snapshot: Snapshot, block_index: int, timestamp_ms: int, transactions: tuple[Transaction, ...] = ()
    ) -> BlockRun:
        """A run of a block that is made here. Its header names no block before it and no root: no script sees them."""
        header = Header(
            previous_hash=UInt256.ZERO,
            merkle_root=UInt256.ZERO,
            timestamp_ms=timestamp_ms,
            nonce=header_nonce(block_index),
            index=block_index,
            primary_index=0,
            next_consensus=self._ledger.validators,
        )
        block = Block(header, transactions)
        return BlockRun(block, snapshot, self._settings, NATIVES, self._view(block_index - 1))

    def _view(self, block_index: int) -> ChainView:
        return ChainView(self._ledger.store.connection, self._ledger.headers, block_index)

    def _marks(self, own: OwnBlock, executions: Sequence[Execution], storage: BlockStorage) -> Iterator[Mark]:
        """What of a block is not as on a real node; the executions are its transactions', the storage is after it."""
        for placed in own.placed:
            yield Mark(MarkKind.PLACED, placed.contract.hash)
            if placed.rows:
                yield Mark(MarkKind.STORAGE, placed.contract.hash)
        for script_hash in own.taken:
            yield Mark(MarkKind.TAKEN, script_hash)
        for contract_id, rows in own.rows.items():
            written_to = hash_of_id(storage, contract_id)
            if rows and written_to is not None:
                yield Mark(MarkKind.STORAGE, written_to)
        passed = impersonated(self._ledger.store)
        unsigned: dict[UInt160, None] = {}  # who signs what has no witnesses
        for (transaction, events), execution in zip(own.transactions, executions, strict=True):
            for event in events if execution.halted else ():
                yield Mark(MarkKind.EVENT, event.contract)
            for signer in transaction.signers:
                if not transaction.witnesses:
                    unsigned[signer.account] = None
                elif signer.account in passed:
                    yield Mark(MarkKind.SIGNER, signer.account)
        for account in unsigned:
            if not self._ledger.keyring.can_sign(account):
                yield Mark(MarkKind.SIGNER, account)


def _new_block(
    index: int,
    timestamp_ms: int,
    root: UInt256,
    transactions: Sequence[Transaction],
    executions: tuple[Execution, ...],
    storage: BlockStorage,
    changed: Sequence[UInt160],
    header: StoredHeader | None,
    labels: Mapping[tuple[UInt160, int], Label] = _NO_LABELS,
    marks: Sequence[Mark] = (),
) -> NewBlock:
    ended = list(dict.fromkeys(changed))
    is_own = header is None or header.witness is None
    return NewBlock(
        index=index,
        timestamp_ms=timestamp_ms,
        merkle_root=root,
        transactions=[new_transaction(transaction, is_own=is_own) for transaction in transactions],
        executions=tuple(map(logged, executions)),
        storage=storage,
        header=header,
        contracts=states_of(ended, storage, index),
        labels=labels,
        ended=ended,
        marks=marks,
    )


def new_transaction(transaction: Transaction, *, is_own: bool = False) -> NewTransaction:
    """A transaction as the ledger stores it, without its witnesses where they are made on demand."""
    unsigned = transaction.serialize_unsigned()
    witnesses = None if is_own and not transaction.witnesses else transaction.serialize()[len(unsigned) :]
    return NewTransaction(transaction.hash, unsigned, witnesses)


def _with_events(execution: Execution, events: tuple[Notification, ...]) -> Execution:
    """The execution with declared events behind its own, if it halted."""
    if not events or not execution.halted:
        return execution
    return execution._replace(notifications=(*execution.notifications, *events))
