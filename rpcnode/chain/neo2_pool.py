"""Whether a transaction of Neo 2 may go into the next block: its coins, its sums, its witnesses.

Source: neo 2.12.0, Neo: Network/P2P/Payloads/Transaction.Verify and those of its kinds; Persistence/Snapshot:
IsDoubleSpend, CalculateBonus.
"""

from collections.abc import Iterable
from typing import Final

from rpcnode.chain.client_scripts import FREE_GAS
from rpcnode.chain.coin_earnings import earned
from rpcnode.chain.coins import Coin, Coins
from rpcnode.chain.format.layout import CoinMoves
from rpcnode.chain.verification.older_witnesses import IsContract, agrees
from rpcnode.chain.verification.verdict import Verdict
from rpcnode.payloads.neo2.attribute import ECDH02, ECDH03
from rpcnode.payloads.neo2.coins import GAS_ASSET, NEO_ASSET, ONE, CoinReference
from rpcnode.payloads.neo2.transaction import Neo2Transaction
from rpcnode.payloads.neo2.transaction_data import (
    Claim,
    Enrollment,
    InvocationTransaction,
    MinerTransaction,
    Publish,
    Register,
    StateTransaction,
)
from rpcnode.primitives.errors import ScriptNeeded
from rpcnode.primitives.uint import UInt160, UInt256

MAX_TRANSACTION_SIZE: Final = 102_400

_UNIT: Final = {NEO_ASSET: ONE, GAS_ASSET: 1}
"""The smallest part of each asset there is, in units of 10^-8; no others can be registered any more."""

_OF_THE_PAST: Final = (Enrollment, Publish, Register)
_MINT_GAS: Final = (Claim, MinerTransaction)


class Neo2Pool:
    """The coins that transactions have taken which wait, and whether one more can go with them."""

    def __init__(self, coins: Coins, height: int, is_contract: IsContract) -> None:
        self._coins: Final = coins
        self._height: Final = height
        self._is_contract: Final = is_contract
        self._spent: Final[set[CoinReference]] = set()
        self._claimed: Final[set[CoinReference]] = set()

    def hold(self, moves: CoinMoves) -> None:
        """A transaction waits."""
        self._spent.update(moves.inputs)
        self._claimed.update(moves.claims)

    def admit(self, transaction: Neo2Transaction, *, is_signed: bool = False) -> Verdict:
        """Whether a transaction holds beside those that wait; it waits too then. `is_signed`: witnesses held before.

        Raises ScriptNeeded where a script would have to say.
        """
        if not self._holds(transaction, is_signed):
            return Verdict.INVALID
        self._spent.update(transaction.inputs)
        self._claimed.update(_claims_of(transaction))
        return Verdict.SUCCEED

    def _holds(self, transaction: Neo2Transaction, is_signed: bool) -> bool:
        if isinstance(transaction.data, _OF_THE_PAST) or transaction.size > MAX_TRANSACTION_SIZE:
            return False
        if isinstance(transaction.data, InvocationTransaction) and transaction.data.gas % ONE:
            return False
        if not self._can_spend(transaction.inputs):
            return False
        if any(output.value % _UNIT.get(output.asset, output.value + 1) for output in transaction.outputs):
            return False
        left = self._left(transaction)
        if not _sums_hold(transaction, left):
            return False
        if sum(attribute.usage in (ECDH02, ECDH03) for attribute in transaction.attributes) > 1:
            return False
        if isinstance(transaction.data, StateTransaction):
            raise ScriptNeeded("votes and those who stand for validator are not kept in this profile")
        claims = _claims_of(transaction)
        claimed = self._claimed_coins(claims)
        if claimed is None or not (is_signed or self._accounts_agree(transaction, claimed)):
            return False
        return not isinstance(transaction.data, Claim) or self._pays(claims, claimed, left.get(GAS_ASSET, 0))

    def _can_spend(self, inputs: tuple[CoinReference, ...]) -> bool:
        """Whether each is named once, is on the chain, and is spent by nobody, those that wait included."""
        if len(set(inputs)) < len(inputs) or not self._spent.isdisjoint(inputs):
            return False
        return all(self._coins.unspent(reference, self._height) is not None for reference in inputs)

    def _left(self, transaction: Neo2Transaction) -> dict[UInt256, int]:
        """What comes in and does not go out, by asset, in units of 10^-8."""
        left: dict[UInt256, int] = {}
        for reference in transaction.inputs:
            coin = self._coins[reference]
            left[coin.asset] = left.get(coin.asset, 0) + coin.value
        for output in transaction.outputs:
            left[output.asset] = left.get(output.asset, 0) - output.value
        return left

    def _claimed_coins(self, claims: Iterable[CoinReference]) -> list[Coin] | None:
        """The coins that are claimed, spent or not; None where one does not exist."""
        found = [self._coins.coin(reference) for reference in claims]
        known = [coin for coin in found if coin is not None and coin.block_index <= self._height]
        return known if len(known) == len(found) else None

    def _accounts_agree(self, transaction: Neo2Transaction, claimed: Iterable[Coin]) -> bool:
        """Whether all that have to sign have, each with its own witness; a claim's coins' owners are among them."""
        unsigned = transaction.with_spent(self._coins)
        owners = {*unsigned.accounts_to_sign(), *(coin.account for coin in claimed)}
        accounts: list[UInt160] = sorted(owners, key=lambda account: account.numeric_key)
        if len(accounts) != len(transaction.witnesses):
            return False
        message = transaction.sign_data()
        return all(
            agrees("n2", witness, account, message, self._is_contract, FREE_GAS) is not None
            for account, witness in zip(accounts, transaction.witnesses, strict=True)
        )

    def _pays(self, claims: tuple[CoinReference, ...], claimed: Iterable[Coin], left: int) -> bool:
        """Whether a claim takes exactly what spent NEO has earned that nobody has claimed."""
        if len(set(claims)) < len(claims) or not self._claimed.isdisjoint(claims) or left >= 0:
            return False
        total = 0
        for coin in claimed:
            is_spent = coin.spent_at is not None and coin.spent_at <= self._height
            is_claimed = coin.claimed_at is not None and coin.claimed_at <= self._height
            if coin.asset != NEO_ASSET or not is_spent or is_claimed:
                return False
            total += sum(earned(self._coins, coin, coin.spent_at or 0))
        return total == -left


def _sums_hold(transaction: Neo2Transaction, left: dict[UInt256, int]) -> bool:
    """Whether no asset but GAS is destroyed, the system fee is paid, and nothing comes out of nothing."""
    destroyed = {asset: amount for asset, amount in left.items() if amount > 0}
    if destroyed.keys() - {GAS_ASSET}:
        return False
    if transaction.system_fee > 0 and destroyed.get(GAS_ASSET, 0) < transaction.system_fee:
        return False
    made = {asset for asset, amount in left.items() if amount < 0}
    if isinstance(transaction.data, _MINT_GAS):
        return made <= {GAS_ASSET}
    # All NEO was issued in the first block, so that an issue has nothing to give.
    return not made


def _claims_of(transaction: Neo2Transaction) -> tuple[CoinReference, ...]:
    return transaction.data.claims if isinstance(transaction.data, Claim) else ()
