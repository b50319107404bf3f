"""The layout of Neo 3.0.0-preview2.

Source: neo 3.0.0-preview2, Neo: Ledger/Blockchain, VM/Helper, Wallets/Wallet.MakeTransaction.
"""

from collections.abc import Iterable, Sequence
from struct import Struct, pack

from rpcnode.chain.blocks import NewTransaction
from rpcnode.chain.format.layout import Argument, Genesis, HeaderWriter, PayloadLayout, Sign, StoredTransaction
from rpcnode.execution.call_scripts import CALL_SCRIPTS
from rpcnode.execution.native_hashes import NATIVE_TOKENS
from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.preview2.block import ConsensusData, Preview2Block, Preview2Header, block_merkle_root
from rpcnode.payloads.preview2.transaction import MAX_VALID_UNTIL_BLOCK_INCREMENT, Preview2Transaction, Preview2Witness
from rpcnode.payloads.verification import script_hash
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.binary import var_length
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.hashes import hash256
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.script_builder import ScriptBuilder

_CALLED_BY_ENTRY = b"\x01"
_PUSH1 = b"\x11"
_PRIMARY = 0
_NEO_SUPPLY, _INITIAL_GAS_DATOSHI = 100_000_000, 30_000_000 * 100_000_000


class Preview2Layout(PayloadLayout):
    """Hashes and signatures are over the network's magic number and the unsigned part."""

    account_scripts = ACCOUNT_SCRIPTS["n3-preview"]
    witness_type = Preview2Witness
    max_signers = 16
    assertion = b"\x38"

    def __init__(self, magic: int) -> None:
        super().__init__(magic)
        self._network = magic.to_bytes(4, "little")

    def digest(self, unsigned: bytes) -> bytes:
        return hash256(self._network + unsigned)

    def sign_data(self, unsigned: bytes) -> bytes:
        return self._network + unsigned

    def merkle_root(self, nonce: int, transaction_hashes: Sequence[UInt256]) -> UInt256:
        return block_merkle_root(ConsensusData(_PRIMARY, nonce), transaction_hashes)

    def header_writer(self, next_consensus: bytes) -> HeaderWriter:
        version, tail, consensus_data = bytes(4), Struct("<QI").pack, Struct("<BQ").pack

        def of_root(previous: bytes, root: bytes, timestamp_ms: int, nonce: int, index: int) -> bytes:
            return version + previous + root + tail(timestamp_ms, index) + next_consensus

        def of_empty(previous: bytes, timestamp_ms: int, nonce: int, index: int) -> bytes:
            root = hash256(consensus_data(_PRIMARY, nonce))
            return version + previous + root + tail(timestamp_ms, index) + next_consensus

        return HeaderWriter(of_root, of_empty)

    def header(self, hashed_part: bytes, witness: Witness) -> Preview2Header:
        return Preview2Header.parse_unsigned(hashed_part, self.magic).with_witness(witness)

    def transaction(self, stored: StoredTransaction, sign: Sign) -> Preview2Transaction:
        unsigned, witnesses = stored
        if witnesses is not None:
            return Preview2Transaction.parse(unsigned + witnesses, self.magic)
        transaction = Preview2Transaction.parse_unsigned(unsigned, self.magic)
        return transaction.with_witnesses(tuple(sign(account, unsigned) for account in transaction.accounts_to_sign))

    def block(
        self,
        hashed_part: bytes,
        witness: Witness,
        nonce: int,
        stored: Iterable[StoredTransaction],
        sign: Sign,
        consensus_data: bytes | None = None,
    ) -> Preview2Block:
        transactions = tuple(self.transaction(transaction, sign) for transaction in stored)
        data = ConsensusData(_PRIMARY, nonce) if consensus_data is None else ConsensusData.parse(consensus_data)
        return Preview2Block(self.header(hashed_part, witness), data, transactions)

    def genesis(self, validators: Sequence[ECPoint]) -> Genesis:
        """The deployment of the native contracts, as on every network of that version."""
        witness = Preview2Witness(b"", _PUSH1)
        deployment = Preview2Transaction(
            magic=self.magic,
            nonce=0,
            sender=script_hash(_PUSH1),
            system_fee_datoshi=0,
            network_fee_datoshi=0,
            valid_until_block=0,
            attributes=(),
            cosigners=(),
            script=ScriptBuilder().syscall("Neo.Native.Deploy").to_bytes(),
        )
        stored = NewTransaction(deployment.hash, deployment.serialize_unsigned(), b"\x01" + witness.serialize())
        natives = NATIVE_TOKENS["n3-preview"]
        mints = ((natives["NEO"], _NEO_SUPPLY), (natives["GAS"], _INITIAL_GAS_DATOSHI))
        return Genesis(witness.serialize(), (stored,), (deployment.hash,), mints)

    def unsigned_transaction(self, block_index: int, position: int, signers: Sequence[UInt160], script: bytes) -> bytes:
        valid_until_block = block_index - 1 + MAX_VALID_UNTIL_BLOCK_INCREMENT
        return b"".join(
            (
                pack("<BI", 0, position),
                signers[0],
                pack("<qqI", 0, 0, valid_until_block),
                b"\0",
                bytes((len(signers),)),
                *(signer + _CALLED_BY_ENTRY for signer in signers),
                var_length(len(script)),
                script,
            )
        )

    def call(self, contract: UInt160, method: str, arguments: Sequence[Argument]) -> bytes:
        items = [argument.encode() if isinstance(argument, str) else argument for argument in arguments]
        return CALL_SCRIPTS["n3-preview"](contract, method, items or None)
