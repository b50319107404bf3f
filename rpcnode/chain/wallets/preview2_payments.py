"""Transactions that an open wallet of preview2 makes: payments of tokens.

Source: neo 3.0.0-preview2, Neo: Wallets/Wallet: MakeTransaction, FindPayingAccounts, CalculateNetworkFee.
"""

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from rpcnode.chain.client_block import client_runs
from rpcnode.chain.client_runs import ClientScript
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.verification.older_witnesses import check_cost
from rpcnode.chain.wallets.older_balances import balance_of
from rpcnode.chain.wallets.older_signing import witnesses_of
from rpcnode.chain.wallets.wallet import Wallet
from rpcnode.execution.call_scripts import CALL_SCRIPTS
from rpcnode.execution.snapshot import Snapshot
from rpcnode.models.preview_moves import GAS, fee_per_byte
from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.older_witnesses import signature_check, single_key_of
from rpcnode.payloads.preview2.transaction import (
    MAX_VALID_UNTIL_BLOCK_INCREMENT,
    Cosigner,
    Preview2Transaction,
    Preview2Witness,
)
from rpcnode.primitives.binary import var_length
from rpcnode.primitives.errors import LeakedException
from rpcnode.primitives.uint import UInt160

if TYPE_CHECKING:
    from rpcnode.primitives.json import Pause

_ASSERTION: Final = b"\x38"
_INVALID_OPERATION, _ARGUMENT = -2146233079, -2147024809
_NO_SIGNATURE: Final = bytes(64)
_ALL_GAS: Final = 2**62


class Payment(NamedTuple):
    """What somebody is to get, in the token's smallest unit."""

    asset: UInt160
    amount: int
    receiver: UInt160


class _Holding(NamedTuple):
    account: UInt160
    balance: int


class Payer:
    """Makes the transactions of one wallet."""

    def __init__(self, ledger: Ledger, wallet: Wallet) -> None:
        self._ledger: Final = ledger
        self._wallet: Final = wallet

    def payment(self, payments: Sequence[Payment], sender: UInt160 | None, nonce: int) -> Preview2Transaction:
        """The transaction, without witnesses, that makes all payments.

        `sender`: the account that pays alone. Raises LeakedException for what the node refuses, ScriptNeeded.
        """
        accounts = self._accounts(sender)
        cosigners: dict[UInt160, None] = {}
        script, gas = b"", None
        for asset in dict.fromkeys(payment.asset for payment in payments):
            group = [payment for payment in payments if payment.asset == asset]
            holdings = self._holdings(asset, accounts)
            needed, found = sum(payment.amount for payment in group), sum(holding.balance for holding in holdings)
            if found < needed:
                told = f"It does not have enough balance, expected: {needed} found: {found}"
                raise LeakedException(_INVALID_OPERATION, told)
            for payment in group:
                holdings.sort(key=lambda holding: holding.balance)
                for account, amount in _paying(holdings, payment.amount):
                    cosigners[account] = None
                    arguments = bytes(account), bytes(payment.receiver), amount
                    script += CALL_SCRIPTS["n3-preview"](asset, "transfer", arguments) + _ASSERTION
            if asset == GAS:
                gas = holdings
        if gas is None:
            gas = self._holdings(GAS, accounts)
        return self._paid(script, tuple(map(Cosigner, cosigners)), gas, nonce)

    def signed(self, transaction: Preview2Transaction) -> "Generator[Pause, None, Preview2Transaction | None]":
        """The transaction with the witnesses of its accounts; None where the wallet lacks a key."""
        accounts, message = transaction.accounts_to_sign, transaction.sign_data()
        witnesses = yield from witnesses_of(self._wallet, "n3-preview", accounts, message)
        return None if witnesses is None else transaction.with_witnesses(witnesses)

    def _accounts(self, sender: UInt160 | None) -> list[UInt160]:
        if sender is None:
            return [each.script_hash for each in self._wallet.accounts if not each.is_locked and each.contract]
        if self._wallet.account(sender) is None:
            raise LeakedException(_ARGUMENT, f"The address {sender} was not found in the wallet")
        return [sender]

    def _holdings(self, asset: UInt160, accounts: Sequence[UInt160]) -> list[_Holding]:
        holdings = []
        for account in accounts:
            balance = balance_of(self._ledger, asset, account)
            if balance is None:
                told = f"Execution for {asset}.balanceOf('{account}' fault"
                raise LeakedException(_INVALID_OPERATION, told)
            if balance > 0:
                holdings.append(_Holding(account, balance))
        return holdings

    def _paid(
        self, script: bytes, cosigners: tuple[Cosigner, ...], gas: Sequence[_Holding], nonce: int
    ) -> Preview2Transaction:
        """The transaction of the first account that has the GAS for its fees."""
        ledger = self._ledger
        for account, balance in gas:
            made = Preview2Transaction(
                magic=ledger.parameters.magic,
                nonce=nonce,
                sender=account,
                system_fee_datoshi=0,
                network_fee_datoshi=0,
                valid_until_block=ledger.height + MAX_VALID_UNTIL_BLOCK_INCREMENT,
                attributes=(),
                cosigners=cosigners,
                script=script,
            )
            system_fee = self._system_fee(made)
            network_fee = self._network_fee(made)
            if balance >= system_fee + network_fee:
                return replace(made, system_fee_datoshi=system_fee, network_fee_datoshi=network_fee)
        raise LeakedException(_INVALID_OPERATION, "Insufficient GAS")

    def _system_fee(self, made: Preview2Transaction) -> int:
        """What the script costs, tried on what stands now."""
        ledger = self._ledger
        runs = client_runs(ledger, ledger.state().contract)
        agreed = [cosigner.account for cosigner in made.cosigners]
        trial = runs.run(Snapshot(ledger.new_storage()), ClientScript(made.hash, made.script, agreed, _ALL_GAS))
        if not trial.halted:
            raise LeakedException(_INVALID_OPERATION, f"Failed execution for '{made.script.hex()}'")
        return trial.gas_consumed

    def _network_fee(self, made: Preview2Transaction) -> int:
        """What size and witnesses cost; scripts of other kinds than one key are not counted."""
        scripts = ACCOUNT_SCRIPTS["n3-preview"]
        accounts = made.accounts_to_sign
        size = len(made.serialize_unsigned()) + len(var_length(len(accounts)))
        cost = 0
        for account in accounts:
            script = self._wallet.script_of(account)
            if script is None or single_key_of("n3-preview", script) is None:
                continue
            witness = Preview2Witness(scripts.invocation([_NO_SIGNATURE]), script)
            size += len(witness.serialize())
            check = signature_check("n3-preview", witness)
            assert check is not None
            cost += check_cost("n3-preview", check)
        return cost + size * fee_per_byte(self._ledger.new_storage())


def with_network_fee(made: Preview2Transaction, fee_datoshi: int) -> Preview2Transaction:
    """The transaction, with that network fee if it is more than its own."""
    return replace(made, network_fee_datoshi=max(made.network_fee_datoshi, fee_datoshi))


def _paying(holdings: list[_Holding], amount: int) -> list[_Holding]:
    """Who pays how much; `holdings`, the smallest first, is what is left of them then.

    All, if it takes all; else the smallest that has enough; else the largest, one by one, and the smallest that has
    enough for the rest.
    """
    if sum(holding.balance for holding in holdings) == amount:
        paying = list(holdings)
        holdings.clear()
        return paying
    paying = _from_one(holdings, amount)
    if paying:
        return paying
    while holdings[-1].balance <= amount:
        paying.append(holdings.pop())
        amount -= paying[-1].balance
    return paying + _from_one(holdings, amount)


def _from_one(holdings: list[_Holding], amount: int) -> list[_Holding]:
    for place, (account, balance) in enumerate(holdings):
        if balance == amount:
            return [holdings.pop(place)]
        if balance > amount:
            holdings[place] = _Holding(account, balance - amount)
            return [_Holding(account, amount)]
    return []
