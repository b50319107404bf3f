"""The wallet methods of preview2, which look for the wallet before they look at a parameter.

Source: neo-plugins 3.0.0-preview2, RpcServer: RpcServer.Wallet.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from rpcnode.plugin import NOT_GIVEN, Answer, Json, RawJson, Result, UInt160, errors, rpc_method
from rpcnode.plugin.steps import Steps, answer_of_steps
from rpcnode.plugins.rpc_server.group import MethodGroup
from rpcnode.primitives.keys import derive_private_key, private_key_from_wif, wif_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rpcnode.plugin.wallets import Wallet, WalletAccount

_NULL_REFERENCE: Final = (-2147467261, "Object reference not set to an instance of an object.")
_OUT_OF_RANGE: Final = (
    -2146233086,
    "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter 'index')",
)
_NO_FILE: Final = (-2147024894, "Unable to find the specified file.")
_NOT_SUPPORTED: Final = (-2146233067, "Specified method is not supported.")
_WRONG_PASSWORD: Final = (-2146233087, "Error occurred during a cryptographic operation.")
_NO_DATABASE: Final = (-2147467259, "SQLite Error 26: 'file is not a database'.")
_INVALID_CAST: Final = -2147467262
_OVER_MAX_FEE: Final = (
    -301,
    "The necessary fee is more than the Max_fee, this transaction is failed. Please increase your Max_fee value.",
)
_SQLITE: Final = b"SQLite format 3\0"
_FIRST_VERSION: Final = 3
_SEED_BITS: Final = 256
_NONCE_BITS: Final = 31
_FREE_SIZE: Final = 1024
_FEE_OF_SIZE, _FEE_BESIDE = 1000, 100_000
_JSON_CLASSES: Final[dict[type, str]] = {
    bool: "JBoolean",
    int: "JNumber",
    float: "JNumber",
    str: "JString",
    dict: "JObject",
}


class Preview2WalletMethods(MethodGroup):
    """Preview2's Wallet group."""

    @rpc_method(name="openwallet", profiles=("n3-preview",))
    def open_wallet_of_preview2(self, path: str, password: str) -> Answer:
        """Opens a wallet file of the node's, in the place of the one that is open. Disabled by default."""
        if not Path(path).is_file():
            raise errors.LeakedException(*_NO_FILE)
        suffix = Path(path).suffix
        if suffix == ".db3":
            with Path(path).open("rb") as file:
                if file.read(len(_SQLITE)) != _SQLITE:
                    raise errors.LeakedException(*_NO_DATABASE)
            raise errors.NotYet("openwallet reads no wallets that are databases, only files of NEP-6")
        if suffix != ".json":
            raise errors.LeakedException(*_NOT_SUPPORTED)
        return answer_of_steps(self._opened_of_preview2(Path(path), password))

    @rpc_method(name="dumpprivkey", profiles=("n3-preview",))
    def dump_priv_key_of_preview2(self, address: RawJson = NOT_GIVEN) -> Answer:
        """The private key of an account of the open wallet, as a WIF."""
        wallet = self._open_wallet
        script_hash = self._account_in(address)

        from rpcnode.plugin.older_wallets import key_of

        def steps() -> Steps[Result]:
            account = wallet.account(script_hash)
            key = None if account is None else (yield from key_of(wallet, account))
            if key is None:
                raise errors.LeakedException(*_NULL_REFERENCE)
            return wif_of(key)

        return answer_of_steps(steps())

    @rpc_method(name="getbalance", profiles=("n3-preview",))
    def get_balance_of_preview2(self, asset_id: RawJson = NOT_GIVEN) -> Json:
        """What the open wallet holds of a token, in its smallest unit."""
        wallet = self._open_wallet
        token = self._token_in(self._text_in(asset_id))
        from rpcnode.plugin.older_wallets import held_together

        owners = [account.script_hash for account in wallet.accounts if account.contract is not None]
        try:
            return {"balance": str(held_together(self._ledger, token, owners)[0])}
        except errors.ScriptNeeded as needed:
            raise errors.NotYet(f"getbalance: {needed}") from None

    @rpc_method(name="getunclaimedgas", profiles=("n3-preview",))
    def get_unclaimed_gas_of_wallet(self) -> Json:
        """What the NEO of the open wallet's accounts has earned and was not paid yet, in datoshi."""
        from rpcnode.plugin.older_wallets import earned_until

        until = self._ledger.height + 1
        return str(sum(earned_until(self._ledger, each.script_hash, until) for each in self._open_wallet.accounts))

    @rpc_method(name="getnewaddress", profiles=("n3-preview",))
    def get_new_address_of_preview2(self) -> Answer:
        """Makes an account in the open wallet and its file."""
        wallet = self._open_wallet
        private_key = derive_private_key(f"{self._drawn().getrandbits(_SEED_BITS):064x}", 0)

        from rpcnode.plugin.older_wallets import added

        def steps() -> Steps[Result]:
            return self._address((yield from added(wallet, private_key)).script_hash)

        return answer_of_steps(steps())

    @rpc_method(name="listaddress", profiles=("n3-preview",))
    def list_address_of_preview2(self) -> Json:
        """The accounts of the open wallet."""
        return [self._row_of_preview2(account) for account in self._open_wallet.accounts]

    @rpc_method(name="importprivkey", profiles=("n3-preview",))
    def import_priv_key_of_preview2(self, privkey: RawJson = NOT_GIVEN) -> Answer:
        """Adds the account of a private key, a WIF, to the open wallet and its file."""
        wallet = self._open_wallet
        try:
            private_key = private_key_from_wif(self._text_in(privkey))
        except errors.FormatError:
            raise errors.InvalidParams from None

        from rpcnode.plugin.older_wallets import added

        def steps() -> Steps[Result]:
            return self._row_of_preview2((yield from added(wallet, private_key)))

        return answer_of_steps(steps())

    @rpc_method(name="sendfrom", profiles=("n3-preview",))
    def send_from_of_preview2(
        self,
        asset_id: RawJson = NOT_GIVEN,
        from_: RawJson = NOT_GIVEN,
        to: RawJson = NOT_GIVEN,
        amount: RawJson = NOT_GIVEN,
    ) -> Answer:
        """Sends a token from an account of the open wallet."""
        wallet = self._open_wallet
        token = self._token_in(self._text_in(asset_id))
        sender, receiver = self._account_in(from_), self._account_in(to)
        payment = token, self._amount_in(token, amount), receiver
        return answer_of_steps(self._sent_of_preview2(wallet, [payment], sender))

    @rpc_method(name="sendtoaddress", profiles=("n3-preview",))
    def send_to_address_of_preview2(
        self, asset_id: RawJson = NOT_GIVEN, to: RawJson = NOT_GIVEN, amount: RawJson = NOT_GIVEN
    ) -> Answer:
        """Sends a token from the open wallet."""
        wallet = self._open_wallet
        token = self._token_in(self._text_in(asset_id))
        receiver = self._account_in(to)
        payment = token, self._amount_in(token, amount), receiver
        return answer_of_steps(self._sent_of_preview2(wallet, [payment], None))

    @rpc_method(name="sendmany", profiles=("n3-preview",))
    def send_many_of_preview2(self, from_or_to: RawJson = NOT_GIVEN, to: RawJson = NOT_GIVEN) -> Answer:
        """Sends to many accounts from the open wallet, or from the account that stands before the outputs."""
        wallet = self._open_wallet
        outputs, sender = from_or_to, None
        if isinstance(from_or_to.value, str):
            outputs, sender = to, self._account_in(from_or_to)
        if outputs is NOT_GIVEN:
            raise errors.LeakedException(*_OUT_OF_RANGE)
        if outputs.value is None:
            raise errors.LeakedException(*_NULL_REFERENCE)
        if not isinstance(outputs.value, list):
            kind = _JSON_CLASSES[type(outputs.value)]
            cast = f"Unable to cast object of type 'Neo.IO.Json.{kind}' to type 'Neo.IO.Json.JArray'."
            raise errors.LeakedException(_INVALID_CAST, cast)
        if not outputs.value:
            raise errors.InvalidParams
        payments = list(self._outputs_of_preview2(outputs.value))
        return answer_of_steps(self._sent_of_preview2(wallet, payments, sender))

    def _opened_of_preview2(self, path: Path, password: str) -> Steps[Result]:
        from rpcnode.plugin.wallets import BadWallet, opened

        version = self._ledger.parameters.address_version
        try:
            wallet = yield from opened(path, password, self.node.profile, version)
        except BadWallet as error:
            raise errors.LeakedException(*error.leaked) from None
        except errors.FormatError:
            raise errors.LeakedException(*_WRONG_PASSWORD) from None
        except OSError as error:
            raise errors.LeakedException(_NO_FILE[0], str(error)) from None
        if wallet.major_version < _FIRST_VERSION:
            raise errors.InvalidParams
        self.node.wallet = wallet
        return True

    def _outputs_of_preview2(self, listed: list[Json]) -> "Iterator[tuple[UInt160, int, UInt160]]":
        """Token, amount and receiver of each output; each is read when it is its turn."""
        for output in listed:
            members = output if isinstance(output, dict) else {}
            token = self._token_in(self._text_in(RawJson(members.get("asset"))))
            amount = self._amount_in(token, RawJson(members.get("value")), is_signed=True)
            receiver = self._account_in(RawJson(members.get("address")))
            if amount <= 0:
                raise errors.InvalidParams
            yield token, amount, receiver

    def _sent_of_preview2(
        self, wallet: "Wallet", payments: "Iterable[tuple[UInt160, int, UInt160]]", sender: UInt160 | None
    ) -> Steps[Result]:
        """Pays all in one transaction, hands it in, and gives it as JSON; nobody looks at what becomes of it."""
        from rpcnode.plugin.older_wallets import preview2_payments as making

        payer = making.Payer(self._ledger, wallet)
        try:
            made = payer.payment(
                [making.Payment(*payment) for payment in payments], sender, self._drawn().getrandbits(_NONCE_BITS)
            )
        except errors.ScriptNeeded as needed:
            raise errors.NotYet(f"{needed}") from None
        signed = yield from payer.signed(made)
        if signed is not None and signed.size > _FREE_SIZE:
            by_size = signed.size * _FEE_OF_SIZE + _FEE_BESIDE
            signed = yield from payer.signed(making.with_network_fee(made, by_size))
        if signed is None:
            raise errors.NotYet("a transaction that waits for the signatures of others is not handed out")
        if signed.network_fee_datoshi > self._max_fee:
            raise errors.LeakedException(*_OVER_MAX_FEE)
        try:
            self.node.older_relay.send(signed)
        except errors.ScriptNeeded as needed:
            raise errors.NotYet(f"{needed}") from None
        return signed.to_json(self._ledger.parameters.address_version)

    def _amount_in(self, token: UInt160, amount: RawJson, *, is_signed: bool = False) -> int:
        from rpcnode.plugin.older_wallets import amount_of, decimals_of

        try:
            decimals = decimals_of(self._ledger, token)
        except errors.ScriptNeeded as needed:
            raise errors.NotYet(f"{needed}") from None
        found = amount_of(self._text_in(amount), decimals)
        if found <= 0 and not is_signed:
            raise errors.InvalidParams
        return found

    def _token_in(self, text: str) -> UInt160:
        try:
            return UInt160.parse(text)
        except errors.FormatError:
            raise errors.InvalidParams from None

    def _account_in(self, given: RawJson) -> UInt160:
        account = self.node.script_hash_of(self._text_in(given))
        if account is None:
            raise errors.InvalidParams
        return account

    def _text_in(self, given: RawJson) -> str:
        from rpcnode.plugin.older_wallets import text_of

        if given is NOT_GIVEN:
            raise errors.LeakedException(*_OUT_OF_RANGE)
        return text_of("n3-preview", given.value)

    def _row_of_preview2(self, account: "WalletAccount") -> Json:
        return {
            "address": self._address(account.script_hash),
            "haskey": account.nep2 is not None,
            "label": account.label,
            "watchonly": account.contract is None,
        }
