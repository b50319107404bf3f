"""Accounts of the older dev chains that sign transactions of their own."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rpcnode.execution.call_scripts import CALL_SCRIPTS
from rpcnode.node import Node
from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.neo2.coins import ONE, CoinReference, TransactionOutput
from rpcnode.payloads.neo2.transaction import Neo2Transaction, Neo2Witness
from rpcnode.payloads.neo2.transaction_data import ContractTransaction, TransactionData
from rpcnode.payloads.preview2.transaction import Cosigner, Preview2Transaction, Preview2Witness
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.keys import public_key_of, sign
from rpcnode.primitives.uint import UInt160, UInt256


def verification_of(profile: ProfileName, private_key: bytes) -> bytes:
    return ACCOUNT_SCRIPTS[profile].single_key(public_key_of(private_key))


@dataclass(frozen=True, slots=True)
class Neo2Client:
    """One account of a node of Neo 2."""

    node: Node
    private_key: bytes

    @property
    def account(self) -> UInt160:
        return ACCOUNT_SCRIPTS["n2"].account(public_key_of(self.private_key))

    def coin(self, asset: UInt256) -> CoinReference:
        """The first coin that it can spend."""
        coins = self.node.ledger.coins
        assert coins is not None
        found = next(c for c in coins.unspent_of(self.account, self.node.ledger.height) if c.asset == asset)
        return CoinReference(found.transaction_hash, found.position)

    def output(self, asset: UInt256, amount: float, account: UInt160 | None = None) -> TransactionOutput:
        """So much of an asset, for itself or another."""
        return TransactionOutput(asset, round(amount * ONE), account or self.account)

    def signed(
        self,
        inputs: Sequence[CoinReference],
        outputs: Sequence[TransactionOutput],
        data: TransactionData | None = None,
        **more: object,
    ) -> Neo2Transaction:
        made = Neo2Transaction(data or ContractTransaction(), inputs=tuple(inputs), outputs=tuple(outputs))
        return self.with_witness(replace(made, **more))  # type: ignore[arg-type]

    def with_witness(self, made: Neo2Transaction) -> Neo2Transaction:
        scripts = ACCOUNT_SCRIPTS["n2"]
        invocation = scripts.invocation([sign(self.private_key, made.sign_data())])
        return made.with_witnesses((Neo2Witness(invocation, verification_of("n2", self.private_key)),))


@dataclass(slots=True)
class Preview2Client:
    """One account of a node of preview2; no two of its transactions have the same nonce."""

    node: Node
    private_key: bytes
    nonce: int = field(default=0)

    @property
    def account(self) -> UInt160:
        return ACCOUNT_SCRIPTS["n3-preview"].account(public_key_of(self.private_key))

    def signed(
        self,
        script: bytes,
        *,
        system_fee: int = 10_000_000,
        network_fee: int = 2_000_000,
        valid_until_block: int | None = None,
    ) -> Preview2Transaction:
        self.nonce += 1
        ledger = self.node.ledger
        made = Preview2Transaction(
            magic=ledger.parameters.magic,
            nonce=self.nonce,
            sender=self.account,
            system_fee_datoshi=system_fee,
            network_fee_datoshi=network_fee,
            valid_until_block=ledger.height + 100 if valid_until_block is None else valid_until_block,
            attributes=(),
            cosigners=(Cosigner(self.account),),
            script=script,
        )
        invocation = ACCOUNT_SCRIPTS["n3-preview"].invocation([sign(self.private_key, made.sign_data())])
        witness = Preview2Witness(invocation, verification_of("n3-preview", self.private_key))
        return made.with_witnesses((witness,))

    def transfer(self, token: UInt160, receiver: UInt160, amount: int) -> bytes:
        """The script that moves so much of a token, and asserts that it did."""
        arguments = bytes(self.account), bytes(receiver), amount
        return CALL_SCRIPTS["n3-preview"](token, "transfer", arguments) + b"\x38"
