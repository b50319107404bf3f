"""The transactions that an open wallet makes, not signed yet. What goes wrong is said in the C# node's words.

Source: neo 3.10.2, Wallets/Wallet.cs: MakeTransaction, GetBalance; Wallets/AssetDescriptor.cs.
"""

from base64 import b64encode
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from rpcnode.chain.verification.network_fee import network_fee
from rpcnode.chain.verification.pooled_fees import fees_of, gas_of
from rpcnode.chain.wallets.paying import Share, paying
from rpcnode.chain.wallets.wallet import Wallet
from rpcnode.execution.application_engine import TEST_MODE_GAS
from rpcnode.execution.contract import contract_of
from rpcnode.execution.native_hashes import NATIVE_TOKENS
from rpcnode.execution.test_invocation import (
    ExecutionState,
    TestTransaction,
    pieces,
    run_of_natives,
    run_of_transaction,
)
from rpcnode.natives.policy_values import max_valid_until_block_increment
from rpcnode.payloads.flags import CallFlags
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.errors import LeakedException, VmFault
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.conversions import to_bytes, to_integer
from rpcnode.vm.engine import VmState
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script_builder import ScriptBuilder

if TYPE_CHECKING:
    from rpcnode.chain.mempool import WaitingTransaction
    from rpcnode.chain.wallets.context import SignatureContext
    from rpcnode.payloads.attribute import TransactionAttribute
    from rpcnode.vm.items import StackItem

_ARGUMENT: Final = -2147024809
_INVALID_OPERATION: Final = -2146233079
_INVALID_CAST: Final = -2147467262
_OVERFLOW: Final = -2146233066
_GAS: Final = NATIVE_TOKENS["n3"]["GAS"]
_GAS_OF_DESCRIPTION: Final = 30_000_000  # datoshi
_GAS_OF_BALANCE: Final = 60_000_000  # datoshi, for each account
_MOST_DECIMALS: Final = 255

Making = Generator[None, None, TestTransaction]
"""Steps that end with a transaction whose fees are set."""


class Output(NamedTuple):
    """An amount over 0 of a token, in its smallest unit, for somebody."""

    asset: UInt160
    receiver: UInt160
    amount: int


class NotMade(LeakedException):
    """Why there is no transaction; `cause` is the innermost of the C# node's exceptions, which some methods tell."""

    def __init__(self, code: int, message: str, cause: str | None = None) -> None:
        super().__init__(code, message)
        self.cause: Final = message if cause is None else cause


class Maker:
    """Makes transactions of a wallet's accounts over one state; `nonce` gives each its own."""

    def __init__(self, wallet: Wallet, state: ExecutionState, nonce: Callable[[], int]) -> None:
        self._wallet: Final = wallet
        self._state: Final = state
        self._nonce: Final = nonce

    def transfer(
        self, outputs: Sequence[Output], sender: UInt160 | None = None, cosigners: Sequence[Signer] = ()
    ) -> Making:
        """One that pays outputs from an account, else from those of the wallet that are not locked."""
        accounts = self._paying_accounts if sender is None else [sender]
        signers = _by_account(cosigners)
        builder = ScriptBuilder()
        gas: list[Share] | None = None
        by_asset: dict[UInt160, list[Output]] = {}
        for output in outputs:
            by_asset.setdefault(output.asset, []).append(output)
        for asset, of_asset in by_asset.items():
            balances = yield from self._balances(asset, accounts)
            wanted, available = sum(output.amount for output in of_asset), sum(balance for _, balance in balances)
            if available < wanted:
                raise NotMade(
                    _INVALID_OPERATION,
                    f"Insufficient balance for transfer: required {wanted} units, but only {available} units are"
                    " available across all accounts. Please ensure sufficient balance before attempting the transfer.",
                )
            for output in of_asset:
                balances.sort(key=lambda share: share[1])
                for account, amount in paying(balances, output.amount):
                    known = signers.get(account)
                    if known is None:
                        signers[account] = Signer(account, WitnessScope.CalledByEntry)
                    elif known.scopes != WitnessScope.Global:
                        signers[account] = replace(known, scopes=known.scopes | WitnessScope.CalledByEntry)
                    moved: list[StackItem] = [bytes(account), bytes(output.receiver), amount, None]
                    builder.call(asset, "transfer", moved).op(Opcode.ASSERT)
            if asset == _GAS:
                gas = balances
        shares = (yield from self._gas_of(accounts)) if gas is None else gas
        return (yield from self._made(builder.to_bytes(), tuple(signers.values()), (), shares, TEST_MODE_GAS))

    def script(
        self,
        script: bytes,
        sender: UInt160,
        cosigners: tuple[Signer, ...],
        attributes: "tuple[TransactionAttribute, ...]" = (),
        most_gas: int = TEST_MODE_GAS,
    ) -> Making:
        """One with a script, which an account pays for."""
        gas = yield from self._gas_of([sender])
        return (yield from self._made(script, cosigners, attributes, gas, most_gas))

    def _made(
        self,
        script: bytes,
        cosigners: tuple[Signer, ...],
        attributes: "tuple[TransactionAttribute, ...]",
        gas: list[Share],
        most_gas: int,
    ) -> Making:
        """One that the first account pays which can, of those that have GAS; it may be none of the wallet's."""
        state = self._state
        increment = max_valid_until_block_increment(state.storage, state.settings)
        for account, available in gas:
            unpaid = TestTransaction(
                nonce=self._nonce(),
                system_fee_datoshi=0,
                network_fee_datoshi=0,
                valid_until_block=state.ledger.current_index + increment,
                signers=_signers(account, cosigners),
                attributes=attributes,
                script=script,
            )
            run = run_of_transaction(state, unpaid, most_gas)
            yield from pieces(run)
            if run.state is not VmState.HALT:
                raise NotMade(
                    _INVALID_OPERATION,
                    f"Smart contract execution failed for script '{b64encode(script).decode()}'."
                    " The execution faulted and cannot be completed.",
                    str(run.fault),
                )
            made = replace(unpaid, system_fee_datoshi=run.fee_consumed_datoshi)
            fee = yield from network_fee(made, state, scripts=self._wallet.script_of, most_gas=most_gas)
            made = replace(made, network_fee_datoshi=fee)
            if available >= fees_of(made):
                return made
        raise NotMade(
            _INVALID_OPERATION,
            "Insufficient GAS balance to cover system and network fees."
            " Please ensure your account has enough GAS to pay for transaction fees.",
        )

    @property
    def _paying_accounts(self) -> list[UInt160]:
        accounts = self._wallet.accounts
        return [each.script_hash for each in accounts if not each.is_locked and each.contract is not None]

    def _gas_of(self, accounts: Sequence[UInt160]) -> Generator[None, None, list[Share]]:
        shares = []
        for account in accounts:
            balance = gas_of(self._state.storage, account)
            if balance > 0:
                shares.append((account, balance))
            yield
        return shares

    def _balances(self, asset: UInt160, accounts: Sequence[UInt160]) -> Generator[None, None, list[Share]]:
        balances = []
        for account in accounts:
            script = ScriptBuilder().call(asset, "balanceOf", [bytes(account)], CallFlags.ReadOnly).to_bytes()
            run = run_of_natives(self._state, script, TEST_MODE_GAS)
            yield from pieces(run)
            if run.state is not VmState.HALT:
                raise NotMade(
                    _INVALID_OPERATION,
                    f"Failed to execute balanceOf method for asset {asset} on account {account}."
                    " The smart contract execution faulted with state: FAULT.",
                )
            balance = _integer(run.results[-1])
            if balance > 0:
                balances.append((account, balance))
            yield
        return balances


def check_asset(state: ExecutionState, asset: UInt160) -> Generator[None, None, None]:
    """Raises LeakedException for what is no token that tells its symbol and its decimals."""
    contract = contract_of(state.storage, asset)
    if contract is None:
        raise LeakedException(
            _ARGUMENT,
            f"No asset contract found for assetId {asset}. Please ensure the assetId is correct and the asset is"
            " deployed on the blockchain. (Parameter 'assetId')",
        )
    builder = ScriptBuilder().call(asset, "decimals", (), CallFlags.ReadOnly)
    run = run_of_natives(state, builder.call(asset, "symbol", (), CallFlags.ReadOnly).to_bytes(), _GAS_OF_DESCRIPTION)
    yield from pieces(run)
    if run.state is not VmState.HALT:
        raise LeakedException(
            _ARGUMENT,
            f"Failed to execute 'decimals' or 'symbol' method for asset {asset}. The contract execution did not"
            " complete successfully (VM state: FAULT). (Parameter 'assetId')",
        )
    decimals, symbol = run.results[-2:]
    try:
        to_bytes(symbol)
    except VmFault as error:
        raise LeakedException(_INVALID_CAST, str(error)) from error
    _check_decimals(decimals)


def balance_of_wallet(state: ExecutionState, wallet: Wallet, asset: UInt160) -> Generator[None, None, int]:
    """What a wallet has of a token, in its smallest unit; 0 where the contract does not say, or is no token."""
    accounts = [each.script_hash for each in wallet.accounts if each.contract is not None]
    builder = ScriptBuilder().push(0)
    for account in accounts:
        builder.call(asset, "balanceOf", [bytes(account)], CallFlags.ReadOnly).op(Opcode.ADD)
        yield
    script = builder.call(asset, "decimals", (), CallFlags.ReadOnly).to_bytes()
    run = run_of_natives(state, script, _GAS_OF_BALANCE * len(accounts))
    yield from pieces(run)
    if run.state is not VmState.HALT:
        return 0
    balance, decimals = run.results[-2:]
    _check_decimals(decimals)
    return _integer(balance)


def _check_decimals(item: "StackItem") -> None:
    if not 0 <= _integer(item) <= _MOST_DECIMALS:
        raise LeakedException(_OVERFLOW, "Value was either too large or too small for an unsigned byte.")


def _integer(item: "StackItem") -> int:
    try:
        return to_integer(item)
    except VmFault as error:
        raise LeakedException(_INVALID_CAST, str(error)) from error


def _by_account(cosigners: Sequence[Signer]) -> dict[UInt160, Signer]:
    signers: dict[UInt160, Signer] = {}
    for signer in cosigners:
        if signer.account in signers:
            message = f"An item with the same key has already been added. Key: {signer.account}"
            raise NotMade(_ARGUMENT, message)
        signers[signer.account] = signer
    return signers


def _signers(sender: UInt160, cosigners: tuple[Signer, ...]) -> tuple[Signer, ...]:
    """The cosigners with the sender first, which signs for nothing but the fees if it is none of them."""
    own = next((signer for signer in cosigners if signer.account == sender), Signer(sender, WitnessScope.None_))
    return own, *(signer for signer in cosigners if signer is not own)


def fee_of(state: ExecutionState, wallet: Wallet, transaction: TestTransaction) -> Generator[None, None, int]:
    """The network fee, in datoshi, that a transaction has to pay which is signed."""
    return network_fee(transaction, state, scripts=wallet.script_of)


def with_witnesses(transaction: TestTransaction, context: "SignatureContext") -> TestTransaction:
    """The transaction with the witnesses of its context, which is complete. Raises FormatError for one too long."""
    witnesses = tuple(Witness(invocation, verification) for invocation, verification in context.invocations())
    return transaction.with_witnesses(witnesses)


def to_be_sent(transaction: TestTransaction) -> Transaction:
    """The transaction as a node takes it in; raises FormatError where none does."""
    return Transaction.parse(transaction.serialize())


def transaction_of(context: "SignatureContext") -> Transaction | None:
    """The transaction of a context that is complete; None where it is of anything else. Raises FormatError."""
    signed = context.signed
    if not isinstance(signed, Transaction):
        return None
    witnesses = tuple(Witness(invocation, verification) for invocation, verification in context.invocations())
    return signed.with_witnesses(witnesses)


def for_fees_only(signer: Signer) -> Signer:
    """The signer with scope None."""
    return replace(signer, scopes=WitnessScope.None_)


def cancelling(transaction_hash: UInt256) -> "tuple[TransactionAttribute, ...]":
    """The attributes of one that is to go into a block in the place of another."""
    from rpcnode.payloads.attribute import Conflicts

    return (Conflicts(transaction_hash),)


def waiting_network_fee(waiting: "WaitingTransaction") -> int:
    """The network fee of a transaction that waits, in datoshi."""
    return Transaction.parse_unsigned(waiting.transaction.unsigned).network_fee_datoshi
