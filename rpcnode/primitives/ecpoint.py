"""Public keys: points of the curve secp256r1."""

from functools import lru_cache
from typing import Self, final

from rpcnode.primitives.curves import SECP256R1
from rpcnode.primitives.errors import FormatError

FIELD_SIZE = SECP256R1.prime
"""The prime that X and Y are below."""


@final
class ECPoint(bytes):
    """A point in its compressed form: 02 or 03 for an even or odd Y, then X, 32 bytes, most significant first."""

    __slots__ = ()

    def __new__(cls, data: bytes) -> Self:
        """Raises FormatError unless `data` are the 33 bytes of a point on the curve."""
        if len(data) != 33:
            raise FormatError(f"a public key has 33 bytes, got {len(data)}")
        if data[0] not in (2, 3):
            raise FormatError(f"a public key begins with 02 or 03, got {data[0]:02x}")
        _y_of(bytes(data))
        return super().__new__(cls, data)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 66 hex digits; raises FormatError for anything else and for what is no point."""
        try:
            data = bytes.fromhex(text)
        except ValueError:
            data = b""
        if len(text) != 66 or len(data) != 33:
            raise FormatError(f"a public key is 66 hex digits, got {text[:80]!r}")
        return cls(data)

    @classmethod
    def decode_point(cls, data: bytes) -> Self:
        """Read a point in its compressed form, or as 04, X and Y; raises FormatError for anything else."""
        if data[:1] != b"\x04":
            return cls(data)
        if len(data) != 65:
            raise FormatError(f"an uncompressed public key has 65 bytes, got {len(data)}")
        point = cls(bytes((2 + data[-1] % 2,)) + data[1:33])
        if point.y != int.from_bytes(data[33:], "big"):
            raise FormatError(f"{data.hex()} is no point of secp256r1")
        return point

    @property
    def x(self) -> int:
        return int.from_bytes(self[1:], "big")

    @property
    def y(self) -> int:
        return _y_of(self)

    @property
    def sort_key(self) -> tuple[int, int]:
        """X, then Y: the order of the keys in a multi-signature script."""
        return self.x, self.y

    def __str__(self) -> str:
        return self.hex()

    def __repr__(self) -> str:
        return f"ECPoint({self})"


@lru_cache(maxsize=1024)
def _y_of(point: bytes) -> int:
    """The Y that belongs to a compressed point; raises FormatError when none does."""
    x = int.from_bytes(point[1:], "big")
    y = SECP256R1.y_of(x, odd=point[0] == 3) if x < FIELD_SIZE else None
    if y is None:
        raise FormatError(f"{point.hex()} is no point of secp256r1")
    return y
