"""Coins of Neo 2: amounts with eight decimals, references to outputs, and outputs.

Source: neo 2.12.0, Neo: Fixed8, Network/P2P/Payloads: CoinReference, TransactionOutput.
"""

from collections.abc import Mapping
from typing import Self

from rpcnode.payloads.payload import Payload
from rpcnode.primitives.address import address_of
from rpcnode.primitives.binary import BinaryReader, BinaryWriter
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160, UInt256

NEO_ASSET = UInt256.parse("0xc56f33fc6ecfcd0c225c4ab356fee59390af8560be0e930faebe74a6daff7c9b")
GAS_ASSET = UInt256.parse("0x602c79718b16e442de58778e148d0b1084e3b2dffd5de6b7b16cee7969282de7")

ONE = 100_000_000
"""1 of an asset, in its smallest unit."""


def fixed8_text(value: int) -> str:
    """An amount of smallest units as a decimal number: no exponent, no zeros at its end."""
    whole, rest = divmod(abs(value), ONE)
    text = f"{whole}.{rest:08d}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 else text


@dataclass(frozen=True, slots=True)
class CoinReference(Payload):
    """An output of an earlier transaction, spent or claimed."""

    transaction_hash: UInt256
    output_index: int

    @classmethod
    def read_from(cls, reader: BinaryReader) -> Self:
        return cls(reader.uint256(), reader.u16())

    def write_to(self, writer: BinaryWriter) -> None:
        writer.write(self.transaction_hash).u16(self.output_index)

    def to_json(self) -> dict[str, Json]:
        return {"txid": str(self.transaction_hash), "vout": self.output_index}


@dataclass(frozen=True, slots=True)
class TransactionOutput(Payload):
    """An amount of an asset, `value` in its smallest unit, for an account; nobody reads one of 0 or less."""

    asset: UInt256
    value: int
    account: UInt160

    @classmethod
    def read_from(cls, reader: BinaryReader) -> Self:
        asset, value = reader.uint256(), reader.i64()
        if value <= 0:
            raise FormatError(f"an output is of more than 0, got {value}")
        return cls(asset, value, reader.uint160())

    def write_to(self, writer: BinaryWriter) -> None:
        writer.write(self.asset).i64(self.value).write(self.account)

    def to_json(self, position: int, address_version: int) -> dict[str, Json]:
        return {
            "n": position,
            "asset": str(self.asset),
            "value": fixed8_text(self.value),
            "address": address_of(self.account, address_version),
        }


SpentCoins = Mapping[CoinReference, TransactionOutput]
"""The outputs behind the inputs of a transaction, which it does not hold itself."""
