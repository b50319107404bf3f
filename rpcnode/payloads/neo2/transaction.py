"""Transactions of Neo 2: a type with data of its own, attributes, inputs and outputs.

Source: neo 2.12.0, Neo: Network/P2P/Payloads: Transaction, Witness.
"""

from collections.abc import Iterable
from dataclasses import field, replace
from typing import ClassVar, Self

from rpcnode.payloads.neo2.attribute import SCRIPT, Neo2Attribute
from rpcnode.payloads.neo2.coins import GAS_ASSET, CoinReference, SpentCoins, TransactionOutput, fixed8_text
from rpcnode.payloads.neo2.transaction_data import TRANSACTION_TYPES, MinerTransaction, TransactionData
from rpcnode.payloads.payload import Hashed, Payload
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.binary import MAX_VAR_SIZE, BinaryReader, BinaryWriter
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.hashes import hash256
from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160

MAX_ATTRIBUTES = 16
MAX_OUTPUTS = 0x10000


class Neo2Hashed(Hashed, Payload):
    """An object whose hash is hash256 of its unsigned part, and whose witnesses sign that part as it is."""

    __slots__ = ()

    def _digest(self, unsigned: bytes) -> bytes:
        return hash256(unsigned)

    def sign_data(self) -> bytes:
        """The message that witnesses sign: the unsigned part. No network stands in it."""
        return self.serialize_unsigned()


@dataclass(frozen=True, slots=True)
class Neo2Witness(Witness):
    """A witness, printed in hexadecimal."""

    max_invocation_size: ClassVar[int] = 65536
    max_verification_size: ClassVar[int] = 65536

    def to_json(self) -> dict[str, Json]:
        return {"invocation": self.invocation.hex(), "verification": self.verification.hex()}


@dataclass(frozen=True, slots=True)
class Neo2Transaction(Neo2Hashed):
    """A transaction of any type. `witnesses` is in the order of the accounts' hashes, smallest number first.

    `spent` are the outputs behind its inputs, which are no part of it; what needs them raises FormatError for one that
    is not known.
    """

    data: TransactionData
    version: int = 0
    attributes: tuple[Neo2Attribute, ...] = ()
    inputs: tuple[CoinReference, ...] = ()
    outputs: tuple[TransactionOutput, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    spent: SpentCoins = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not 0 <= self.version <= self.data.max_version:
            raise FormatError(f"the version of {self.data.name} is at most {self.data.max_version}, got {self.version}")
        if len(self.attributes) > MAX_ATTRIBUTES:
            raise FormatError(f"a transaction has at most {MAX_ATTRIBUTES} attributes, got {len(self.attributes)}")
        if len(self.outputs) > MAX_OUTPUTS:
            raise FormatError(f"a transaction has at most {MAX_OUTPUTS} outputs, got {len(self.outputs)}")
        if isinstance(self.data, MinerTransaction):
            self._check_miner()

    def _check_miner(self) -> None:
        if self.inputs:
            raise FormatError(f"a miner transaction has no inputs, got {len(self.inputs)}")
        if any(output.asset != GAS_ASSET for output in self.outputs):
            raise FormatError("the outputs of a miner transaction are GAS")

    @property
    def size(self) -> int:
        """Bytes on the wire."""
        return len(self.serialize())

    @property
    def system_fee(self) -> int:
        """GAS paid for running, in its smallest unit."""
        return self.data.system_fee(self.version, self.outputs)

    @property
    def network_fee(self) -> int:
        """GAS left to the block's proposer, in its smallest unit; raises FormatError for an input not in `spent`."""
        if not self.data.has_network_fee:
            return 0
        came_in = sum(coin.value for coin in _outputs_behind(self.inputs, self.spent) if coin.asset == GAS_ASSET)
        went_out = sum(output.value for output in self.outputs if output.asset == GAS_ASSET)
        return came_in - went_out - self.system_fee

    def accounts_to_sign(self) -> tuple[UInt160, ...]:
        """The owners of spent coins and the accounts of Script attributes, in the order of the witnesses.

        Who must sign for an asset's issue or registration, for votes and for claims is not among them.
        Raises FormatError for an input not in `spent`.
        """
        owners = {coin.account for coin in _outputs_behind(self.inputs, self.spent)}
        accounts = owners | {UInt160(attribute.data) for attribute in self.attributes if attribute.usage == SCRIPT}
        return tuple(sorted(accounts, key=lambda account: account.numeric_key))

    def with_witnesses(self, witnesses: tuple[Witness, ...]) -> Self:
        """The same transaction with these witnesses: the same hash and the same unsigned part."""
        return self._with_same_unsigned(replace(self, witnesses=witnesses))

    def with_spent(self, spent: SpentCoins) -> Self:
        """The same transaction, with the outputs behind its inputs."""
        return self._with_same_unsigned(replace(self, spent=spent))

    @classmethod
    def parse_unsigned(cls, data: bytes) -> Self:
        """The transaction, without witnesses, whose unsigned part `data` is; raises FormatError."""
        reader = BinaryReader(data)
        transaction = cls._read_unsigned_from(reader)
        reader.expect_end()
        return transaction

    @classmethod
    def read_from(cls, reader: BinaryReader) -> Self:
        transaction = cls._read_unsigned_from(reader)
        return transaction.with_witnesses(reader.var_array(Neo2Witness.read_from, MAX_VAR_SIZE))

    @classmethod
    def _read_unsigned_from(cls, reader: BinaryReader) -> Self:
        type_byte, version = reader.u8(), reader.u8()
        data_type = TRANSACTION_TYPES.get(type_byte)
        if data_type is None:
            raise FormatError(f"no transaction has type {type_byte:#04x}")
        if version > data_type.max_version:
            raise FormatError(f"the version of {data_type.name} is at most {data_type.max_version}, got {version}")
        return cls(
            data=data_type.read_from(reader, version),
            version=version,
            attributes=reader.var_array(Neo2Attribute.read_from, MAX_ATTRIBUTES),
            inputs=reader.var_array(CoinReference.read_from, MAX_VAR_SIZE),
            outputs=reader.var_array(TransactionOutput.read_from, MAX_OUTPUTS),
        )

    def write_unsigned_to(self, writer: BinaryWriter) -> None:
        writer.u8(self.data.type).u8(self.version)
        self.data.write_to(writer, self.version)
        writer.var_int(len(self.attributes)).array(self.attributes)
        writer.var_int(len(self.inputs)).array(self.inputs)
        writer.var_int(len(self.outputs)).array(self.outputs)

    def write_to(self, writer: BinaryWriter) -> None:
        writer.write(self.serialize_unsigned()).var_int(len(self.witnesses)).array(self.witnesses)

    def to_json(self, address_version: int) -> dict[str, Json]:
        """As neo-cli 2.12 prints it, without blockhash, confirmations and blocktime, which the ledger knows.

        Raises FormatError where the network fee depends on an input that is not in `spent`.
        """
        return {
            "txid": str(self.hash),
            "size": self.size,
            "type": self.data.name,
            "version": self.version,
            "attributes": [attribute.to_json() for attribute in self.attributes],
            "vin": [coin.to_json() for coin in self.inputs],
            "vout": [output.to_json(position, address_version) for position, output in enumerate(self.outputs)],
            "sys_fee": fixed8_text(self.system_fee),
            "net_fee": fixed8_text(self.network_fee),
            "scripts": [witness.to_json() for witness in self.witnesses],
            **self.data.json_members(address_version),
        }


def _outputs_behind(inputs: Iterable[CoinReference], spent: SpentCoins) -> list[TransactionOutput]:
    try:
        return [spent[coin] for coin in inputs]
    except KeyError as error:
        coin = error.args[0]
        raise FormatError(f"output {coin.output_index} of {coin.transaction_hash} is spent, but not known") from None
