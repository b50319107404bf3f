"""Takes in what clients of the older profiles send: verified transactions, which wait or are mined at once, and blocks.

What a script of theirs would have to say is refused in words: ScriptNeeded, and nothing has changed then.
Source: neo 2.12.0 and 3.0.0-preview2, Neo: Ledger/Blockchain.OnNewTransaction, OnNewBlock; Ledger/MemoryPool.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Final, Generic, Protocol, TypeVar

from rpcnode.chain.blocks import NewBlock, NewTransaction, StoredHeader
from rpcnode.chain.client_block import client_runs, run_clients
from rpcnode.chain.client_scripts import SCRIPTS, TURNS
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.mempool import WaitingTransaction
from rpcnode.chain.miner import Miner
from rpcnode.chain.verification.older_witnesses import agrees
from rpcnode.chain.verification.verdict import Verdict
from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.snapshot import Snapshot
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.errors import NodeError, ScriptNeeded
from rpcnode.primitives.steps import Steps, at_once
from rpcnode.primitives.uint import UInt160, UInt256


class SentTransaction(Protocol):
    """A transaction with its witnesses."""

    @property
    def hash(self) -> UInt256: ...
    def serialize(self) -> bytes: ...
    def serialize_unsigned(self) -> bytes: ...


class SentHeader(Protocol):
    """A header that somebody has signed."""

    @property
    def hash(self) -> UInt256: ...
    @property
    def index(self) -> int: ...
    @property
    def previous_hash(self) -> UInt256: ...
    @property
    def merkle_root(self) -> UInt256: ...
    @property
    def next_consensus(self) -> UInt160: ...
    @property
    def witness(self) -> Witness: ...
    def serialize_unsigned(self) -> bytes: ...
    def sign_data(self) -> bytes: ...


T = TypeVar("T", bound=SentTransaction)
H = TypeVar("H", bound=SentHeader)


Taken_contra = TypeVar("Taken_contra", contravariant=True)
Within_co = TypeVar("Within_co", covariant=True)
Above_co = TypeVar("Above_co", covariant=True)


class Pool(Protocol[Taken_contra]):
    """The transactions that wait, as far as it matters to one more."""

    def admit(self, transaction: Taken_contra, *, is_signed: bool = False) -> Verdict: ...


class SentBlock(Protocol[Within_co, Above_co]):
    """A block as it came."""

    @property
    def header(self) -> Above_co: ...
    @property
    def transactions(self) -> Sequence[Within_co]: ...


class OlderRelay(ABC, Generic[T, H]):
    """What comes into one chain of an older profile from outside.

    After each block those that wait are verified again, and those that do not hold any more are given up.
    """

    header_gas: int
    """What the witness of a header may cost, in datoshi."""

    def __init__(self, ledger: Ledger, miner: Miner) -> None:
        self._ledger: Final = ledger
        self._miner: Final = miner
        self._pool: Pool[T] | None = None
        self._pool_of: tuple[int, int] = (-1, -1)
        turn_of = TURNS[ledger.profile]
        ledger.mempool.follow(self._verify_again, lambda kept: turn_of(ledger.layout, kept))

    @abstractmethod
    def _new_pool(self) -> Pool[T]:
        """The pool in the newest state, with what is declared and waits."""

    @abstractmethod
    def _read(self, kept: NewTransaction) -> T:
        """A client's transaction that waits."""

    @abstractmethod
    def _newest_header(self) -> H:
        """The header of the newest block."""

    @abstractmethod
    def _timestamp_ms(self, header: H) -> int:
        """The time of a header."""

    @abstractmethod
    def _consensus_data(self, block: SentBlock[T, H]) -> bytes | None:
        """What a block has beside its header and its transactions."""

    def _proposer(self, block: SentBlock[T, H]) -> int:
        """The number of the validator who made a block."""
        return 0

    @abstractmethod
    def _can_be_run(self, transactions: Sequence[T]) -> bool:
        """Whether the transactions of a block that others have made move what is there to be moved."""

    def send(self, transaction: T) -> Verdict:
        """Verifies a transaction and takes it in, at once. Raises ScriptNeeded."""
        return at_once(self.sending(transaction))

    def sending(self, transaction: T) -> Steps[Verdict]:
        """Verifies a transaction and takes it in; a block holds it as the mining mode has it. Raises ScriptNeeded."""
        return self._miner.writers.steps(self._send(transaction))

    def _send(self, transaction: T) -> Steps[Verdict]:
        ledger, mempool = self._ledger, self._ledger.mempool
        if mempool.get(transaction.hash) is not None or ledger.transaction(transaction.hash) is not None:
            return Verdict.ALREADY_EXISTS
        verified = self._verified()
        self._pool = None
        verdict = verified.admit(transaction)
        if verdict is not Verdict.SUCCEED:
            return verdict
        waiting = WaitingTransaction(_kept(transaction), None)
        script = SCRIPTS[ledger.profile](ledger.layout, waiting.transaction)
        if script is not None:
            client_runs(ledger, self._standing).check(script.script)
        is_instant = self._miner.is_instant
        most = ledger.parameters.memory_pool_max_transactions
        given_up = mempool.take_in(waiting, most, waits=not is_instant)
        if given_up is waiting:
            return Verdict.OUT_OF_MEMORY
        if is_instant:
            yield from self._miner.mine_with(waiting)
        elif given_up is None:
            self._pool, self._pool_of = verified, self._pool_is_of
        self._miner.forget_ahead()
        return Verdict.SUCCEED

    def submit(self, block: SentBlock[T, H]) -> Verdict:
        """Verifies the header of a block and, if it is the next one, applies it, at once. Raises ScriptNeeded."""
        return at_once(self.submitting(block))

    def submitting(self, block: SentBlock[T, H]) -> Steps[Verdict]:
        """Verifies the header of a block and, if it is the next one, applies it. Its transactions are believed.

        Raises ScriptNeeded for a block with a script that is not run.
        """
        return self._miner.writers.steps(self._submit(block))

    def _submit(self, block: SentBlock[T, H]) -> Steps[Verdict]:
        yield from ()
        ledger, header = self._ledger, block.header
        if header.index <= ledger.height:
            return Verdict.ALREADY_EXISTS
        if header.index > ledger.height + 1:
            return Verdict.UNABLE_TO_VERIFY
        known = any(ledger.transaction(transaction.hash) is not None for transaction in block.transactions)
        if known or not self._follows(header) or not self._can_be_run(block.transactions):
            return Verdict.INVALID
        made = self._made(block)
        try:
            ledger.clock.check_end(made.timestamp_ms)
            ledger.apply_block(made)
        except NodeError:
            return Verdict.INVALID
        self._miner.forget_ahead()
        return Verdict.SUCCEED

    def _made(self, block: SentBlock[T, H]) -> NewBlock:
        ledger, header = self._ledger, block.header
        transactions = [_kept(transaction) for transaction in block.transactions]
        storage = ledger.new_storage()
        snapshot = Snapshot(storage)
        runs = client_runs(ledger, self._standing)
        for kept in transactions:
            script = SCRIPTS[ledger.profile](ledger.layout, kept)
            if script is not None:
                runs.check(script.script)
        executions = run_clients(ledger, snapshot, self._standing, transactions, self._proposer(block))
        storage.take(snapshot.changes())
        return NewBlock(
            index=header.index,
            timestamp_ms=self._timestamp_ms(header),
            merkle_root=header.merkle_root,
            transactions=transactions,
            executions=tuple(executions),
            storage=storage,
            header=StoredHeader(
                header.hash, header.serialize_unsigned(), header.witness.serialize(), self._consensus_data(block)
            ),
        )

    def _follows(self, header: H) -> bool:
        """Whether a header follows the newest block, and those whom that one names have signed it."""
        ledger = self._ledger
        if ledger.header_height > ledger.height:
            return ledger.block_hash(header.index) == header.hash
        if header.previous_hash != ledger.block_hash(ledger.height):
            return False
        if self._timestamp_ms(header) <= ledger.timestamp_ms(ledger.height):
            return False
        try:
            signed = agrees(
                ledger.profile,
                header.witness,
                self._newest_header().next_consensus,
                header.sign_data(),
                self._is_contract,
                self.header_gas,
            )
        except ScriptNeeded:
            return False  # the account of validators is one of several keys
        return signed is not None

    def _standing(self, script_hash: UInt160) -> ContractState | None:
        return self._ledger.state().contract(script_hash)

    def _is_contract(self, account: UInt160) -> bool:
        return self._standing(account) is not None

    def _verified(self) -> Pool[T]:
        """Those that wait, as they hold together in the newest state."""
        if self._pool is None or self._pool_of != self._pool_is_of:
            self._pool = self._verify_all()
            self._pool_of = self._pool_is_of
        return self._pool

    @property
    def _pool_is_of(self) -> tuple[int, int]:
        return self._ledger.height, self._ledger.mempool.changes

    def _verify_again(self) -> None:
        """The chain stands elsewhere, or its pool is another."""
        self._pool = None
        self._verified()

    def _verify_all(self) -> Pool[T]:
        mempool = self._ledger.mempool
        pool = self._new_pool()
        gone = []
        for waiting in mempool.by_turn(mempool.of_clients()):
            try:
                holds = pool.admit(self._read(waiting.transaction), is_signed=True) is Verdict.SUCCEED
            except ScriptNeeded:
                holds = False
            if not holds:
                gone.append(waiting.hash)
        mempool.drop(gone)
        return pool


def _kept(transaction: SentTransaction) -> NewTransaction:
    unsigned = transaction.serialize_unsigned()
    return NewTransaction(transaction.hash, unsigned, transaction.serialize()[len(unsigned) :])
