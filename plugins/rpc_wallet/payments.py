"""What the open wallet of Neo 2 sends: made, signed, handed in, and remembered until a block holds it.

Source: neo-modules 2.12.2, RpcWallet: SendFrom, SendMany, ClaimGas, SignAndRelay.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from rpcnode.plugin import NodeView, Result, UInt160, UInt256, errors
from rpcnode.plugin.neo2 import ONE
from rpcnode.plugin.steps import Steps

if TYPE_CHECKING:
    from random import Random

    from rpcnode.plugin.older_wallets import Neo2Coins, Neo2Transaction
    from rpcnode.plugin.older_wallets import neo2_payments as making
    from rpcnode.plugin.wallets import Wallet

Output = tuple[UInt160 | UInt256, str, UInt160]
"""Asset, amount as text, receiver."""

_INSUFFICIENT: Final = (-300, "Insufficient funds")
_NO_CLAIM: Final = (-300, "No gas to claim")
_OVER_MAX_FEE: Final = (
    -301,
    "The necessary fee is more than the Max_fee, this transaction is failed. Please increase your Max_fee value.",
)
_UNKNOWN_KEY: Final = -2146232969
_REMARK_SIZE: Final = 8
_FREE_SIZE: Final = 1024
_FEE_OF_SIZE, _FEE_BESIDE = 1000, 100_000


class Payments:
    """Makes and hands in the transactions of the wallet that is open."""

    def __init__(self, node: NodeView, max_fee: float) -> None:
        """`max_fee` in GAS."""
        self._node: Final = node
        self._max_fee: Final = int(Decimal(str(max_fee)) * ONE)
        self._sent: dict[UInt256, Neo2Transaction] = {}
        self._of_wallet: Wallet | None = None
        self._random: Random | None = None

    @property
    def random(self) -> "Random":
        """What remarks and keys are drawn from: the same calls on the same chain draw the same."""
        if self._random is None:
            from random import Random

            ledger = self._node.ledger
            self._random = Random(f"{ledger.parameters.magic}/{ledger.height}/{len(ledger.mempool)}")
        return self._random

    def coins(self, wallet: "Wallet") -> "Neo2Coins":
        """The coins of a wallet, with what it has sent that no block holds."""
        from rpcnode.plugin.older_wallets import Neo2Coins

        if self._of_wallet is not wallet:
            self._of_wallet, self._sent = wallet, {}
        ledger = self._node.ledger
        self._sent = {known: sent for known, sent in self._sent.items() if ledger.transaction(known) is None}
        return Neo2Coins(ledger, wallet, self._sent.values())

    def payer(self, wallet: "Wallet") -> "making.Payer":
        """What makes the transactions of a wallet."""
        from rpcnode.plugin.older_wallets import neo2_payments

        return neo2_payments.Payer(self._node.ledger, wallet, self.coins(wallet))

    def sent(
        self, wallet: "Wallet", outputs: Iterator[Output], sender: UInt160 | None, fee: int, change: UInt160 | None
    ) -> Steps[Result]:
        """Pays all outputs in one transaction, and gives it as JSON; `fee` in units of 10^-8 GAS."""
        payments = self._read(wallet, outputs)
        if fee < 0:
            raise errors.InvalidParams
        made = self._made(wallet, payments, sender, fee, change)
        size = (yield from self._signed(wallet, made)).size
        by_size = size * _FEE_OF_SIZE + _FEE_BESIDE
        if size > _FREE_SIZE and fee < by_size:
            fee = by_size
            made = self._made(wallet, payments, sender, fee, change)
        if fee > self._max_fee:
            raise errors.LeakedException(*_OVER_MAX_FEE)
        return self._relayed((yield from self._signed(wallet, made)))

    def claimed(self, wallet: "Wallet", receiver: UInt160 | None) -> Steps[Result]:
        """Claims what there is, and gives the transaction as JSON."""
        claim = self.payer(wallet).claim(receiver)
        if claim is None:
            raise errors.LeakedException(*_NO_CLAIM)
        return self._relayed((yield from self._signed(wallet, claim)))

    def _read(self, wallet: "Wallet", outputs: Iterator[Output]) -> "list[making.Payment]":
        from rpcnode.plugin.older_wallets import amount_of, neo2_payments

        payer = self.payer(wallet)
        payments = []
        for asset, value, receiver in outputs:
            try:
                decimals = payer.decimals_of(asset)
            except errors.ScriptNeeded as needed:
                raise errors.NotYet(f"{needed}") from None
            amount = amount_of(value, decimals)
            if amount <= 0:
                raise errors.InvalidParams
            payments.append(neo2_payments.Payment(asset, amount, receiver))
        return payments

    def _made(
        self,
        wallet: "Wallet",
        payments: "list[making.Payment]",
        sender: UInt160 | None,
        fee: int,
        change: UInt160 | None,
    ) -> "Neo2Transaction":
        is_global = any(isinstance(payment.asset, UInt256) for payment in payments)
        if sender is not None and (is_global or fee) and wallet.account(sender) is None:
            told = f"The given key '{sender}' was not present in the dictionary."
            raise errors.LeakedException(_UNKNOWN_KEY, told)
        remark = self.random.randbytes(_REMARK_SIZE)
        try:
            made = self.payer(wallet).payment(payments, sender, change, fee, remark)
        except errors.ScriptNeeded as needed:
            raise errors.NotYet(f"{needed}") from None
        if made is None:
            raise errors.LeakedException(*_INSUFFICIENT)
        return made

    def _signed(self, wallet: "Wallet", made: "Neo2Transaction") -> "Steps[Neo2Transaction]":
        signed = yield from self.payer(wallet).signed(made)
        if signed is None:
            raise errors.NotYet("a transaction that waits for the signatures of others is not handed out")
        return signed

    def _relayed(self, signed: "Neo2Transaction") -> Result:
        """Hands in a transaction; whatever becomes of it, the wallet takes it for sent, as the node does."""
        try:
            self._node.older_relay.send(signed)
        except errors.ScriptNeeded as needed:
            raise errors.NotYet(f"{needed}") from None
        self._sent[signed.hash] = signed
        return signed.to_json(self._node.ledger.parameters.address_version)
