"""The layout of Neo 2.

Source: neo 2.12.0, Neo: Ledger/Blockchain, Consensus/ConsensusContext, VM/Helper,
Wallets/Wallet.MakeTransaction.
"""

from collections.abc import Iterable, Iterator, Sequence
from struct import Struct, pack

from rpcnode.chain.blocks import NewTransaction
from rpcnode.chain.format.layout import (
    Argument,
    CoinLayout,
    CoinMoves,
    CoinTransfer,
    Genesis,
    HeaderWriter,
    Sign,
    StoredTransaction,
)
from rpcnode.execution.call_scripts import CALL_SCRIPTS
from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.merkle import merkle_root
from rpcnode.payloads.neo2.attribute import REMARK, SCRIPT, Neo2Attribute
from rpcnode.payloads.neo2.block import Neo2Block, Neo2Header
from rpcnode.payloads.neo2.coins import GAS_ASSET, NEO_ASSET, ONE, TransactionOutput
from rpcnode.payloads.neo2.transaction import Neo2Transaction, Neo2Witness
from rpcnode.payloads.neo2.transaction_data import (
    MAX_INVOCATION_SCRIPT_SIZE,
    Claim,
    ContractTransaction,
    InvocationTransaction,
    Issue,
    MinerTransaction,
    Register,
    TransactionData,
)
from rpcnode.payloads.verification import script_hash
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.binary import var_length
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.hashes import hash256
from rpcnode.primitives.uint import UInt160, UInt256

_PUSHF, _PUSHT, _RET = b"\x00", b"\x51", b"\x66"
_INVOCATION_V1 = b"\xd1\x01"
_NO_GAS, _NO_INPUTS_NO_OUTPUTS = bytes(8), bytes(2)
_SUPPLY = 100_000_000 * ONE  # of NEO and of GAS

_NEO = Register(
    0x00, '[{"lang":"zh-CN","name":"小蚁股"},{"lang":"en","name":"AntShare"}]', _SUPPLY, 0, None, script_hash(_PUSHT)
)
_GAS = Register(
    0x01, '[{"lang":"zh-CN","name":"小蚁币"},{"lang":"en","name":"AntCoin"}]', _SUPPLY, 8, None, script_hash(_PUSHF)
)
"""The two assets of every network, under the names from before they were NEO and GAS; their ids depend on them."""


class Neo2Layout(CoinLayout):
    """Hashes and signatures are over the unsigned part alone; each block begins with a miner transaction of its own."""

    account_scripts = ACCOUNT_SCRIPTS["n2"]
    witness_type = Neo2Witness
    max_signers = 15  # of 16 attributes one is a remark
    max_script_size = MAX_INVOCATION_SCRIPT_SIZE - 1  # RET is added
    assertion = b"\xf1"

    def digest(self, unsigned: bytes) -> bytes:
        return hash256(unsigned)

    def sign_data(self, unsigned: bytes) -> bytes:
        return unsigned

    def merkle_root(self, nonce: int, transaction_hashes: Sequence[UInt256]) -> UInt256:
        return merkle_root([_miner_transaction(nonce).hash, *transaction_hashes])

    def header_writer(self, next_consensus: bytes) -> HeaderWriter:
        version, tail = bytes(4), Struct("<IIQ").pack

        def of_root(previous: bytes, root: bytes, timestamp_ms: int, nonce: int, index: int) -> bytes:
            return version + previous + root + tail(timestamp_ms // 1000, index, nonce) + next_consensus

        def of_empty(previous: bytes, timestamp_ms: int, nonce: int, index: int) -> bytes:
            root = _miner_hash(nonce)
            return version + previous + root + tail(timestamp_ms // 1000, index, nonce) + next_consensus

        return HeaderWriter(of_root, of_empty)

    def header(self, hashed_part: bytes, witness: Witness) -> Neo2Header:
        return Neo2Header.parse_unsigned(hashed_part).with_witness(witness)

    def transaction(self, stored: StoredTransaction, sign: Sign) -> Neo2Transaction:
        unsigned, witnesses = stored
        if witnesses is not None:
            return self._with_coins(Neo2Transaction.parse(unsigned + witnesses))
        transaction = self._with_coins(Neo2Transaction.parse_unsigned(unsigned))
        return transaction.with_witnesses(tuple(sign(account, unsigned) for account in transaction.accounts_to_sign()))

    def _with_coins(self, transaction: Neo2Transaction) -> Neo2Transaction:
        return transaction.with_spent(self.coins) if transaction.inputs else transaction

    def coin_moves(self, unsigned: bytes) -> CoinMoves:
        transaction = Neo2Transaction.parse_unsigned(unsigned)
        claims = transaction.data.claims if isinstance(transaction.data, Claim) else ()
        return CoinMoves(transaction.hash, transaction.outputs, transaction.inputs, claims, transaction.system_fee)

    def block(
        self,
        hashed_part: bytes,
        witness: Witness,
        nonce: int,
        stored: Iterable[StoredTransaction],
        sign: Sign,
        consensus_data: bytes | None = None,
    ) -> Neo2Block:
        given = [self.transaction(transaction, sign) for transaction in stored]
        # A recorded block's own transaction was stored with it.
        own = () if given and isinstance(given[0].data, MinerTransaction) else (_miner_transaction(nonce),)
        return Neo2Block(self.header(hashed_part, witness), (*own, *given))

    def own_transaction(self, nonce: int) -> Neo2Transaction:
        return _miner_transaction(nonce)

    def own_hashes(self, nonces: Iterable[tuple[int, int]]) -> Iterator[tuple[int, bytes]]:
        return ((block_index, _miner_hash(nonce)) for block_index, nonce in nonces)

    def genesis(self, validators: Sequence[ECPoint]) -> Genesis:
        """The registration of NEO and GAS and the issue of all NEO to the validators, as on every network."""
        majority = self.account_scripts.multisig(len(validators) // 2 + 1, validators)
        issue = Neo2Transaction(Issue(), outputs=(TransactionOutput(NEO_ASSET, _SUPPLY, script_hash(majority)),))
        witness = Neo2Witness(b"", _PUSHT)
        signed = (
            (Neo2Transaction(_NEO), b"\0"),
            (Neo2Transaction(_GAS), b"\0"),
            (issue, b"\x01" + witness.serialize()),
        )
        transactions = (NewTransaction(made.hash, made.serialize_unsigned(), witnesses) for made, witnesses in signed)
        return Genesis(witness.serialize(), tuple(transactions))

    def unsigned_transaction(self, block_index: int, position: int, signers: Sequence[UInt160], script: bytes) -> bytes:
        # A wallet's remark is eight random bytes, for the same reason: nothing else tells two alike transfers apart.
        remark = pack("<BBII", REMARK, 8, block_index, position)
        return b"".join(
            (
                _INVOCATION_V1,
                var_length(len(script) + 1),
                script,
                _RET,
                _NO_GAS,
                bytes((1 + len(signers),)),
                remark,
                *(bytes((SCRIPT,)) + signer for signer in signers),
                _NO_INPUTS_NO_OUTPUTS,
            )
        )

    def coin_transaction(
        self,
        block_index: int,
        position: int,
        signers: Sequence[UInt160],
        script: bytes,
        coins: CoinTransfer,
    ) -> bytes:
        data: TransactionData = Issue() if coins.is_issue else ContractTransaction()
        if script:
            data = InvocationTransaction(script + _RET, gas=0)
        remark = Neo2Attribute(REMARK, pack("<II", block_index, position))
        return Neo2Transaction(
            data,
            version=1 if script else 0,
            attributes=(remark, *(Neo2Attribute(SCRIPT, bytes(signer)) for signer in signers)),
            inputs=coins.inputs,
            outputs=coins.outputs,
        ).serialize_unsigned()

    def network_fees(self, transactions: Iterable[NewTransaction]) -> int:
        made = (Neo2Transaction.parse_unsigned(transaction.unsigned) for transaction in transactions)
        return sum(transaction.with_spent(self.coins).network_fee for transaction in made)

    def fee_transaction(self, nonce: int, fee: int, receiver: UInt160) -> NewTransaction:
        outputs = (TransactionOutput(GAS_ASSET, fee, receiver),)
        made = Neo2Transaction(MinerTransaction(nonce & 0xFFFFFFFF), outputs=outputs)
        return NewTransaction(made.hash, made.serialize_unsigned(), b"\0")

    def call(self, contract: UInt160, method: str, arguments: Sequence[Argument]) -> bytes:
        return CALL_SCRIPTS["n2"](contract, method, [*map(_item, arguments)] or None)


def _item(argument: Argument) -> bytes | int:
    """An argument as it is pushed; Neo 2 has no null, an empty byte array stands for it."""
    if argument is None:
        return b""
    return argument.encode() if isinstance(argument, str) else argument


def _miner_transaction(nonce: int) -> Neo2Transaction:
    """A block's own transaction: its nonce is the low half of the block's, and there is no fee to take."""
    return Neo2Transaction(MinerTransaction(nonce & 0xFFFFFFFF))


_miner_bytes = Struct("<HIHB").pack  # type and version; nonce; no attributes, inputs, outputs


def _miner_hash(nonce: int) -> bytes:
    """The hash of that transaction, without making it: of empty blocks this is all there is to the merkle root."""
    return hash256(_miner_bytes(0, nonce & 0xFFFFFFFF, 0, 0))
