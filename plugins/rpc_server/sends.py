"""Transactions that the open wallet makes, signs and sends, on N3.

Source: neo-node 3.10, plugins/RpcServer: RpcServer.Wallet: SendFrom, SendMany, SendToAddress, CancelTransaction,
SignAndRelay, ProcessInvokeWithWallet.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from rpcnode.plugin import (
    NATIVE_TOKENS,
    NOT_GIVEN,
    Account,
    Accounts,
    Answer,
    Json,
    RawJson,
    Result,
    UInt160,
    UInt256,
    errors,
    rpc_method,
)
from rpcnode.plugin.items import dotnet_json
from rpcnode.plugin.steps import Steps, answer_of_steps
from rpcnode.plugins.rpc_server.group import NOT_EXECUTED, MethodGroup
from rpcnode.plugins.rpc_server.relay import relayed
from rpcnode.plugins.rpc_server.wallet import key_failure
from rpcnode.primitives.dotnet_uint import parse_uint

if TYPE_CHECKING:
    from rpcnode.plugin.runs import ExecutionState
    from rpcnode.plugin.wallets import Maker, Output, SignatureContext, Signer, TestTransaction, Wallet

_FORMAT: Final = -2146233033
_OUT_OF_RANGE: Final = (
    -2146233086,
    "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter 'index')",
)
_NOT_SUPPORTED: Final = (-2146233067, "Specified method is not supported.")
_GAS: Final = NATIVE_TOKENS["n3"]["GAS"]
_GAS_DECIMALS: Final = 8
_MOST_SIGNERS: Final = 16
_INTEGER: Final = r"[\t-\r ]*+([+-]?+[0-9]{1,4000}+)[\t-\r ]*+\0*+"
_EXPONENT: Final = r"[\t-\r ]*+([+-]?)0*([0-9]{1,3})[\t-\r ]*+\0*+"
_RET: Final = b"\x40"


class Signed(NamedTuple):
    """What an invocation says besides where a wallet is open: the signed transaction, or why there is none."""

    transaction: bytes | None = None
    pending: Json = None
    failure: str | None = None


NOT_SIGNED: Final = Signed()


class SendMethods(MethodGroup):
    """The methods of the C# node's Wallet group that send."""

    @rpc_method(profiles=("n3",))
    def send_from(
        self, asset_id: UInt160, from_: Account, to: Account, amount: str, signers: Accounts | None = None
    ) -> Answer:
        """Sends an amount of a token, in its smallest unit, from an account of the open wallet; signers may join."""
        return answer_of_steps(self._send_from(asset_id, from_.script_hash, to.script_hash, amount, signers))

    @rpc_method(profiles=("n3",))
    def send_to_address(self, asset_id: UInt160, to: Account, amount: str) -> Answer:
        """Sends an amount of a token, in its smallest unit, from whichever accounts of the open wallet have it."""
        return answer_of_steps(self._send_to(asset_id, to.script_hash, amount))

    @rpc_method(profiles=("n3",))
    def send_many(
        self, from_or_to: RawJson = NOT_GIVEN, to_or_signers: RawJson = NOT_GIVEN, signers: RawJson = NOT_GIVEN
    ) -> Answer:
        """Sends amounts of tokens to many accounts from the open wallet, or from the account before the list of them.

        The list is of `{"asset", "value", "address"}`; accounts that sign too may come behind it.
        """
        given = [raw.value for raw in (from_or_to, to_or_signers, signers) if raw is not NOT_GIVEN]
        return answer_of_steps(self._send_many(given))

    @rpc_method(profiles=("n3",))
    def cancel_transaction(self, txid: UInt256, signers: Accounts, extra_fee: str | None = None) -> Answer:
        """Sends one that does nothing and conflicts with another, which may wait, and pays more than that.

        `extraFee`, in GAS, counts where the other does not wait here.
        """
        return answer_of_steps(self._cancel(txid, signers, extra_fee))

    def _send_from(
        self, asset: UInt160, sender: UInt160, receiver: UInt160, amount: str, signers: Accounts | None
    ) -> Steps[Result]:
        wallet, state, maker = self._making("sendfrom")
        output = yield from self._output(state, asset, receiver, amount)
        cosigners = () if signers is None else _cosigners(signers)
        try:
            made = yield from maker.transfer([output], sender, cosigners)
        except errors.LeakedException:
            raise errors.InvalidRequest("Can not process this request.") from None
        return (yield from self._sent(wallet, state, made))

    def _send_to(self, asset: UInt160, receiver: UInt160, amount: str) -> Steps[Result]:
        wallet, state, maker = self._making("sendtoaddress")
        output = yield from self._output(state, asset, receiver, amount)
        made = yield from maker.transfer([output])
        return (yield from self._sent(wallet, state, made))

    def _send_many(self, given: list[Json]) -> Steps[Result]:
        wallet, state, maker = self._making("sendmany")
        sender = None
        if given and isinstance(given[0], str):
            sender = self._account(given[0])
            del given[0]
        if not given:
            raise errors.LeakedException(*_OUT_OF_RANGE)
        listed = given[0]
        if not isinstance(listed, list):
            raise errors.InvalidParams(f"Invalid 'to' parameter: {_told(listed)}")
        if not listed:
            raise errors.InvalidParams("Argument 'to' can't be empty.")
        cosigners = () if given[1:2] in ([], [None]) else self._accounts(given[1])
        outputs = []
        for position, item in enumerate(listed):
            outputs.append((yield from self._listed_output(state, item, position)))
        made = yield from maker.transfer(outputs, sender, cosigners)
        return (yield from self._sent(wallet, state, made))

    def _cancel(self, txid: UInt256, signers: Accounts, extra_fee: str | None) -> Steps[Result]:
        wallet, state, maker = self._making("canceltransaction")
        from rpcnode.plugin.wallets import NotMade, cancelling, check_asset, for_fees_only, waiting_network_fee

        if self._ledger.transaction(txid) is not None:
            raise errors.AlreadyExists("This tx is already confirmed, can't be cancelled.")
        if not signers:
            raise errors.ParseError("No signer.")
        cosigners = tuple(for_fees_only(signer) for signer in _cosigners(signers))
        try:
            made = yield from maker.script(_RET, cosigners[0].account, cosigners, cancelling(txid))
        except NotMade as error:
            raise errors.InsufficientFunds(error.cause) from None
        except errors.LeakedException as error:
            raise errors.InsufficientFunds(error.message) from None
        waiting = self._ledger.mempool.get(txid)
        fee = made.network_fee_datoshi
        if waiting is not None:
            fee = max(fee, waiting_network_fee(waiting)) + 1
        elif extra_fee is not None:
            yield from check_asset(state, _GAS)
            extra = _decimal(extra_fee)
            if extra is None or extra <= 0:
                raise errors.InvalidParams("Incorrect amount format.")
            fee += extra
        return (yield from self._relayed(wallet, state, replace(made, network_fee_datoshi=fee)))

    def _making(self, method: str) -> "tuple[Wallet, ExecutionState, Maker]":
        """The open wallet, the newest state, and what makes transactions of both."""
        wallet = self._open_wallet
        return wallet, *self._maker(wallet, method)

    def _maker(self, wallet: "Wallet", method: str) -> "tuple[ExecutionState, Maker]":
        state = self.node.execution_at()
        if state is None:
            raise errors.NotYet(f"{method} {NOT_EXECUTED}")
        from rpcnode.plugin.wallets import Maker

        return state, Maker(wallet, state, lambda: self._drawn().getrandbits(32))

    def _output(self, state: "ExecutionState", asset: UInt160, receiver: UInt160, amount: str) -> "Steps[Output]":
        from rpcnode.plugin.wallets import Output, check_asset

        yield from check_asset(state, asset)
        number = _integer(amount)
        if number <= 0:
            raise errors.InvalidParams("Amount can't be negative.")
        return Output(asset, receiver, number)

    def _listed_output(self, state: "ExecutionState", item: Json, position: int) -> "Steps[Output]":
        from rpcnode.plugin.wallets import Output, check_asset

        if item is None:
            raise errors.InvalidParams(f"Invalid 'to' parameter at {position}.")
        if not isinstance(item, dict):
            raise errors.LeakedException(*_NOT_SUPPORTED)
        for name in ("asset", "value", "address"):
            if item.get(name) is None:
                raise errors.InvalidParams(f"no '{name}' parameter at 'to[{position}]'.")
        try:
            asset = parse_uint(UInt160, _as_text(item["asset"]))
        except errors.FormatError as error:
            raise errors.LeakedException(_FORMAT, str(error)) from None
        yield from check_asset(state, asset)
        amount = _integer(_as_text(item["value"]))
        output = Output(asset, self._account(_as_text(item["address"])), amount)
        if amount <= 0:
            raise errors.InvalidParams(f"Amount of '{asset}' can't be negative.")
        return output

    def _accounts(self, value: Json) -> "tuple[Signer, ...]":
        """Signers that a method reads itself."""
        if not isinstance(value, list):
            raise errors.InvalidParams(f"Invalid Addresses: {_told(value)}")
        accounts = []
        for position, each in enumerate(value):
            if each is None:
                raise errors.InvalidParams(f"Invalid Address at {position}.")
            if not isinstance(each, str):
                raise errors.InvalidParams(f"Invalid Address: {_told(each)}")
            accounts.append(Account(self._account(each), given_in_hex=False))
        return _cosigners(accounts)

    def _account(self, text: str) -> UInt160:
        """An account that a method reads itself, from a script hash or an address."""
        try:
            return UInt160.parse(text)
        except errors.FormatError:
            pass
        account = self.node.script_hash_of(text)
        if account is None:
            raise errors.InvalidParams(f"Invalid Address: {text}")
        return account

    def _sent(self, wallet: "Wallet", state: "ExecutionState", made: "TestTransaction") -> Steps[Result]:
        """The transaction, signed and taken in; the context where somebody else has to sign as well."""
        context = yield from self._signed(wallet, state, made)
        if not context.is_complete:
            return context.to_json()
        return (yield from self._relayed(wallet, state, made))

    def _relayed(self, wallet: "Wallet", state: "ExecutionState", made: "TestTransaction") -> Steps[Result]:
        from rpcnode.plugin.wallets import fee_of, gas_of, to_be_sent, with_witnesses

        context = yield from self._signed(wallet, state, made)
        if not context.is_complete:
            return context.to_json()
        fee = yield from fee_of(state, wallet, with_witnesses(made, context))
        if fee > made.network_fee_datoshi:
            made = replace(made, network_fee_datoshi=fee)
            context = yield from self._signed(wallet, state, made)
        if gas_of(state.storage, made.sender) < made.system_fee_datoshi + made.network_fee_datoshi:
            raise errors.InsufficientFunds
        if made.network_fee_datoshi > self._max_fee:
            raise errors.WalletFeeLimit
        try:
            transaction = to_be_sent(with_witnesses(made, context))
        except errors.FormatError:
            raise errors.VerificationFailed("Invalid") from None
        relayed((yield from self.node.relay.sending(transaction)).value, transaction.hash)
        return transaction.to_json(self._ledger.parameters.address_version)

    def _signed(self, wallet: "Wallet", state: "ExecutionState", made: "TestTransaction") -> "Steps[SignatureContext]":
        from rpcnode.plugin.wallets import SignatureContext, sign_context

        magic = self._ledger.parameters.magic
        context = SignatureContext(state, made, magic)
        try:
            yield from sign_context(wallet, context, magic)
        except errors.FormatError as error:
            raise key_failure(error) from None
        return context

    def _signed_invocation(
        self, wallet: "Wallet", state: "ExecutionState", script: bytes, signers: "tuple[Signer, ...]"
    ) -> Steps[Signed]:
        """What an invocation with signers says besides, where a wallet is open."""
        from rpcnode.plugin.wallets import Maker, NotMade, with_witnesses

        maker = Maker(wallet, state, lambda: self._drawn().getrandbits(32))
        try:
            made = yield from maker.script(script, signers[0].account, signers, most_gas=self._max_gas)
        except NotMade as error:
            return Signed(failure=error.cause)
        except errors.LeakedException as error:
            return Signed(failure=error.message)
        context = yield from self._signed(wallet, state, made)
        if not context.is_complete:
            return Signed(pending=context.to_json())
        return Signed(with_witnesses(made, context).serialize())


def _cosigners(accounts: Sequence[Account]) -> "tuple[Signer, ...]":
    """Accounts that sign for what the transaction calls itself."""
    from rpcnode.plugin.wallets import Signer

    if len(accounts) > _MOST_SIGNERS:
        raise errors.InvalidParams("Max allowed signers exceeded.")
    return tuple(Signer(account.script_hash) for account in accounts)


def _integer(text: str) -> int:
    """BigInteger.Parse, of up to 4,000 digits."""
    found = re.fullmatch(_INTEGER, text)
    if found is None:
        raise errors.LeakedException(_FORMAT, "The value could not be parsed.")
    return int(found[1])


def _decimal(text: str) -> int | None:
    """An amount of GAS in datoshi; None for what is none. Source: neo 3.10.2, BigDecimal.cs: TryParse."""
    text, mark, told = re.match(r"([^eE]*)([eE]?)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    exponent = 0
    if mark:
        found = re.fullmatch(_EXPONENT, told)
        exponent = int(found[1] + found[2]) if found is not None else 0
        if found is None or not -128 <= exponent < 128:
            return None
    whole, point, fraction = text.partition(".")
    if point:
        fraction = fraction.rstrip("0")
        text, exponent = whole + fraction, exponent - len(fraction)
    places = exponent + _GAS_DECIMALS
    found = re.fullmatch(_INTEGER, text + "0" * places) if places >= 0 else None
    return None if found is None else int(found[1])


def _as_text(value: Json) -> str:
    return value if isinstance(value, str) else _told(value)


def _told(value: Json) -> str:
    """A value as messages quote it; a null is nothing."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    return "" if value is None else dotnet_json(value)
