"""The layout of Neo N3. Source: neo 3.10.2, Neo: Network/P2P/Payloads/Header, Block, Transaction."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from struct import Struct, pack
from typing import TYPE_CHECKING

from rpcnode.chain.format.layout import Argument, Genesis, HeaderWriter, PayloadLayout, Sign, StoredTransaction
from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.merkle import merkle_root
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.binary import var_length
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.script_builder import ScriptBuilder

if TYPE_CHECKING:
    from rpcnode.payloads.block import Block
    from rpcnode.payloads.header import Header
    from rpcnode.payloads.transaction import Transaction

VALID_BLOCKS = 5760

_CALLED_BY_ENTRY = b"\x01"
_PUSH1 = b"\x11"


class N3Layout(PayloadLayout):
    """A single SHA-256, without the network, which stands in what is signed."""

    account_scripts = ACCOUNT_SCRIPTS["n3"]
    witness_type = Witness
    max_signers = 16
    assertion = b"\x39"

    def digest(self, unsigned: bytes) -> bytes:
        return sha256(unsigned).digest()

    def sign_data(self, unsigned: bytes) -> bytes:
        return self.magic.to_bytes(4, "little") + sha256(unsigned).digest()

    def merkle_root(self, nonce: int, transaction_hashes: Sequence[UInt256]) -> UInt256:
        return merkle_root(transaction_hashes)

    def header_writer(self, next_consensus: bytes) -> HeaderWriter:
        version, no_transactions, tail = bytes(4), bytes(32), Struct("<QQIB").pack

        def of_root(previous: bytes, root: bytes, timestamp_ms: int, nonce: int, index: int) -> bytes:
            return version + previous + root + tail(timestamp_ms, nonce, index, 0) + next_consensus

        def of_empty(previous: bytes, timestamp_ms: int, nonce: int, index: int) -> bytes:
            return version + previous + no_transactions + tail(timestamp_ms, nonce, index, 0) + next_consensus

        return HeaderWriter(of_root, of_empty)

    # The payloads are loaded when one is printed: a start makes bytes only.

    def header(self, hashed_part: bytes, witness: Witness) -> "Header":
        from rpcnode.payloads.header import Header

        return Header.parse_unsigned(hashed_part).with_witness(witness)

    def transaction(self, stored: StoredTransaction, sign: Sign) -> "Transaction":
        from rpcnode.payloads.transaction import Transaction

        unsigned, witnesses = stored
        if witnesses is not None:
            return Transaction.parse(unsigned + witnesses)
        transaction = Transaction.parse_unsigned(unsigned)
        return transaction.with_witnesses(tuple(sign(signer.account, unsigned) for signer in transaction.signers))

    def block(
        self,
        hashed_part: bytes,
        witness: Witness,
        nonce: int,
        stored: Iterable[StoredTransaction],
        sign: Sign,
        consensus_data: bytes | None = None,
    ) -> "Block":
        from rpcnode.payloads.block import Block

        header = self.header(hashed_part, witness)
        return Block(header, tuple(self.transaction(transaction, sign) for transaction in stored))

    def genesis(self, validators: Sequence[ECPoint]) -> Genesis:
        return Genesis(Witness(b"", _PUSH1).serialize())

    def unsigned_transaction(self, block_index: int, position: int, signers: Sequence[UInt160], script: bytes) -> bytes:
        return b"".join(
            (
                pack("<BIqqI", 0, position, 0, 0, block_index + VALID_BLOCKS),
                bytes((len(signers),)),
                *(signer + _CALLED_BY_ENTRY for signer in signers),
                b"\0",
                var_length(len(script)),
                script,
            )
        )

    def call(self, contract: UInt160, method: str, arguments: Sequence[Argument]) -> bytes:
        return ScriptBuilder().call(contract, method, arguments).to_bytes()

    def transfer_arguments(self, sender: UInt160, receiver: UInt160, amount: int) -> tuple[Argument, ...]:
        return sender, receiver, amount, None  # the last is data for the receiving contract
