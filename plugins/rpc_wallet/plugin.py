"""RpcWallet: the wallet methods of Neo 2, on the wallet that is open.

Source: neo-modules 2.12.2, RpcWallet: RpcWallet.OnProcess, which reads the parameters before it looks for a wallet.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Final

from rpcnode.plugin import (
    NOT_GIVEN,
    Answer,
    Json,
    NodeView,
    Plugin,
    PluginConfig,
    ProfileName,
    RawJson,
    Result,
    UInt160,
    UInt256,
    errors,
    rpc_method,
)
from rpcnode.plugin.neo2 import NEO_ASSET, fixed8_text
from rpcnode.plugin.steps import Steps, answer_of_steps
from rpcnode.plugins.rpc_wallet.config import RpcWalletConfig
from rpcnode.plugins.rpc_wallet.payments import Payments
from rpcnode.primitives.keys import derive_private_key, private_key_from_wif, wif_of

if TYPE_CHECKING:
    from rpcnode.plugin.older_wallets import Neo2Coins
    from rpcnode.plugin.wallets import Wallet, WalletAccount

_JSON_CLASSES: Final[dict[type, str]] = {
    bool: "JBoolean",
    int: "JNumber",
    float: "JNumber",
    str: "JString",
    dict: "JObject",
}
_INVALID_CAST: Final = -2147467262
_NULL_REFERENCE: Final = (-2147467261, "Object reference not set to an instance of an object.")
_OUT_OF_RANGE: Final = (
    -2146233086,
    "Index was out of range. Must be non-negative and less than the size of the collection.\nParameter name: index",
)
_SEED_BITS: Final = 256


class RpcWallet(Plugin):
    """RpcWallet's methods. A wallet is opened when the node starts; no method opens one."""

    name = "RpcWallet"
    requires = ("RpcServer",)
    profiles: ClassVar[tuple[ProfileName, ...]] = ("n2",)
    config_type = RpcWalletConfig
    interfaces: ClassVar[dict[ProfileName, tuple[str, ...]]] = {"n2": ("IRpcPlugin",)}

    def __init__(self, node: NodeView, config: PluginConfig) -> None:
        super().__init__(node, config)
        assert isinstance(config, RpcWalletConfig)
        self._ledger = node.ledger
        self._payments = Payments(node, config.max_fee)

    @rpc_method(profiles=("n2",))
    def claim_gas(self, to: str | None = None) -> Answer:
        """Claims the GAS that the open wallet's NEO has earned, for its change address or another."""
        receiver = None if to is None else self._account(to)
        return answer_of_steps(self._payments.claimed(self._wallet, receiver))

    @rpc_method(profiles=("n2",))
    def dump_priv_key(self, address: str) -> Answer:
        """The private key of an account of the open wallet, as a WIF."""
        script_hash = self._account(address)
        wallet = self._wallet

        from rpcnode.plugin.older_wallets import key_of

        def steps() -> Steps[Result]:
            account = wallet.account(script_hash)
            key = None if account is None else (yield from key_of(wallet, account))
            if key is None:
                raise errors.LeakedException(*_NULL_REFERENCE)
            return wif_of(key)

        return answer_of_steps(steps())

    @rpc_method(profiles=("n2",))
    def get_balance(self, asset_id: str) -> Json:
        """What the open wallet holds: of a global asset also without what waits for a block; of a contract as text."""
        asset = _asset(asset_id)
        wallet = self._wallet
        if isinstance(asset, UInt160):
            return {"balance": self._held_of_token(wallet, asset)}
        coins = [coin for coin in self._coins.all(wallet.accounts) if not coin.is_spent and coin.output.asset == asset]
        confirmed = sum(coin.output.value for coin in coins if coin.is_confirmed)
        total = sum(coin.output.value for coin in coins)
        return {"balance": fixed8_text(total), "confirmed": fixed8_text(confirmed)}

    @rpc_method(profiles=("n2",))
    def get_new_address(self) -> Answer:
        """Makes an account in the open wallet and its file."""
        wallet = self._wallet
        private_key = derive_private_key(f"{self._payments.random.getrandbits(_SEED_BITS):064x}", 0)

        from rpcnode.plugin.older_wallets import added

        def steps() -> Steps[Result]:
            return self.node.address_of((yield from added(wallet, private_key)).script_hash)

        return answer_of_steps(steps())

    @rpc_method(profiles=("n2",))
    def get_unclaimed_gas(self) -> Json:
        """The GAS that the open wallet can claim, and what its unspent NEO has earned up to the next block."""
        self._check_wallet()
        payer, coins = self._payments.payer(self._wallet), self._coins
        next_block = self._ledger.height + 1
        unspent = [coin for coin in coins.unspent() if coin.output.asset == NEO_ASSET]
        return {
            "available": fixed8_text(sum(payer.earned(coin) for coin in coins.unclaimed())),
            "unavailable": fixed8_text(sum(payer.earned(coin, next_block) for coin in unspent)),
        }

    @rpc_method(profiles=("n2",))
    def get_wallet_height(self) -> Json:
        """The block up to which the open wallet knows the chain: the newest."""
        self._check_wallet()
        return self._ledger.height

    @rpc_method(profiles=("n2",))
    def import_priv_key(self, privkey: str) -> Answer:
        """Adds the account of a private key, a WIF, to the open wallet and its file."""
        wallet = self._wallet
        try:
            private_key = private_key_from_wif(privkey)
        except errors.FormatError:
            raise errors.InvalidParams from None

        from rpcnode.plugin.older_wallets import added

        def steps() -> Steps[Result]:
            return self._row((yield from added(wallet, private_key)))

        return answer_of_steps(steps())

    @rpc_method(profiles=("n2",))
    def list_address(self) -> Json:
        """The accounts of the open wallet."""
        return [self._row(account) for account in self._wallet.accounts]

    @rpc_method(profiles=("n2",))
    def send_from(
        self, asset_id: str, from_: str, to: str, value: str, fee: str = "0", change_address: str | None = None
    ) -> Answer:
        """Sends an asset from an account of the open wallet."""
        asset, sender, receiver = _asset(asset_id), self._account(from_), self._account(to)
        paid, change = self._fee_and_change(fee, change_address)
        return answer_of_steps(
            self._payments.sent(self._wallet, iter([(asset, value, receiver)]), sender, paid, change)
        )

    @rpc_method(profiles=("n2",))
    def send_to_address(
        self, asset_id: str, address: str, value: str, fee: str = "0", change_address: str | None = None
    ) -> Answer:
        """Sends an asset from the open wallet."""
        asset, receiver = _asset(asset_id), self._account(address)
        paid, change = self._fee_and_change(fee, change_address)
        return answer_of_steps(self._payments.sent(self._wallet, iter([(asset, value, receiver)]), None, paid, change))

    @rpc_method(profiles=("n2",))
    def send_many(
        self,
        from_or_outputs: RawJson,
        outputs_or_fee: RawJson = NOT_GIVEN,
        fee_or_change_address: RawJson = NOT_GIVEN,
        change_address: RawJson = NOT_GIVEN,
    ) -> Answer:
        """Sends to many accounts from the open wallet, or from the account that stands before the outputs."""
        listed = (from_or_outputs, outputs_or_fee, fee_or_change_address, change_address)
        given = [raw.value for raw in listed if raw is not NOT_GIVEN]
        sender = None
        if isinstance(given[0], str):
            sender = self._account(given[0])
            given = given[1:]
        if not given:
            raise errors.LeakedException(*_OUT_OF_RANGE)
        outputs, *options = given
        if outputs is not None and not isinstance(outputs, list):
            kind = _JSON_CLASSES[type(outputs)]
            cast = f"Unable to cast object of type 'Neo.IO.Json.{kind}' to type 'Neo.IO.Json.JArray'."
            raise errors.LeakedException(_INVALID_CAST, cast)
        texts = [self._text(option) for option in options[:2]]
        paid, change = self._fee_and_change(texts[0] if texts else "0", texts[1] if len(texts) > 1 else None)
        wallet = self._wallet
        if outputs is None:
            raise errors.LeakedException(*_NULL_REFERENCE)
        if not outputs:
            raise errors.InvalidParams
        return answer_of_steps(self._payments.sent(wallet, self._outputs(outputs), sender, paid, change))

    def _outputs(self, listed: list[Json]) -> Iterator[tuple[UInt160 | UInt256, str, UInt160]]:
        """Asset, amount and receiver of each output; each is read when it is its turn."""
        for output in listed:
            members = output if isinstance(output, dict) else {}
            asset, value = _asset(self._text(members.get("asset"))), self._text(members.get("value"))
            yield asset, value, self._account(self._text(members.get("address")))

    def _held_of_token(self, wallet: "Wallet", token: UInt160) -> str:
        from rpcnode.plugin.older_wallets import decimal_text, held_together

        owners = [account.script_hash for account in wallet.accounts if account.contract is not None]
        try:
            return decimal_text(*held_together(self._ledger, token, owners))
        except errors.ScriptNeeded as needed:
            raise errors.NotYet(f"getbalance: {needed}") from None

    def _row(self, account: "WalletAccount") -> Json:
        return {
            "address": self.node.address_of(account.script_hash),
            "haskey": account.nep2 is not None,
            "label": account.label,
            "watchonly": account.contract is None,
        }

    @property
    def _wallet(self) -> "Wallet":
        if self.node.wallet is None:
            raise errors.NoOpenedWallet
        return self.node.wallet

    def _check_wallet(self) -> None:
        if self.node.wallet is None:
            raise errors.NoOpenedWallet

    @property
    def _coins(self) -> "Neo2Coins":
        return self._payments.coins(self._wallet)

    def _fee_and_change(self, fee: str, change_address: str | None) -> tuple[int, UInt160 | None]:
        from rpcnode.plugin.older_wallets import fixed8_of

        paid = fixed8_of(fee)
        return paid, None if change_address is None else self._account(change_address)

    def _account(self, text: str) -> UInt160:
        account = self.node.script_hash_of(text)
        if account is None:
            raise errors.InvalidParams
        return account

    def _text(self, value: Json) -> str:
        from rpcnode.plugin.older_wallets import text_of

        return text_of("n2", value)


def _asset(text: str) -> UInt160 | UInt256:
    """An asset is a global one, by the hash of its transaction, or a contract."""
    for kind in (UInt256, UInt160):
        try:
            return kind.parse(text)
        except errors.FormatError:
            continue
    raise errors.InvalidParams
