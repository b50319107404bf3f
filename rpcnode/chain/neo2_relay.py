"""What comes into a chain of Neo 2 from outside."""

from collections.abc import Sequence

from rpcnode.chain.blocks import NewTransaction
from rpcnode.chain.client_scripts import FREE_GAS, neo2_transaction
from rpcnode.chain.coins import Coins
from rpcnode.chain.neo2_pool import Neo2Pool
from rpcnode.chain.older_relay import OlderRelay, SentBlock
from rpcnode.chain.verification.verdict import Verdict
from rpcnode.payloads.neo2.block import Neo2Header
from rpcnode.payloads.neo2.transaction import Neo2Transaction
from rpcnode.payloads.neo2.transaction_data import MinerTransaction
from rpcnode.primitives.steps import Steps


class Neo2Relay(OlderRelay[Neo2Transaction, Neo2Header]):
    """Transactions with inputs and outputs; every other script but those that models stand for is refused."""

    header_gas = FREE_GAS

    def _send(self, transaction: Neo2Transaction) -> Steps[Verdict]:
        if isinstance(transaction.data, MinerTransaction):
            return Verdict.INVALID
        return (yield from super()._send(transaction))

    def _new_pool(self) -> Neo2Pool:
        coins = self._coins
        pool = Neo2Pool(coins, self._ledger.height, self._is_contract)
        for waiting in self._ledger.mempool.declared():
            pool.hold(coins.layout.coin_moves(waiting.transaction.unsigned))
        return pool

    def _read(self, kept: NewTransaction) -> Neo2Transaction:
        return neo2_transaction(self._ledger.layout, kept)

    def _newest_header(self) -> Neo2Header:
        header = self._ledger.header(self._ledger.height)
        assert isinstance(header, Neo2Header)
        return header

    def _timestamp_ms(self, header: Neo2Header) -> int:
        return header.timestamp_s * 1000

    def _consensus_data(self, block: SentBlock[Neo2Transaction, Neo2Header]) -> None:
        return None

    def _can_be_run(self, transactions: Sequence[Neo2Transaction]) -> bool:
        """Whether every coin that is spent is on the chain."""
        return all(reference in self._coins for transaction in transactions for reference in transaction.inputs)

    @property
    def _coins(self) -> Coins:
        coins = self._ledger.coins
        assert coins is not None
        return coins
