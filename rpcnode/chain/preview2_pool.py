"""Whether a transaction of preview2 may go into the next block.

Source: neo 3.0.0-preview2, Neo: Network/P2P/Payloads/Transaction.Verify, VerifyForEachBlock; Ledger:
SendersFeeMonitor.
"""

from collections.abc import Callable
from typing import Final

from rpcnode.chain.verification.older_witnesses import IsContract, agrees
from rpcnode.chain.verification.verdict import Verdict
from rpcnode.payloads.preview2.transaction import MAX_VALID_UNTIL_BLOCK_INCREMENT, Preview2Transaction
from rpcnode.primitives.uint import UInt160

MAX_TRANSACTION_SIZE: Final = 102_400


class Preview2Pool:
    """The fees that senders owe for transactions that wait, and whether one more can go with them."""

    def __init__(
        self, height: int, fee_per_byte: int, gas_of: Callable[[UInt160], int], is_contract: IsContract
    ) -> None:
        """`fee_per_byte` in datoshi, and so `gas_of`: an account's GAS in the newest state."""
        self._height: Final = height
        self._fee_per_byte: Final = fee_per_byte
        self._gas_of: Final = gas_of
        self._is_contract: Final = is_contract
        self._owed: Final[dict[UInt160, int]] = {}

    def admit(self, transaction: Preview2Transaction, *, is_signed: bool = False) -> Verdict:
        """Whether a transaction holds beside those that wait; it waits too then. `is_signed`: witnesses held before.

        Raises ScriptNeeded where a script would have to say.
        """
        last = transaction.valid_until_block
        if not self._height < last <= self._height + MAX_VALID_UNTIL_BLOCK_INCREMENT:
            return Verdict.EXPIRED
        fees = transaction.system_fee_datoshi + transaction.network_fee_datoshi
        owed = fees + self._owed.get(transaction.sender, 0)
        if self._gas_of(transaction.sender) < owed:
            return Verdict.INSUFFICIENT_FUNDS
        accounts = transaction.accounts_to_sign
        if len(accounts) != len(transaction.witnesses) or transaction.size > MAX_TRANSACTION_SIZE:
            return Verdict.INVALID
        left = transaction.network_fee_datoshi - transaction.size * self._fee_per_byte
        if left < 0:
            return Verdict.INSUFFICIENT_FUNDS
        message = transaction.sign_data()
        for account, witness in () if is_signed else zip(accounts, transaction.witnesses, strict=True):
            # Each witness may cost all that is left of the fee for size, as on the node.
            if agrees("n3-preview", witness, account, message, self._is_contract, left) is None:
                return Verdict.INVALID
        self._owed[transaction.sender] = owed
        return Verdict.SUCCEED
