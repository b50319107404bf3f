"""Transactions of Neo 3.0.0-preview2: a sender, attributes with a usage, cosigners.

Source: neo 3.0.0-preview2, Neo: Network/P2P/Payloads: Transaction, TransactionAttribute, Cosigner, Witness.
"""

from base64 import b64encode
from dataclasses import replace
from enum import IntEnum, IntFlag
from typing import ClassVar, Self

from rpcnode.payloads.flags import flags_text
from rpcnode.payloads.payload import Hashed, Payload
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.address import address_of
from rpcnode.primitives.binary import MAX_VAR_SIZE, BinaryReader, BinaryWriter
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.hashes import hash256
from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160

MAX_ATTRIBUTES = 16
MAX_COSIGNERS = 16
MAX_SUBITEMS = 16  # contracts and groups of a cosigner, each
MAX_ATTRIBUTE_SIZE = 252
MAX_SCRIPT_SIZE = 0xFFFF
MAX_VALID_UNTIL_BLOCK_INCREMENT = 2_102_400
_MAX_FEE = 0x7FFF_FFFF_FFFF_FFFF  # of both together
_GROUP_SIZE = 33


class NetworkHashed(Hashed):
    """An object whose hash is of one network: hash256 of the network's magic number and the unsigned part.

    `magic` is that number; it is no part of the object's bytes.
    """

    __slots__ = ()
    magic: int

    def _digest(self, unsigned: bytes) -> bytes:
        return hash256(self.magic.to_bytes(4, "little") + unsigned)

    def sign_data(self) -> bytes:
        """The message that witnesses sign: the network's magic number and the unsigned part."""
        return self.magic.to_bytes(4, "little") + self.serialize_unsigned()


@dataclass(frozen=True, slots=True)
class Preview2Witness(Witness):
    """A witness, with limits that allow ten of ten signatures."""

    max_invocation_size: ClassVar[int] = 663
    max_verification_size: ClassVar[int] = 361


class WitnessScope(IntFlag):
    """Where a signature counts; the names are those of the JSON form. Global is the absence of all others."""

    Global = 0x00
    CalledByEntry = 0x01
    CustomContracts = 0x10
    CustomGroups = 0x20


_ALL_SCOPES = 0x31


@dataclass(frozen=True, slots=True)
class Cosigner(Payload):
    """An account that signs, and the scopes of its signature; the lists belong to the scopes that name them."""

    account: UInt160
    scopes: WitnessScope = WitnessScope.CalledByEntry
    allowed_contracts: tuple[UInt160, ...] = ()
    allowed_groups: tuple[ECPoint, ...] = ()

    def __post_init__(self) -> None:
        for scope, items in (
            (WitnessScope.CustomContracts, self.allowed_contracts),
            (WitnessScope.CustomGroups, self.allowed_groups),
        ):
            if items and scope not in self.scopes:
                raise FormatError(f"the scope {scope.name} is not set, its list has {len(items)} entries")
            if len(items) > MAX_SUBITEMS:
                raise FormatError(f"the scope {scope.name} takes at most {MAX_SUBITEMS} entries, got {len(items)}")

    @classmethod
    def read_from(cls, reader: BinaryReader) -> Self:
        account, scopes = reader.uint160(), WitnessScope(reader.u8())
        has_contracts, has_groups = WitnessScope.CustomContracts in scopes, WitnessScope.CustomGroups in scopes
        contracts = reader.var_array(BinaryReader.uint160, MAX_SUBITEMS) if has_contracts else ()
        groups = reader.var_array(_read_group, MAX_SUBITEMS) if has_groups else ()
        return cls(account, scopes, contracts, groups)

    def write_to(self, writer: BinaryWriter) -> None:
        writer.write(self.account).u8(self.scopes)
        if WitnessScope.CustomContracts in self.scopes:
            writer.var_int(len(self.allowed_contracts)).write(b"".join(self.allowed_contracts))
        if WitnessScope.CustomGroups in self.scopes:
            writer.var_int(len(self.allowed_groups)).write(b"".join(self.allowed_groups))

    def to_json(self) -> dict[str, Json]:
        # The node takes any scopes from the wire, and .NET prints a value with unknown flags as a number.
        scopes = flags_text(self.scopes) if int(self.scopes) & ~_ALL_SCOPES == 0 else str(int(self.scopes))
        json: dict[str, Json] = {"account": str(self.account), "scopes": scopes}
        if WitnessScope.CustomContracts in self.scopes:
            json["allowedContracts"] = [str(contract) for contract in self.allowed_contracts]
        if WitnessScope.CustomGroups in self.scopes:
            json["allowedGroups"] = [str(group) for group in self.allowed_groups]
        return json


class AttributeUsage(IntEnum):
    """What an attribute says; the names are those of the JSON form."""

    Url = 0x81


@dataclass(frozen=True, slots=True)
class Preview2Attribute(Payload):
    """A remark on a transaction."""

    usage: AttributeUsage
    data: bytes

    def __post_init__(self) -> None:
        if len(self.data) > MAX_ATTRIBUTE_SIZE:
            raise FormatError(f"an attribute has at most {MAX_ATTRIBUTE_SIZE} bytes, got {len(self.data)}")

    @classmethod
    def read_from(cls, reader: BinaryReader) -> Self:
        usage = reader.u8()
        if usage != AttributeUsage.Url:
            raise FormatError(f"no transaction attribute has usage {usage:#04x}")
        return cls(AttributeUsage(usage), reader.var_bytes(MAX_ATTRIBUTE_SIZE))

    def write_to(self, writer: BinaryWriter) -> None:
        writer.u8(self.usage).var_bytes(self.data)

    def to_json(self) -> dict[str, Json]:
        return {"usage": self.usage.name, "data": b64encode(self.data).decode()}


@dataclass(frozen=True, slots=True)
class Preview2Transaction(NetworkHashed):
    """A script with who pays for it.

    `witnesses` is in the order of `accounts_to_sign`, or empty while nobody has signed. Fees are in datoshi.
    """

    magic: int
    nonce: int
    sender: UInt160
    system_fee_datoshi: int
    network_fee_datoshi: int
    valid_until_block: int
    attributes: tuple[Preview2Attribute, ...]
    cosigners: tuple[Cosigner, ...]
    script: bytes
    witnesses: tuple[Witness, ...] = ()
    version: int = 0

    def __post_init__(self) -> None:
        if self.version != 0:
            raise FormatError(f"a transaction's version is 0, got {self.version}")
        if self.system_fee_datoshi < 0 or self.network_fee_datoshi < 0:
            fees = f"system fee {self.system_fee_datoshi}, network fee {self.network_fee_datoshi}"
            raise FormatError(f"fees are not negative, got {fees}")
        if self.system_fee_datoshi + self.network_fee_datoshi > _MAX_FEE:
            raise FormatError(f"the fees together exceed {_MAX_FEE}")
        if len(self.attributes) > MAX_ATTRIBUTES or len(self.cosigners) > MAX_COSIGNERS:
            raise FormatError(
                f"a transaction has at most {MAX_ATTRIBUTES} attributes and {MAX_COSIGNERS} cosigners,"
                f" got {len(self.attributes)} and {len(self.cosigners)}"
            )
        if len({cosigner.account for cosigner in self.cosigners}) != len(self.cosigners):
            raise FormatError("a transaction has each cosigner once")
        if not 1 <= len(self.script) <= MAX_SCRIPT_SIZE:
            raise FormatError(f"a transaction's script has 1 to {MAX_SCRIPT_SIZE} bytes, got {len(self.script)}")

    @property
    def accounts_to_sign(self) -> tuple[UInt160, ...]:
        """Sender and cosigners, each once, smallest number first: the order of the witnesses."""
        accounts = {self.sender, *(cosigner.account for cosigner in self.cosigners)}
        return tuple(sorted(accounts, key=lambda account: account.numeric_key))

    @property
    def size(self) -> int:
        """Bytes on the wire."""
        return len(self.serialize())

    def with_witnesses(self, witnesses: tuple[Witness, ...]) -> Self:
        """The same transaction with these witnesses: the same hash and the same unsigned part."""
        return self._with_same_unsigned(replace(self, witnesses=witnesses))

    @classmethod
    def parse(cls, data: bytes, magic: int) -> Self:
        """The transaction, of the network with that magic number, that `data` is; raises FormatError."""
        reader = BinaryReader(data)
        transaction = cls.read_from(reader, magic)
        reader.expect_end()
        return transaction

    @classmethod
    def parse_unsigned(cls, data: bytes, magic: int) -> Self:
        """The transaction, without witnesses, whose unsigned part `data` is; raises FormatError."""
        reader = BinaryReader(data)
        transaction = cls._read_unsigned_from(reader, magic)
        reader.expect_end()
        return transaction

    @classmethod
    def read_from(cls, reader: BinaryReader, magic: int) -> Self:
        """The transaction that begins where `reader` stands; raises FormatError."""
        transaction = cls._read_unsigned_from(reader, magic)
        return transaction.with_witnesses(reader.var_array(Preview2Witness.read_from, MAX_VAR_SIZE))

    @classmethod
    def _read_unsigned_from(cls, reader: BinaryReader, magic: int) -> Self:
        version = reader.u8()
        return cls(
            magic=magic,
            nonce=reader.u32(),
            sender=reader.uint160(),
            system_fee_datoshi=reader.i64(),
            network_fee_datoshi=reader.i64(),
            valid_until_block=reader.u32(),
            attributes=reader.var_array(Preview2Attribute.read_from, MAX_ATTRIBUTES),
            cosigners=reader.var_array(Cosigner.read_from, MAX_COSIGNERS),
            script=reader.var_bytes(MAX_SCRIPT_SIZE),
            version=version,
        )

    def write_unsigned_to(self, writer: BinaryWriter) -> None:
        writer.u8(self.version).u32(self.nonce).write(self.sender)
        writer.i64(self.system_fee_datoshi).i64(self.network_fee_datoshi).u32(self.valid_until_block)
        writer.var_int(len(self.attributes)).array(self.attributes)
        writer.var_int(len(self.cosigners)).array(self.cosigners)
        writer.var_bytes(self.script)

    def write_to(self, writer: BinaryWriter) -> None:
        """Append the binary form."""
        writer.write(self.serialize_unsigned()).var_int(len(self.witnesses)).array(self.witnesses)

    def serialize(self) -> bytes:
        """The binary form."""
        writer = BinaryWriter()
        self.write_to(writer)
        return writer.to_bytes()

    def to_json(self, address_version: int) -> dict[str, Json]:
        """As neo-cli 3.0.0-preview2 prints it, without blockhash, confirmations, blocktime and vm_state."""
        return {
            "hash": str(self.hash),
            "size": self.size,
            "version": self.version,
            "nonce": self.nonce,
            "sender": address_of(self.sender, address_version),
            "sys_fee": str(self.system_fee_datoshi),
            "net_fee": str(self.network_fee_datoshi),
            "valid_until_block": self.valid_until_block,
            "attributes": [attribute.to_json() for attribute in self.attributes],
            "cosigners": [cosigner.to_json() for cosigner in self.cosigners],
            "script": b64encode(self.script).decode(),
            "witnesses": [witness.to_json() for witness in self.witnesses],
        }


def _read_group(reader: BinaryReader) -> ECPoint:
    return ECPoint(reader.read(_GROUP_SIZE))
