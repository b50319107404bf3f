"""How a profile writes blocks: all that differs between Neo's generations in bytes, hashes and scripts, as one record.

A layout is of one network, since preview2 hashes the network's magic number with everything. What a layout returns
prints itself as the profile's node prints it.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol

from rpcnode.chain.blocks import NewTransaction
from rpcnode.payloads.account_scripts import AccountScripts
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160, UInt256

if TYPE_CHECKING:
    from rpcnode.payloads.neo2.coins import CoinReference, SpentCoins, TransactionOutput

Argument = bytes | int | str | None
"""What a call passes to a contract; accounts go as they are stored."""

Sign = Callable[[UInt160, bytes], Witness]
"""(account, unsigned part of what it signs) -> the witness, without scripts where the key is not known."""

StoredTransaction = tuple[bytes, bytes | None]
"""The unsigned part, and the witnesses as an array with its count; None: they are made on demand."""


class Printed(Protocol):
    """What has bytes on the wire, a hash, and a JSON form."""

    @property
    def hash(self) -> UInt256: ...
    @property
    def size(self) -> int: ...
    def serialize(self) -> bytes: ...
    def to_json(self, address_version: int) -> dict[str, Json]: ...


class PrintedBlock(Printed, Protocol):
    """A block, its transactions in order."""

    @property
    def index(self) -> int: ...
    @property
    def transactions(self) -> Sequence[Printed]: ...


class CoinMoves(NamedTuple):
    """What a transaction of Neo 2 does to coins; `system_fee` in units of 10^-8 GAS."""

    transaction_hash: UInt256
    outputs: "Sequence[TransactionOutput]"
    inputs: "Sequence[CoinReference]"
    claims: "Sequence[CoinReference]"
    system_fee: int


class CoinTransfer(NamedTuple):
    """What a transaction of Neo 2 is to spend and to make; `is_issue`: GAS comes out of nothing."""

    inputs: "tuple[CoinReference, ...]"
    outputs: "tuple[TransactionOutput, ...]"
    is_issue: bool


class HeaderWriter(NamedTuple):
    """Makes the hashed part of headers."""

    of_root: Callable[[bytes, bytes, int, int, int], bytes]
    """(previous hash, merkle root, timestamp in ms, nonce, index)"""
    of_empty: Callable[[bytes, int, int, int], bytes]
    """The same without the merkle root: of a block with no transactions but its own."""


class Genesis(NamedTuple):
    """What the first block holds: its witness, its transactions, and the hashes of those whose script ran.

    `mints`: the tokens that those scripts gave to the validators, and how much of each.
    """

    witness: bytes
    transactions: tuple[NewTransaction, ...] = ()
    executed: tuple[UInt256, ...] = ()
    mints: tuple[tuple[UInt160, int], ...] = ()


class PayloadLayout(ABC):
    """A profile's layout on the network with the magic number `magic`."""

    account_scripts: ClassVar[AccountScripts]
    witness_type: ClassVar[type[Witness]]
    max_signers: ClassVar[int]
    max_script_size: ClassVar[int] = 0xFFFF
    assertion: ClassVar[bytes]
    """The instruction that fails unless what a call left is true."""

    def __init__(self, magic: int) -> None:
        self.magic = magic

    # Hashes and signatures

    @abstractmethod
    def digest(self, unsigned: bytes) -> bytes:
        """The hash, 32 bytes, of a header or transaction by its unsigned part."""

    @abstractmethod
    def sign_data(self, unsigned: bytes) -> bytes:
        """The message that the witnesses of a header or transaction sign."""

    @abstractmethod
    def merkle_root(self, nonce: int, transaction_hashes: Sequence[UInt256]) -> UInt256:
        """The merkle root of a block that this node makes, by its nonce and the transactions it was given."""

    @abstractmethod
    def header_writer(self, next_consensus: bytes) -> HeaderWriter:
        """What makes headers that name `next_consensus`; of every block the first validator is the proposer."""

    # Reading back

    @abstractmethod
    def header(self, hashed_part: bytes, witness: Witness) -> Printed:
        """A header with its witness."""

    @abstractmethod
    def transaction(self, stored: StoredTransaction, sign: Sign) -> Printed:
        """A transaction with its witnesses: those that were stored, or made by `sign`."""

    @abstractmethod
    def block(
        self,
        hashed_part: bytes,
        witness: Witness,
        nonce: int,
        stored: Iterable[StoredTransaction],
        sign: Sign,
        consensus_data: bytes | None = None,
    ) -> PrintedBlock:
        """A block with the transactions it was given and, where the profile has such, its own.

        `consensus_data` is preview2's, None where it is of the first validator and `nonce`.
        """

    def own_transaction(self, nonce: int) -> Printed | None:
        """The transaction that each block has besides those it was given; it is not stored."""
        return None

    def own_hashes(self, nonces: Iterable[tuple[int, int]]) -> Iterator[tuple[int, bytes]]:
        """The hashes of blocks' own transactions: (block index, nonce) -> (block index, hash)."""
        return iter(())

    # Making

    @abstractmethod
    def genesis(self, validators: Sequence[ECPoint]) -> Genesis:
        """The contents of the first block."""

    @abstractmethod
    def unsigned_transaction(self, block_index: int, position: int, signers: Sequence[UInt160], script: bytes) -> bytes:
        """The unsigned part of a transaction without fees; its place in the chain makes it unlike any other."""

    @abstractmethod
    def call(self, contract: UInt160, method: str, arguments: Sequence[Argument]) -> bytes:
        """The script that calls a contract's method, as wallets write it."""

    def transfer_arguments(self, sender: UInt160, receiver: UInt160, amount: int) -> tuple[Argument, ...]:
        """What a token's `transfer` is given."""
        return sender, receiver, amount


class CoinLayout(PayloadLayout):
    """The layout of a profile whose transactions have inputs and outputs."""

    def __init__(self, magic: int) -> None:
        super().__init__(magic)
        self.coins: SpentCoins = {}
        """The outputs behind the inputs of transactions; the chain's coins, once there are any."""

    @abstractmethod
    def coin_moves(self, unsigned: bytes) -> CoinMoves:
        """What a transaction does to coins, by its unsigned part."""

    @abstractmethod
    def coin_transaction(
        self,
        block_index: int,
        position: int,
        signers: Sequence[UInt160],
        script: bytes,
        coins: CoinTransfer,
    ) -> bytes:
        """The unsigned part of a transaction that moves coins, and runs a script unless it is empty."""

    @abstractmethod
    def network_fees(self, transactions: Iterable[NewTransaction]) -> int:
        """What clients' transactions leave to a block's proposer, in units of 10^-8 GAS."""

    @abstractmethod
    def fee_transaction(self, nonce: int, fee: int, receiver: UInt160) -> NewTransaction:
        """A block's own transaction that gives its proposer the fees."""
