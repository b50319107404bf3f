"""What a client does to have a transaction taken in: it asks for the fee, signs and sends."""

from base64 import b64encode
from collections.abc import Generator
from typing import Any, Final

from rpcnode.chain.relay import Relay
from rpcnode.chain.verification.pooled_fees import gas_of
from rpcnode.chain.verification.verdict import Verdict
from rpcnode.node import Node
from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.attribute import TransactionAttribute
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.keys import public_key_of, sign
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.script_builder import ScriptBuilder

GAS: Final = UInt160.parse("0xd2a4cff31913016155e38e474a2c06d08be276cf")
SCRIPTS: Final = ACCOUNT_SCRIPTS["n3"]
SYSTEM_FEE: Final = 20_000_000


class Client:
    """The owner of one key, with a node to send to."""

    def __init__(self, node: Node, private_key: bytes) -> None:
        self.node = node
        self.private_key = private_key
        self.verification = SCRIPTS.single_key(public_key_of(private_key))
        self.account = SCRIPTS.account(public_key_of(private_key))
        self._nonce = 0

    @property
    def relay(self) -> Relay:
        return self.node.view.relay

    @property
    def gas(self) -> int:
        """What the client has, in datoshi."""
        return gas_of(self.node.ledger.execution_at().storage, self.account)

    def gas_script(self, receiver: UInt160, amount: int) -> bytes:
        """A script that moves GAS of the client."""
        return ScriptBuilder().call(GAS, "transfer", (self.account, receiver, amount, None)).to_bytes()

    def unsigned(
        self, script: bytes = b"\x11", attributes: tuple[TransactionAttribute, ...] = (), **changes: Any
    ) -> Transaction:
        """A transaction that pays what the node asks for, with the script of its witness and no signature yet."""
        self._nonce += 1
        fields: dict[str, Any] = {
            "nonce": self._nonce,
            "system_fee_datoshi": SYSTEM_FEE,
            "network_fee_datoshi": 0,
            "valid_until_block": self.node.ledger.height + 100,
            "signers": (Signer(self.account, WitnessScope.CalledByEntry),),
            "attributes": attributes,
            "script": script,
            "witnesses": (Witness(b"", self.verification),),
        } | changes
        if "network_fee_datoshi" not in changes:
            fields["network_fee_datoshi"] = _ended(self.relay.network_fee(Transaction(**fields)))
        return Transaction(**fields)

    def signed(self, *args: Any, magic: int | None = None, **changes: Any) -> Transaction:
        """The same with the client's signature as its first witness."""
        transaction = self.unsigned(*args, **changes)
        message = transaction.sign_data(self.node.ledger.parameters.magic if magic is None else magic)
        invocation = SCRIPTS.invocation([sign(self.private_key, message)])
        return transaction.with_witnesses((Witness(invocation, self.verification), *transaction.witnesses[1:]))

    def send(self, *args: Any, **changes: Any) -> Verdict:
        """Signs and sends."""
        return self.relay.send(self.signed(*args, **changes))


def _ended(steps: Generator[None, None, int]) -> int:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return int(end.value)


def wire(transaction: Transaction) -> str:
    """A transaction as it is sent."""
    return b64encode(transaction.serialize()).decode()
