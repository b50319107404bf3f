"""Blocks of Neo N3."""

from typing import Self

from rpcnode.payloads.header import Header
from rpcnode.payloads.merkle import merkle_root
from rpcnode.payloads.payload import Payload
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.binary import BinaryReader, BinaryWriter
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt256

MAX_TRANSACTIONS = 0xFFFF


@dataclass(frozen=True, slots=True)
class Block(Payload):
    """A header and its transactions, in order.

    A parsed block's merkle root is that of its transactions; whoever makes one sees to that himself.
    Source: neo, Neo: Network/P2P/Payloads/Block.
    """

    header: Header
    transactions: tuple[Transaction, ...]

    @property
    def hash(self) -> UInt256:
        """The header's hash."""
        return self.header.hash

    @property
    def index(self) -> int:
        return self.header.index

    @property
    def size(self) -> int:
        """Bytes on the wire."""
        return len(self.serialize())

    @classmethod
    def read_from(cls, reader: BinaryReader) -> Self:
        header = Header.read_from(reader)
        transactions = reader.var_array(Transaction.read_from, MAX_TRANSACTIONS)
        hashes = [transaction.hash for transaction in transactions]
        if len(set(hashes)) != len(hashes):
            raise FormatError("a block has each transaction once")
        root = merkle_root(hashes)
        if root != header.merkle_root:
            raise FormatError(f"the header's merkle root is {header.merkle_root}, that of the transactions {root}")
        return cls(header, transactions)

    def write_to(self, writer: BinaryWriter) -> None:
        self.header.write_to(writer)
        writer.var_int(len(self.transactions)).array(self.transactions)

    def to_json(self, address_version: int) -> dict[str, Json]:
        """As neo-cli 3.10 prints it, without confirmations and nextblockhash, which the ledger appends."""
        json = self.header.to_json(address_version)
        json["size"] = self.size
        json["tx"] = [transaction.to_json(address_version) for transaction in self.transactions]
        return json
