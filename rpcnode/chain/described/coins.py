"""Declared movements of NEO and GAS on Neo 2: the inputs and outputs that make them.

A fixture moves coins in the same words as tokens. Of one transaction what counts is what each account gains and loses
in the end: who loses spends coins, the oldest first, and has the change. NEO that is minted comes from the validators,
who have all of it in the first block, and NEO that is burned goes back to them. GAS has no such place: where it is
minted the transaction is an issue, as NEO's own was in the first block, and what is burned is a network fee.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from rpcnode.chain.coins import Coins
from rpcnode.chain.declaration import DeclaredTransfer
from rpcnode.chain.format.layout import CoinMoves, CoinTransfer
from rpcnode.payloads.neo2.coins import GAS_ASSET, NEO_ASSET, ONE, CoinReference, TransactionOutput
from rpcnode.primitives.uint import UInt160, UInt256

COINS: Final = {"NEO": NEO_ASSET, "GAS": GAS_ASSET}
_UNIT: Final = {NEO_ASSET: ONE, GAS_ASSET: 1}
"""In units of 10^-8: amounts of a fixture are in the smallest unit, and NEO has no parts."""


class NotEnough(ValueError):
    """An account has less than a movement takes; `account` is whose, the message what it has."""

    def __init__(self, account: UInt160, has: int) -> None:
        super().__init__(f"has {has}")
        self.account = account


class Purse:
    """What accounts can spend while a block is being made: the chain's coins, and what the block did until now."""

    def __init__(self, coins: Coins, height: int) -> None:
        self.layout = coins.layout
        self._coins = coins
        self._height = height
        self._spent: set[CoinReference] = set()
        self._made: dict[CoinReference, TransactionOutput] = {}

    def add(self, moves: CoinMoves) -> None:
        """Takes note of a transaction of the block."""
        self._spent.update(moves.inputs)
        for position, output in enumerate(moves.outputs):
            self._made[CoinReference(moves.transaction_hash, position)] = output

    def spare(self, moves: CoinMoves) -> None:
        """Takes note of a transaction that comes behind those of the block that are declared."""
        self._spent.update(moves.inputs)

    def transfer(self, transfers: Sequence[DeclaredTransfer], validators: UInt160) -> CoinTransfer:
        """The coins that make these movements. Raises NotEnough."""
        inputs: list[CoinReference] = []
        outputs: list[TransactionOutput] = []
        is_issue = any(each.asset == "GAS" and each.sender is None for each in transfers)
        for name, asset in COINS.items():
            gains = _gains((each for each in transfers if each.asset == name), asset, validators)
            for account, gain in gains.items():
                if gain < 0:
                    taken, change = self._take(account, asset, -gain)
                    inputs += taken
                    if change:
                        outputs.append(TransactionOutput(asset, change, account))
                elif gain > 0:
                    outputs.append(TransactionOutput(asset, gain, account))
        return CoinTransfer(tuple(inputs), tuple(outputs), is_issue)

    def _take(self, account: UInt160, asset: UInt256, value: int) -> tuple[list[CoinReference], int]:
        taken: list[CoinReference] = []
        total = 0
        for reference, output in self._coins_of(account):
            if total >= value:
                break
            if output.asset == asset:
                taken.append(reference)
                total += output.value
        if total < value:
            raise NotEnough(account, total // _UNIT[asset])
        return taken, total - value

    def _coins_of(self, account: UInt160) -> Iterable[tuple[CoinReference, TransactionOutput]]:
        coins = sorted(
            self._coins.unspent_of(account, self._height),
            key=lambda coin: (coin.block_index, coin.transaction_hash, coin.position),
        )
        for coin in coins:
            reference = CoinReference(coin.transaction_hash, coin.position)
            if reference not in self._spent:
                yield reference, TransactionOutput(coin.asset, coin.value, coin.account)
        for reference, output in self._made.items():
            if output.account == account and reference not in self._spent:
                yield reference, output


def _gains(transfers: Iterable[DeclaredTransfer], asset: UInt256, validators: UInt160) -> dict[UInt160, int]:
    """What each account gains, or loses, in units of 10^-8."""
    gains: dict[UInt160, int] = {}
    nowhere = validators if asset == NEO_ASSET else None
    for transfer in transfers:
        value = transfer.amount * _UNIT[asset]
        for account, change in ((transfer.sender or nowhere, -value), (transfer.receiver or nowhere, value)):
            if account is not None:
                gains[account] = gains.get(account, 0) + change
    return gains
