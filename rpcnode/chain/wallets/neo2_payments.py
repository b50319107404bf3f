"""Transactions that an open wallet of Neo 2 makes: payments of coins and tokens, and claims.

Source: neo 2.12.0, Neo: Wallets/Wallet.MakeTransaction, Sign; Wallets/AssetDescriptor.
"""

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from rpcnode.chain.coin_earnings import earned
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.wallets.neo2_coins import Neo2Coins, OwnCoin
from rpcnode.chain.wallets.older_balances import balance_of, decimals_of
from rpcnode.chain.wallets.older_signing import witnesses_of
from rpcnode.chain.wallets.wallet import Wallet
from rpcnode.execution.call_scripts import CALL_SCRIPTS
from rpcnode.payloads.neo2.attribute import REMARK, SCRIPT, Neo2Attribute
from rpcnode.payloads.neo2.coins import GAS_ASSET, NEO_ASSET, TransactionOutput
from rpcnode.payloads.neo2.transaction import Neo2Transaction
from rpcnode.payloads.neo2.transaction_data import Claim, ContractTransaction, InvocationTransaction
from rpcnode.primitives.errors import LeakedException
from rpcnode.primitives.uint import UInt160, UInt256

if TYPE_CHECKING:
    from rpcnode.primitives.json import Pause

Asset = UInt160 | UInt256
"""A contract, or a global asset."""

_MOST_CLAIMS: Final = 50
_ASSERTION, _RET = b"\xf1", b"\x66"
_GLOBAL_DECIMALS: Final = {NEO_ASSET: 0, GAS_ASSET: 8}
_GLOBAL_PLACES: Final = 8
_NOT_FOUND: Final = (-2147467259, "not found")


class Payment(NamedTuple):
    """What somebody is to get, in the asset's smallest unit."""

    asset: Asset
    amount: int
    receiver: UInt160


class Payer:
    """Makes the transactions of one wallet."""

    def __init__(self, ledger: Ledger, wallet: Wallet, coins: Neo2Coins) -> None:
        self._ledger: Final = ledger
        self._wallet: Final = wallet
        self._coins: Final = coins

    def decimals_of(self, asset: Asset) -> int:
        """How many decimals an asset has. Raises LeakedException for what is none, ScriptNeeded."""
        if isinstance(asset, UInt256):
            decimals = _GLOBAL_DECIMALS.get(asset)
            if decimals is None:
                raise LeakedException(*_NOT_FOUND)
            return decimals
        return decimals_of(self._ledger, asset)

    def payment(
        self,
        payments: Sequence[Payment],
        sender: UInt160 | None,
        change_address: UInt160 | None,
        fee: int,
        remark: bytes,
    ) -> Neo2Transaction | None:
        """The transaction, without witnesses, that makes all payments; None where the wallet has too little.

        `sender`: the account that pays alone. `fee` in units of 10^-8 GAS. Raises ScriptNeeded.
        """
        tokens: dict[tuple[UInt160, UInt160], int] = {}
        outputs = []
        for asset, amount, receiver in payments:
            if isinstance(asset, UInt160):
                tokens[asset, receiver] = tokens.get((asset, receiver), 0) + amount
            else:
                value = amount * 10 ** (_GLOBAL_PLACES - _GLOBAL_DECIMALS[asset])
                outputs.append(TransactionOutput(asset, value, receiver))
        attributes = [Neo2Attribute(REMARK, remark)]
        data: ContractTransaction | InvocationTransaction = ContractTransaction()
        if tokens:
            script, signers = b"", dict[UInt160, None]()
            for (token, receiver), amount in tokens.items():
                paid = self._paying(token, amount, sender)
                if paid is None:
                    return None
                for account, part in paid:
                    arguments = bytes(account), bytes(receiver), part
                    script += CALL_SCRIPTS["n2"](token, "transfer", arguments) + _ASSERTION
                    signers[account] = None
            data = InvocationTransaction(script + _RET)
            attributes += [Neo2Attribute(SCRIPT, bytes(account)) for account in signers]
        made = Neo2Transaction(data, version=1 if tokens else 0, attributes=tuple(attributes), outputs=tuple(outputs))
        return self._with_coins(made, sender, change_address, fee)

    def claim(self, receiver: UInt160 | None) -> Neo2Transaction | None:
        """The claim of what spent NEO has earned, without witnesses; None where there is none. At most 50 coins."""
        claimed = self._coins.unclaimed()[:_MOST_CLAIMS]
        to = receiver or self._coins.change_address
        if not claimed or to is None:
            return None
        value = sum(self.earned(coin) for coin in claimed)
        outputs = (TransactionOutput(GAS_ASSET, value, to),)
        return Neo2Transaction(Claim(tuple(coin.reference for coin in claimed)), outputs=outputs)

    def earned(self, coin: OwnCoin, until: int | None = None) -> int:
        """What a coin of NEO has earned, in units of 10^-8 GAS, until it was spent or before a block `until`."""
        coins = self._ledger.coins
        assert coins is not None
        stored = coins.coin(coin.reference)
        if stored is None:
            return 0
        end = stored.spent_at if until is None else until
        # What waits has spent it, and no block yet.
        is_known = end is not None and (until is not None or end <= self._ledger.height)
        return sum(earned(coins, stored, end)) if is_known and end is not None else 0

    def signed(self, transaction: Neo2Transaction) -> "Generator[Pause, None, Neo2Transaction | None]":
        """The transaction with the witnesses of its accounts; None where the wallet lacks a key."""
        coins = self._ledger.coins
        assert coins is not None
        known = transaction.with_spent(coins)
        claims = known.data.claims if isinstance(known.data, Claim) else ()
        owners = {*known.accounts_to_sign(), *(coins[claim].account for claim in claims)}
        accounts = sorted(owners, key=lambda account: account.numeric_key)
        witnesses = yield from witnesses_of(self._wallet, "n2", accounts, known.sign_data())
        return None if witnesses is None else known.with_witnesses(witnesses)

    def _paying(self, token: UInt160, amount: int, sender: UInt160 | None) -> list[tuple[UInt160, int]] | None:
        """Who pays how much of a token: the largest holders, and the smallest that has enough for the rest."""
        usable = [each.script_hash for each in self._wallet.accounts if not each.is_locked and each.contract]
        balances = []
        for account in usable if sender is None else [sender]:
            balance = balance_of(self._ledger, token, account)
            if balance is None:
                return None
            if balance:
                balances.append((account, balance))
        total = sum(balance for _, balance in balances)
        if total < amount:
            return None
        if total == amount:
            return balances
        balances.sort(key=lambda entry: -entry[1])
        left, taken = amount, 0
        while balances[taken][1] <= left:
            left -= balances[taken][1]
            taken += 1
        chosen = balances[:taken]
        if left:
            chosen.append([entry for entry in balances if entry[1] >= left][-1])
        change = sum(balance for _, balance in chosen) - amount
        # The first one keeps what is left.
        return [(account, balance - (change if place == 0 else 0)) for place, (account, balance) in enumerate(chosen)]

    def _with_coins(
        self, made: Neo2Transaction, sender: UInt160 | None, change_address: UInt160 | None, fee: int
    ) -> Neo2Transaction | None:
        """The transaction with the coins that pay for its outputs and its fee, and what is left of them."""
        owed: dict[UInt256, int] = {}
        for output in made.outputs:
            owed[output.asset] = owed.get(output.asset, 0) + output.value
        if fee > 0:
            owed[GAS_ASSET] = owed.get(GAS_ASSET, 0) + fee
        to = change_address or self._coins.change_address
        inputs, outputs = [], list(made.outputs)
        for asset, value in owed.items():
            coins = self._coins.to_pay(asset, value, sender)
            if coins is None:
                return None
            inputs += [coin.reference for coin in coins]
            change = sum(coin.output.value for coin in coins) - value
            if change and to is not None:
                outputs.append(TransactionOutput(asset, change, to))
        return Neo2Transaction(
            made.data,
            version=made.version,
            attributes=made.attributes,
            inputs=tuple(inputs),
            outputs=tuple(outputs),
        )
