"""What comes into a chain of preview2 from outside."""

from collections.abc import Sequence

from rpcnode.chain.blocks import NewTransaction
from rpcnode.chain.client_scripts import preview2_transaction
from rpcnode.chain.older_relay import OlderRelay, SentBlock
from rpcnode.chain.preview2_pool import Preview2Pool
from rpcnode.models.preview_moves import GAS, fee_per_byte
from rpcnode.payloads.preview2.block import Preview2Block, Preview2Header
from rpcnode.payloads.preview2.transaction import Preview2Transaction
from rpcnode.primitives.uint import UInt160


class Preview2Relay(OlderRelay[Preview2Transaction, Preview2Header]):
    """Transactions whose senders can pay; a script that models do not stand for is refused."""

    header_gas = 100_000_000

    def _new_pool(self) -> Preview2Pool:
        ledger = self._ledger
        return Preview2Pool(ledger.height, fee_per_byte(ledger.new_storage()), self._gas_of, self._is_contract)

    def _read(self, kept: NewTransaction) -> Preview2Transaction:
        return preview2_transaction(self._ledger.layout, kept)

    def _newest_header(self) -> Preview2Header:
        header = self._ledger.header(self._ledger.height)
        assert isinstance(header, Preview2Header)
        return header

    def _timestamp_ms(self, header: Preview2Header) -> int:
        return header.timestamp_ms

    def _consensus_data(self, block: SentBlock[Preview2Transaction, Preview2Header]) -> bytes:
        assert isinstance(block, Preview2Block)
        return block.consensus_data.serialize()

    def _proposer(self, block: SentBlock[Preview2Transaction, Preview2Header]) -> int:
        assert isinstance(block, Preview2Block)
        return block.consensus_data.primary_index

    def _can_be_run(self, transactions: Sequence[Preview2Transaction]) -> bool:
        """Whether every sender can pay for all of its transactions."""
        owed: dict[UInt160, int] = {}
        for transaction in transactions:
            fees = transaction.system_fee_datoshi + transaction.network_fee_datoshi
            owed[transaction.sender] = owed.get(transaction.sender, 0) + fees
        return all(self._gas_of(sender) >= fees for sender, fees in owed.items())

    def _gas_of(self, account: UInt160) -> int:
        """An account's GAS after the newest block, in datoshi."""
        answer = self._ledger.state().call(GAS, "balanceOf", (bytes(account),))
        balance = answer.stack[0] if answer.halted else 0
        assert isinstance(balance, int)
        return balance
