"""What each type of Neo 2 transaction holds beside attributes, inputs and outputs.

Source: neo 2.12.0, Neo: Network/P2P/Payloads: MinerTransaction and its siblings, StateDescriptor; ProtocolSettings.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, NoReturn, Self

from rpcnode.payloads.neo2.coins import GAS_ASSET, NEO_ASSET, ONE, CoinReference, TransactionOutput, fixed8_text
from rpcnode.payloads.payload import Payload
from rpcnode.primitives.address import address_of
from rpcnode.primitives.binary import MAX_VAR_SIZE, BinaryReader, BinaryWriter
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.hashes import hash160
from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160

MAX_INVOCATION_SCRIPT_SIZE = 65536
MAX_DESCRIPTORS = 16

_ASSET_TYPES = {
    0x00: "GoverningToken",
    0x01: "UtilityToken",
    0x08: "Currency",
    0x40: "CreditFlag",
    0x60: "Token",
    0x80: "DutyFlag",
    0x90: "Share",
    0x98: "Invoice",
}
_NATIVE_ASSET_TYPES = (0x00, 0x01)
_PARAMETER_TYPES = {
    0x00: "Signature",
    0x01: "Boolean",
    0x02: "Integer",
    0x03: "Hash160",
    0x04: "Hash256",
    0x05: "ByteArray",
    0x06: "PublicKey",
    0x07: "String",
    0x10: "Array",
    0x12: "Map",
    0xF0: "InteropInterface",
    0xFF: "Void",
}
_ENROLLMENT_FEE, _ISSUE_FEE, _PUBLISH_FEE, _REGISTER_FEE = 1000 * ONE, 500 * ONE, 500 * ONE, 10000 * ONE
_VALIDATOR_FEE = 1000 * ONE


class TransactionData(ABC):
    """The part of a transaction that only its type has. `type` is the byte that begins the transaction."""

    __slots__ = ()
    type: ClassVar[int]
    name: ClassVar[str]
    max_version: ClassVar[int] = 0
    has_network_fee: ClassVar[bool] = True

    @classmethod
    @abstractmethod
    def read_from(cls, reader: BinaryReader, version: int) -> Self:
        """The part that begins where `reader` stands; raises FormatError."""

    @abstractmethod
    def write_to(self, writer: BinaryWriter, version: int) -> None:
        """Append the binary form, as of the transaction's version."""

    def system_fee(self, version: int, outputs: Sequence[TransactionOutput]) -> int:
        """GAS that is paid for the transaction to run, in its smallest unit, with the main network's prices."""
        return 0

    def json_members(self, address_version: int) -> dict[str, Json]:
        """The members that follow those which every transaction has."""
        return {}


class _Empty(TransactionData):
    __slots__ = ()

    @classmethod
    def read_from(cls, reader: BinaryReader, version: int) -> Self:
        return cls()

    def write_to(self, writer: BinaryWriter, version: int) -> None:
        """Nothing stands here."""


@dataclass(frozen=True, slots=True)
class MinerTransaction(TransactionData):
    """The first transaction of each block: who proposed it takes the network fees. No two have the same `nonce`."""

    type, name = 0x00, "MinerTransaction"
    has_network_fee = False
    nonce: int

    @classmethod
    def read_from(cls, reader: BinaryReader, version: int) -> Self:
        return cls(reader.u32())

    def write_to(self, writer: BinaryWriter, version: int) -> None:
        writer.u32(self.nonce)

    def json_members(self, address_version: int) -> dict[str, Json]:
        return {"nonce": self.nonce}


@dataclass(frozen=True, slots=True)
class Issue(_Empty):
    """Brings an asset into circulation."""

    type, name, max_version = 0x01, "IssueTransaction", 1

    def system_fee(self, version: int, outputs: Sequence[TransactionOutput]) -> int:
        is_free = version >= 1 or all(output.asset in (NEO_ASSET, GAS_ASSET) for output in outputs)
        return 0 if is_free else _ISSUE_FEE


@dataclass(frozen=True, slots=True)
class Claim(TransactionData):
    """Takes the GAS that spent NEO has earned."""

    type, name = 0x02, "ClaimTransaction"
    has_network_fee = False
    claims: tuple[CoinReference, ...]

    def __post_init__(self) -> None:
        if not self.claims:
            raise FormatError("a claim names at least one output")

    @classmethod
    def read_from(cls, reader: BinaryReader, version: int) -> Self:
        return cls(reader.var_array(CoinReference.read_from, MAX_VAR_SIZE))

    def write_to(self, writer: BinaryWriter, version: int) -> None:
        writer.var_int(len(self.claims)).array(self.claims)

    def json_members(self, address_version: int) -> dict[str, Json]:
        return {"claims": [claim.to_json() for claim in self.claims]}


@dataclass(frozen=True, slots=True)
class Enrollment(TransactionData):
    """Stands for validator; not used any more."""

    type, name = 0x20, "EnrollmentTransaction"
    public_key: ECPoint

    @classmethod
    def read_from(cls, reader: BinaryReader, version: int) -> Self:
        return cls(ECPoint(reader.read(33)))

    def write_to(self, writer: BinaryWriter, version: int) -> None:
        writer.write(self.public_key)

    def system_fee(self, version: int, outputs: Sequence[TransactionOutput]) -> int:
        return _ENROLLMENT_FEE

    def json_members(self, address_version: int) -> dict[str, Json]:
        return {"pubkey": str(self.public_key)}


@dataclass(frozen=True, slots=True)
class Register(TransactionData):
    """Creates an asset; not used any more. `owner` None is the point at infinity, of NEO and GAS only."""

    type, name = 0x40, "RegisterTransaction"
    asset_type: int
    asset_name: str
    amount: int
    precision: int
    owner: ECPoint | None
    admin: UInt160

    def __post_init__(self) -> None:
        if self.owner is None and self.asset_type not in _NATIVE_ASSET_TYPES:
            raise FormatError("only NEO and GAS have no owner")

    @classmethod
    def read_from(cls, reader: BinaryReader, version: int) -> Self:
        return cls(
            reader.u8(), reader.var_string(1024), reader.i64(), reader.u8(), _read_owner(reader), reader.uint160()
        )

    def write_to(self, writer: BinaryWriter, version: int) -> None:
        writer.u8(self.asset_type).var_string(self.asset_name).i64(self.amount).u8(self.precision)
        writer.write(b"\0" if self.owner is None else self.owner).write(self.admin)

    def system_fee(self, version: int, outputs: Sequence[TransactionOutput]) -> int:
        return 0 if self.asset_type in _NATIVE_ASSET_TYPES else _REGISTER_FEE

    def json_members(self, address_version: int) -> dict[str, Json]:
        return {
            "asset": {
                "type": _enum_text(_ASSET_TYPES, self.asset_type),
                "name": _name_json(self.asset_name),
                "amount": fixed8_text(self.amount),
                "precision": self.precision,
                "owner": "00" if self.owner is None else str(self.owner),
                "admin": address_of(self.admin, address_version),
            }
        }


@dataclass(frozen=True, slots=True)
class ContractTransaction(_Empty):
    """Moves coins, nothing else."""

    type, name = 0x80, "ContractTransaction"


@dataclass(frozen=True, slots=True)
class StateDescriptor(Payload):
    """One change of state: the votes of an account (40), or whether a key stands for validator (48)."""

    type: int
    key: bytes
    field: str
    value: bytes

    def __post_init__(self) -> None:
        if self.type not in _DESCRIPTORS:
            raise FormatError(f"a state descriptor's type is 40 or 48, got {self.type:02x}")
        name, key_size, field = _DESCRIPTORS[self.type]
        if len(self.key) != key_size or self.field != field:
            raise FormatError(f"the state of {name} has {key_size} bytes of key and the field {field}")

    @classmethod
    def read_from(cls, reader: BinaryReader) -> Self:
        return cls(reader.u8(), reader.var_bytes(100), reader.var_string(32), reader.var_bytes(65535))

    def write_to(self, writer: BinaryWriter) -> None:
        writer.u8(self.type).var_bytes(self.key).var_string(self.field).var_bytes(self.value)

    @property
    def system_fee(self) -> int:
        """In the smallest unit of GAS: standing for validator costs, all else is free."""
        return _VALIDATOR_FEE if self.type == _VALIDATOR and any(self.value) else 0

    def to_json(self) -> dict[str, Json]:
        name = _DESCRIPTORS[self.type][0]
        return {"type": name, "key": self.key.hex(), "field": self.field, "value": self.value.hex()}


_ACCOUNT, _VALIDATOR = 0x40, 0x48
_DESCRIPTORS = {_ACCOUNT: ("Account", 20, "Votes"), _VALIDATOR: ("Validator", 33, "Registered")}
"""Type -> its name, the size of its key, its only field."""


@dataclass(frozen=True, slots=True)
class StateTransaction(TransactionData):
    """Votes, or stands for validator."""

    type, name, max_version = 0x90, "StateTransaction", 0xFF
    descriptors: tuple[StateDescriptor, ...]

    @classmethod
    def read_from(cls, reader: BinaryReader, version: int) -> Self:
        return cls(reader.var_array(StateDescriptor.read_from, MAX_DESCRIPTORS))

    def write_to(self, writer: BinaryWriter, version: int) -> None:
        writer.var_int(len(self.descriptors)).array(self.descriptors)

    def system_fee(self, version: int, outputs: Sequence[TransactionOutput]) -> int:
        return sum(descriptor.system_fee for descriptor in self.descriptors)

    def json_members(self, address_version: int) -> dict[str, Json]:
        return {"descriptors": [descriptor.to_json() for descriptor in self.descriptors]}


@dataclass(frozen=True, slots=True)
class Publish(TransactionData):
    """Deploys a contract; not used any more. Types are the bytes of contract parameter types."""

    type, name, max_version = 0xD0, "PublishTransaction", 1
    script: bytes
    parameter_types: bytes
    return_type: int
    needs_storage: bool
    contract_name: str
    code_version: str
    author: str
    email: str
    description: str

    @classmethod
    def read_from(cls, reader: BinaryReader, version: int) -> Self:
        return cls(
            script=reader.var_bytes(0xFFFF),
            parameter_types=reader.var_bytes(0xFFFF),
            return_type=reader.u8(),
            needs_storage=version >= 1 and reader.u8() != 0,
            contract_name=reader.var_string(252),
            code_version=reader.var_string(252),
            author=reader.var_string(252),
            email=reader.var_string(252),
            description=reader.var_string(65536),
        )

    def write_to(self, writer: BinaryWriter, version: int) -> None:
        writer.var_bytes(self.script).var_bytes(self.parameter_types).u8(self.return_type)
        if version >= 1:
            writer.boolean(self.needs_storage)
        for text in (self.contract_name, self.code_version, self.author, self.email, self.description):
            writer.var_string(text)

    def system_fee(self, version: int, outputs: Sequence[TransactionOutput]) -> int:
        return _PUBLISH_FEE

    def json_members(self, address_version: int) -> dict[str, Json]:
        return {
            "contract": {
                "code": {
                    "hash": str(UInt160(hash160(self.script))),
                    "script": self.script.hex(),
                    "parameters": [_enum_text(_PARAMETER_TYPES, kind) for kind in self.parameter_types],
                    "returntype": _enum_text(_PARAMETER_TYPES, self.return_type),
                },
                "needstorage": self.needs_storage,
                "name": self.contract_name,
                "version": self.code_version,
                "author": self.author,
                "email": self.email,
                "description": self.description,
            }
        }


@dataclass(frozen=True, slots=True)
class InvocationTransaction(TransactionData):
    """Runs a script. `gas` is what it may burn above the free amount, in the smallest unit; version 0 has none."""

    type, name, max_version = 0xD1, "InvocationTransaction", 1
    script: bytes
    gas: int = 0

    def __post_init__(self) -> None:
        if not 1 <= len(self.script) <= MAX_INVOCATION_SCRIPT_SIZE:
            size = len(self.script)
            raise FormatError(f"an invocation's script has 1 to {MAX_INVOCATION_SCRIPT_SIZE} bytes, got {size}")
        if self.gas < 0:
            raise FormatError(f"an invocation's gas is not negative, got {self.gas}")

    @classmethod
    def read_from(cls, reader: BinaryReader, version: int) -> Self:
        return cls(reader.var_bytes(MAX_INVOCATION_SCRIPT_SIZE), reader.i64() if version >= 1 else 0)

    def write_to(self, writer: BinaryWriter, version: int) -> None:
        writer.var_bytes(self.script)
        if version >= 1:
            writer.i64(self.gas)

    def system_fee(self, version: int, outputs: Sequence[TransactionOutput]) -> int:
        return self.gas

    def json_members(self, address_version: int) -> dict[str, Json]:
        return {"script": self.script.hex(), "gas": fixed8_text(self.gas)}


TRANSACTION_TYPES: dict[int, type[TransactionData]] = {
    data.type: data
    for data in (
        MinerTransaction,
        Issue,
        Claim,
        Enrollment,
        Register,
        ContractTransaction,
        StateTransaction,
        Publish,
        InvocationTransaction,
    )
}


def _read_owner(reader: BinaryReader) -> ECPoint | None:
    first = reader.read(1)
    return None if first == b"\0" else ECPoint(first + reader.read(32))


def _enum_text(names: dict[int, str], value: int) -> str:
    """A value as .NET prints an enum: its name, or the number where it has none."""
    return names.get(value, str(value))


def _name_json(name: str) -> Json:
    """An asset's name is JSON where it reads as such: a list of names, one a language."""
    try:
        parsed: Json = json.loads(name, parse_constant=_refuse) if name else None
    except ValueError:
        return name
    return parsed


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
