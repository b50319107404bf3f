"""Attributes of Neo 2 transactions; how long one is depends on its usage.

Source: neo 2.12.0, Neo: Network/P2P/Payloads: TransactionAttribute, TransactionAttributeUsage.
"""

from typing import Final, Self

from rpcnode.payloads.payload import Payload
from rpcnode.primitives.binary import BinaryReader, BinaryWriter
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass

CONTRACT_HASH, ECDH02, ECDH03, SCRIPT, VOTE = 0x00, 0x02, 0x03, 0x20, 0x30
DESCRIPTION_URL, DESCRIPTION, HASH1, REMARK = 0x81, 0x90, 0xA1, 0xF0

MAX_DATA_SIZE = 0xFFFF
_HASH_SIZE, _SCRIPT_HASH_SIZE = 32, 20

USAGE_NAMES: Final[dict[int, str]] = {
    CONTRACT_HASH: "ContractHash",
    ECDH02: "ECDH02",
    ECDH03: "ECDH03",
    SCRIPT: "Script",
    VOTE: "Vote",
    DESCRIPTION_URL: "DescriptionUrl",
    DESCRIPTION: "Description",
    **{HASH1 + number - 1: f"Hash{number}" for number in range(1, 16)},
    REMARK: "Remark",
    **{REMARK + number: f"Remark{number}" for number in range(1, 16)},
}
"""What the JSON form calls each usage."""

_FIXED_SIZES: Final[dict[int, int]] = {
    SCRIPT: _SCRIPT_HASH_SIZE,
    **dict.fromkeys((CONTRACT_HASH, VOTE, *range(HASH1, HASH1 + 15)), _HASH_SIZE),
}
_KEY_USAGES = (ECDH02, ECDH03)  # the usage is the first byte of a compressed public key


@dataclass(frozen=True, slots=True)
class Neo2Attribute(Payload):
    """Something said of a transaction. A `SCRIPT` attribute holds an account that signs."""

    usage: int
    data: bytes

    def __post_init__(self) -> None:
        if self.usage not in USAGE_NAMES:
            raise FormatError(f"no transaction attribute has usage {self.usage:#04x}")
        size = _FIXED_SIZES.get(self.usage)
        if size is not None and len(self.data) != size:
            raise FormatError(f"{USAGE_NAMES[self.usage]} has {size} bytes, got {len(self.data)}")
        if self.usage in _KEY_USAGES and (len(self.data) != 1 + _HASH_SIZE or self.data[0] != self.usage):
            raise FormatError(f"{USAGE_NAMES[self.usage]} is a public key that begins with {self.usage:02x}")
        limit = 0xFF if self.usage == DESCRIPTION_URL else MAX_DATA_SIZE
        if len(self.data) > limit:
            raise FormatError(f"{USAGE_NAMES[self.usage]} has at most {limit} bytes, got {len(self.data)}")

    @classmethod
    def read_from(cls, reader: BinaryReader) -> Self:
        usage = reader.u8()
        if usage in _FIXED_SIZES:
            return cls(usage, reader.read(_FIXED_SIZES[usage]))
        if usage in _KEY_USAGES:
            return cls(usage, bytes((usage,)) + reader.read(_HASH_SIZE))
        if usage == DESCRIPTION_URL:
            return cls(usage, reader.read(reader.u8()))
        return cls(usage, reader.var_bytes(MAX_DATA_SIZE) if usage in USAGE_NAMES else b"")

    def write_to(self, writer: BinaryWriter) -> None:
        writer.u8(self.usage)
        if self.usage in _FIXED_SIZES:
            writer.write(self.data)
        elif self.usage in _KEY_USAGES:
            writer.write(self.data[1:])
        elif self.usage == DESCRIPTION_URL:
            writer.u8(len(self.data)).write(self.data)
        else:
            writer.var_bytes(self.data)

    def to_json(self) -> dict[str, Json]:
        return {"usage": USAGE_NAMES[self.usage], "data": self.data.hex()}
