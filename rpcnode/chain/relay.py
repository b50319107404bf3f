"""Takes in what clients send: verified transactions, which wait or are mined at once, and whole blocks.

Source: neo 3.10.2, Ledger/Blockchain.cs: OnNewTransaction, OnNewBlock; Ledger/MemoryPool.cs.
"""

from typing import TYPE_CHECKING, Final

from rpcnode.chain.blocks import NewTransaction
from rpcnode.chain.impersonation import impersonated
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.mempool import Turn, WaitingTransaction
from rpcnode.chain.miner import Miner
from rpcnode.chain.verification.verdict import Verdict
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.steps import Steps, at_once
from rpcnode.primitives.uint import UInt256

if TYPE_CHECKING:
    from rpcnode.chain.verification.network_fee import ScriptOf
    from rpcnode.chain.verification.pool import VerifiedPool
    from rpcnode.execution.test_invocation import ExecutionState
    from rpcnode.payloads.block import Block
    from rpcnode.payloads.transaction import Transaction

_MOST_SEARCHED: Final = 100_000  # transactions of which it is known that no block names them


class Relay:
    """What comes into one chain of N3 from outside.

    After each block those that wait are verified again, and those that do not hold any more are given up. While the
    node stands below its headers they wait unverified, as on the C# node.
    """

    def __init__(self, ledger: Ledger, miner: Miner) -> None:
        self._ledger: Final = ledger
        self._miner: Final = miner
        self._pool: VerifiedPool | None = None
        self._pool_of: tuple[object, ...] = ()
        self._unnamed: Final[dict[UInt256, tuple[int, UInt256 | None]]] = {}
        miner.writers.behind = self._verify_waiting
        ledger.mempool.follow(self._verify_again, _turn_of)

    def send(self, transaction: "Transaction") -> Verdict:
        """Verifies a transaction and takes it in, at once."""
        return at_once(self.sending(transaction))

    def sending(self, transaction: "Transaction") -> Steps[Verdict]:
        """Verifies a transaction and takes it in; a block holds it as the mining mode has it."""
        return self._miner.writers.steps(self._send(transaction))

    def _send(self, transaction: "Transaction") -> Steps[Verdict]:
        from rpcnode.chain.verification.transactions import verify_by_itself

        ledger, pool = self._ledger, self._ledger.mempool
        if pool.get(transaction.hash) is not None:
            return Verdict.ALREADY_IN_POOL
        if ledger.transaction(transaction.hash) is not None:
            return Verdict.ALREADY_EXISTS
        state = ledger.execution_at()
        if self._is_named(transaction, state):
            return Verdict.HAS_CONFLICTS
        verdict = yield from verify_by_itself(transaction, ledger.parameters.magic, impersonated(ledger.store))
        if verdict is not Verdict.SUCCEED:
            return verdict
        verified = yield from self._verified(state)
        admission = yield from verified.admit(transaction)
        if admission.verdict is not Verdict.SUCCEED:
            return admission.verdict
        self._pool = None
        unsigned = transaction.serialize_unsigned()
        waiting = WaitingTransaction(
            NewTransaction(transaction.hash, unsigned, transaction.serialize()[len(unsigned) :]), None
        )
        is_instant = self._miner.is_instant
        most, replaced = ledger.parameters.memory_pool_max_transactions, (each.hash for each in admission.replaced)
        given_up = pool.take_in(waiting, most, replaced, waits=not is_instant)
        if given_up is waiting:
            return Verdict.OUT_OF_MEMORY
        if is_instant:
            yield from self._miner.mine_with(waiting)
        elif given_up is None:
            self._pool, self._pool_of = verified, self._pool_is_of
        return Verdict.SUCCEED

    def network_fee(self, transaction: "Transaction", scripts: "ScriptOf" = lambda _: None) -> Steps[int]:
        """The network fee that a transaction has to pay, in datoshi, at the end of steps. Raises LeakedException.

        `scripts` knows the verification scripts of some accounts.
        """
        from rpcnode.chain.verification.network_fee import network_fee

        return network_fee(transaction, self._ledger.execution_at(), impersonated(self._ledger.store), scripts)

    def submit(self, block: "Block") -> Verdict:
        """Verifies the header of a block and, if it is the next one, executes it, at once."""
        return at_once(self.submitting(block))

    def submitting(self, block: "Block") -> Steps[Verdict]:
        """Verifies the header of a block and, if it is the next one, executes it. Its transactions are believed."""
        return self._miner.writers.steps(self._submit(block))

    def _submit(self, block: "Block") -> Steps[Verdict]:
        from rpcnode.chain.persist import Persist
        from rpcnode.execution.block_run import NativesFailed

        ledger = self._ledger
        if block.index <= ledger.height:
            return Verdict.ALREADY_EXISTS
        if block.index > ledger.height + 1:
            # The C# node keeps it, but never takes it up: what it looks for behind a block is that block's own index.
            return Verdict.UNABLE_TO_VERIFY
        if not (yield from self._follows(block)):
            return Verdict.INVALID
        if any(ledger.transaction(transaction.hash) is not None for transaction in block.transactions):
            return Verdict.INVALID
        try:
            ledger.clock.check_end(block.header.timestamp_ms)
            yield from Persist(ledger).applying(block)
        except (NativesFailed, NodeError):
            return Verdict.INVALID
        return Verdict.SUCCEED

    def _follows(self, block: "Block") -> Steps[bool]:
        from rpcnode.chain.verification.headers import header_follows

        ledger = self._ledger
        if ledger.header_height > ledger.height:
            return ledger.block_hash(block.index) == block.hash
        return (yield from header_follows(block.header, ledger.execution_at()))

    def _is_named(self, transaction: "Transaction", state: "ExecutionState") -> bool:
        """Whether a transaction on the chain of one of its signers names it as a conflict."""
        from rpcnode.chain.chain_ledger import ChainLedger
        from rpcnode.chain.verification.pool import is_named_on_chain
        from rpcnode.natives.policy_values import max_traceable_blocks

        # Of a transaction that waits only the blocks are searched that came since.
        ledger = self._ledger
        searched, block_hash = self._unnamed.get(transaction.hash, (-1, None))
        if searched > ledger.height or (searched >= 0 and ledger.block_hash(searched) != block_hash):
            searched = -1
        naming = ChainLedger(ledger).conflicts(transaction.hash, searched)
        if not naming:
            if len(self._unnamed) > _MOST_SEARCHED:
                self._unnamed.clear()
            self._unnamed[transaction.hash] = ledger.height, ledger.block_hash(ledger.height)
            return False
        oldest = ledger.height - max_traceable_blocks(state.storage, state.settings) + 1
        return is_named_on_chain(transaction, naming.items(), oldest)

    def _verified(self, state: "ExecutionState") -> "Steps[VerifiedPool]":
        """Those that wait, as they hold together in the newest state."""
        if self._pool is None or self._pool_of != self._pool_is_of:
            self._pool = yield from self._verify_all(state)
            self._pool_of = self._pool_is_of
        return self._pool

    @property
    def _pool_is_of(self) -> tuple[object, ...]:
        """What those that wait were verified with: where it is another, they are verified again."""
        return self._ledger.mempool.changes, impersonated(self._ledger.store)

    def _verify_again(self) -> None:
        """The chain stands elsewhere, or its pool is another: whoever writes sees to those that wait, in steps."""
        pool = self._ledger.mempool
        self._pool = None
        pool.unverified = {waiting.hash for waiting in pool.of_clients()}
        if not self._miner.writers.is_busy:
            at_once(self._verify_waiting())

    def _verify_waiting(self) -> Steps[None]:
        ledger = self._ledger
        if ledger.mempool.unverified and ledger.is_executed and ledger.header_height == ledger.height:
            yield from self._verified(ledger.execution_at())

    def _verify_all(self, state: "ExecutionState") -> "Steps[VerifiedPool]":
        from rpcnode.chain.client_transactions import client_transaction
        from rpcnode.chain.verification.pool import VerifiedPool
        from rpcnode.payloads.transaction import Transaction

        pool = self._ledger.mempool
        is_behind = self._ledger.header_height > self._ledger.height
        verified = VerifiedPool(state, impersonated(self._ledger.store))
        for waiting in pool.declared():
            verified.fees.add(Transaction.parse_unsigned(waiting.transaction.unsigned))
        gone = []
        for waiting in pool.by_turn(pool.of_clients()):
            if is_behind and waiting.hash in pool.unverified:
                continue
            transaction = client_transaction(waiting.transaction)
            admission = None if self._is_named(transaction, state) else (yield from verified.admit(transaction))
            yield
            if admission is None or admission.verdict is not Verdict.SUCCEED:
                gone.append(waiting.hash)
            else:
                gone += [replaced.hash for replaced in admission.replaced]
        pool.drop(gone)
        if not is_behind:
            pool.unverified = set()
        return verified


def _turn_of(kept: NewTransaction) -> Turn:
    from rpcnode.chain.client_transactions import turn_of

    return turn_of(kept)
