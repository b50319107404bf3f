"""The coins of an open wallet on Neo 2: those of the chain, with what it has sent that no block holds yet.

Source: neo 2.12.0, Neo: Wallets/NEP6/NEP6Wallet.GetCoins; Wallets/Wallet: FindUnspentCoins, GetUnclaimedCoins,
GetChangeAddress; Wallets/WalletIndexer.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from rpcnode.chain.coins import Coin
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.wallets.wallet import Wallet
from rpcnode.payloads.neo2.coins import NEO_ASSET, CoinReference, TransactionOutput
from rpcnode.payloads.neo2.transaction import Neo2Transaction
from rpcnode.payloads.neo2.transaction_data import Claim
from rpcnode.payloads.older_witnesses import single_key_of
from rpcnode.payloads.wallet.nep6 import WalletAccount
from rpcnode.primitives.uint import UInt160, UInt256


class OwnCoin(NamedTuple):
    """A coin of a wallet; `is_spent`: by a block or by what waits. Only NEO is remembered when it is spent."""

    reference: CoinReference
    output: TransactionOutput
    is_confirmed: bool
    is_spent: bool


class Neo2Coins:
    """The coins of one wallet."""

    def __init__(self, ledger: Ledger, wallet: Wallet, unconfirmed: Iterable[Neo2Transaction]) -> None:
        """`unconfirmed` are the transactions that the wallet has sent and no block holds, in their order."""
        self._ledger: Final = ledger
        self._wallet: Final = wallet
        self._unconfirmed: Final = tuple(unconfirmed)

    def all(self, accounts: Iterable[WalletAccount]) -> Iterator[OwnCoin]:
        """The coins of accounts: first those of blocks, account by account, then those that wait."""
        coins, height = self._ledger.coins, self._ledger.height
        assert coins is not None
        taken = {reference for sent in self._unconfirmed for reference in sent.inputs}
        claimed = {ref for sent in self._unconfirmed if isinstance(sent.data, Claim) for ref in sent.data.claims}
        owners = [account.script_hash for account in accounts]
        for owner in owners:
            for coin in coins.kept_of(owner, height):
                reference = CoinReference(coin.transaction_hash, coin.position)
                is_taken = reference in taken
                if (is_taken and coin.asset != NEO_ASSET) or (not is_taken and reference in claimed):
                    continue
                yield OwnCoin(reference, _output(coin), True, is_taken or _is_spent(coin, height))
        for sent in self._unconfirmed:
            for position, output in enumerate(sent.outputs):
                if output.account in owners:
                    yield OwnCoin(CoinReference(sent.hash, position), output, False, False)

    def unspent(self, account: UInt160 | None = None) -> list[OwnCoin]:
        """The coins in blocks that can be spent: of one account, or of all that are neither locked nor watched."""
        owners = self._usable if account is None else [WalletAccount(account, None, None)]
        return [coin for coin in self.all(owners) if coin.is_confirmed and not coin.is_spent]

    def unclaimed(self) -> list[OwnCoin]:
        """The spent NEO of those accounts that nobody has claimed."""
        found = self.all(self._usable)
        return [coin for coin in found if coin.output.asset == NEO_ASSET and coin.is_confirmed and coin.is_spent]

    def to_pay(self, asset: UInt256, value: int, account: UInt160 | None = None) -> list[OwnCoin] | None:
        """The coins that a wallet takes for an amount in units of 10^-8; None where they do not suffice.

        Those of accounts with one key come first, if they do by themselves.
        """
        unspent = [coin for coin in self.unspent(account) if coin.output.asset == asset]
        simple = [coin for coin in unspent if self._has_one_key(coin.output.account)]
        chosen = _chosen(simple, value)
        return _chosen(unspent, value) if chosen is None else chosen

    @property
    def change_address(self) -> UInt160 | None:
        """Where what is left goes: to the default account, else to the first with one key, else to the first."""
        accounts = self._wallet.accounts
        ranked = (
            [account for account in accounts if account.is_default],
            [account for account in accounts if self._has_one_key(account.script_hash)],
            [account for account in accounts if account.contract is not None],
            accounts,
        )
        return next((found[0].script_hash for found in ranked if found), None)

    @property
    def _usable(self) -> list[WalletAccount]:
        return [each for each in self._wallet.accounts if not each.is_locked and each.contract is not None]

    def _has_one_key(self, account: UInt160) -> bool:
        script = self._wallet.script_of(account)
        return script is not None and single_key_of("n2", script) is not None


def _chosen(coins: list[OwnCoin], value: int) -> list[OwnCoin] | None:
    """The largest coins that the amount takes whole, and the smallest that is enough for the rest."""
    total = sum(coin.output.value for coin in coins)
    if total <= value:
        return coins if total == value else None
    ordered = sorted(coins, key=lambda coin: -coin.output.value)
    taken = 0
    while ordered[taken].output.value <= value:
        value -= ordered[taken].output.value
        taken += 1
    if value == 0:
        return ordered[:taken]
    return [*ordered[:taken], [coin for coin in ordered if coin.output.value >= value][-1]]


def _output(coin: Coin) -> TransactionOutput:
    return TransactionOutput(coin.asset, coin.value, coin.account)


def _is_spent(coin: Coin, height: int) -> bool:
    return coin.spent_at is not None and coin.spent_at <= height
