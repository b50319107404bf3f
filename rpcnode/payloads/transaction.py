"""Transactions of Neo N3."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from struct import Struct
from typing import TYPE_CHECKING, Final, Self, TypeVar

from rpcnode.payloads.payload import Verifiable
from rpcnode.payloads.signer import Signer
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.address import address_of
from rpcnode.primitives.binary import BinaryReader, BinaryWriter, var_length
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160

if TYPE_CHECKING:
    from rpcnode.payloads.attribute import TransactionAttribute

T = TypeVar("T")

MAX_TRANSACTION_SIZE = 102_400
MAX_SIGNERS_AND_ATTRIBUTES = 16  # together; at least one is a signer
MAX_SCRIPT_SIZE = 0xFFFF
_FIRST_MEMBERS: Final = Struct("<BIqqI")  # version, nonce, both fees, the last block
_MAX_FEE = 0x7FFF_FFFF_FFFF_FFFF  # of both together


@dataclass(frozen=True, slots=True)
class Transaction(Verifiable):
    """A script with who pays for it. `witnesses` is in the order of `signers`, or empty while nobody has signed.

    Source: neo, Neo: Network/P2P/Payloads/Transaction.
    """

    nonce: int
    system_fee_datoshi: int
    network_fee_datoshi: int
    valid_until_block: int
    signers: tuple[Signer, ...]
    attributes: "tuple[TransactionAttribute, ...]"
    script: bytes
    witnesses: tuple[Witness, ...] = ()
    version: int = 0

    def __post_init__(self) -> None:
        _check_first_members(self.version, self.system_fee_datoshi, self.network_fee_datoshi)
        self._check_signers_and_attributes()
        if not self.script:
            raise FormatError("Script in Transaction is empty")
        if len(self.script) > MAX_SCRIPT_SIZE:
            raise FormatError(f"a transaction's script has at most {MAX_SCRIPT_SIZE} bytes, got {len(self.script)}")
        if self.witnesses and len(self.witnesses) != len(self.signers):
            raise FormatError(f"{len(self.signers)} signers need as many witnesses, got {len(self.witnesses)}")

    def _check_signers_and_attributes(self) -> None:
        if not self.signers:
            raise FormatError("Signers in Transaction is empty")
        if len(self.signers) + len(self.attributes) > MAX_SIGNERS_AND_ATTRIBUTES:
            raise FormatError(
                f"a transaction has at most {MAX_SIGNERS_AND_ATTRIBUTES} signers and attributes together,"
                f" got {len(self.signers)} and {len(self.attributes)}"
            )
        if len(self.signers) > 1 and len({signer.account for signer in self.signers}) != len(self.signers):
            raise FormatError(
                f"`{_first_twice([signer.account for signer in self.signers])}` in Transaction is duplicate"
            )
        if not self.attributes:
            return
        single = [attribute.type for attribute in self.attributes if not attribute.allow_multiple]
        if len(set(single)) != len(single):
            raise FormatError(f"`{_first_twice(single).name}` in Transaction is duplicate")

    @property
    def sender(self) -> UInt160:
        """The account that pays the fees: the first signer."""
        return self.signers[0].account

    @property
    def size(self) -> int:
        """Bytes on the wire."""
        return len(self.serialize())

    def with_witnesses(self, witnesses: tuple[Witness, ...]) -> Self:
        """The same transaction with these witnesses: the same hash and the same unsigned part."""
        return self._with_same_unsigned(replace(self, witnesses=witnesses))

    @classmethod
    def parse_unsigned(cls, data: bytes) -> Self:
        """The transaction, without witnesses, whose unsigned part `data` is; raises FormatError."""
        reader = BinaryReader(data)
        transaction = cls.read_unsigned_from(reader)
        reader.expect_end()
        return transaction

    @classmethod
    def read_from(cls, reader: BinaryReader) -> Self:
        start = reader.position
        transaction = cls.read_unsigned_from(reader)
        count = len(transaction.signers)
        witnesses = reader.var_array(Witness.read_from, count)
        if len(witnesses) != count:
            raise FormatError(f"{count} signers need as many witnesses, got {len(witnesses)}")
        if reader.position - start > MAX_TRANSACTION_SIZE:
            size = reader.position - start
            raise FormatError(f"a transaction has at most {MAX_TRANSACTION_SIZE} bytes, got {size}")
        return transaction.with_witnesses(witnesses)

    @classmethod
    def read_unsigned_from(cls, reader: BinaryReader) -> Self:
        """The transaction that begins where the reader stands, without witnesses; raises FormatError."""
        version = reader.u8()
        nonce, system_fee, network_fee, valid_until_block = reader.u32(), reader.i64(), reader.i64(), reader.u32()
        _check_first_members(version, system_fee, network_fee)
        signers = reader.var_array(Signer.read_from, MAX_SIGNERS_AND_ATTRIBUTES)
        attributes = reader.var_array(_read_attribute, MAX_SIGNERS_AND_ATTRIBUTES - len(signers))
        return cls(
            nonce=nonce,
            system_fee_datoshi=system_fee,
            network_fee_datoshi=network_fee,
            valid_until_block=valid_until_block,
            signers=signers,
            attributes=attributes,
            script=reader.var_bytes(MAX_SCRIPT_SIZE),
            version=version,
        )

    def write_unsigned_to(self, writer: BinaryWriter) -> None:
        writer.write(self._written_unsigned())

    def _written_unsigned(self) -> bytes:
        signers, attributes, script = self.signers, self.attributes, self.script
        fees = self.system_fee_datoshi, self.network_fee_datoshi
        return b"".join(
            (
                _FIRST_MEMBERS.pack(self.version, self.nonce, *fees, self.valid_until_block),
                var_length(len(signers)),
                *[signer.serialize() for signer in signers],
                var_length(len(attributes)),
                *[attribute.serialize() for attribute in attributes],
                var_length(len(script)),
                script,
            )
        )

    def write_to(self, writer: BinaryWriter) -> None:
        writer.write(self.serialize_unsigned())
        writer.var_int(len(self.witnesses)).array(self.witnesses)

    def to_json(self, address_version: int) -> dict[str, Json]:
        """As neo-cli 3.10 prints it, without blockhash, confirmations and blocktime, which the ledger knows."""
        return {
            "hash": str(self.hash),
            "size": self.size,
            "version": self.version,
            "nonce": self.nonce,
            "sender": address_of(self.sender, address_version),
            "sysfee": str(self.system_fee_datoshi),
            "netfee": str(self.network_fee_datoshi),
            "validuntilblock": self.valid_until_block,
            "signers": [signer.to_json() for signer in self.signers],
            "attributes": [attribute.to_json() for attribute in self.attributes],
            "script": b64encode(self.script).decode(),
            "witnesses": [witness.to_json() for witness in self.witnesses],
        }


def _check_first_members(version: int, system_fee: int, network_fee: int) -> None:
    """Raises FormatError in the C# node's words, which a client that sends them reads."""
    if version != 0:
        raise FormatError(f"Invalid version: {version}.")
    if system_fee < 0:
        raise FormatError(f"Invalid system fee: {system_fee}.")
    if network_fee < 0:
        raise FormatError(f"Invalid network fee: {network_fee}.")
    if system_fee + network_fee > _MAX_FEE:
        raise FormatError(f"Invalid fee: {system_fee} + {network_fee} < {system_fee}.")


def _first_twice(values: Sequence[T]) -> T:
    """The first value that was there before."""
    return next(value for position, value in enumerate(values) if value in values[:position])


def _read_attribute(reader: BinaryReader) -> "TransactionAttribute":
    from rpcnode.payloads.attribute import TransactionAttribute  # rare, and slow to load

    return TransactionAttribute.read_from(reader)
