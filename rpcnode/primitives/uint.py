"""The two hash types. Their bytes are in storage order, least significant first; their text is the other way round."""

from typing import ClassVar, Self, final

from rpcnode.primitives.errors import FormatError


class _UInt(bytes):
    """An unsigned integer of fixed width, held as its little-endian bytes.

    Being bytes it binds to SQLite as a BLOB, and sorts as a database sorts its keys: by storage bytes. The order of the
    node's own comparisons is another one, that of `numeric_key`.
    """

    __slots__ = ()

    SIZE: ClassVar[int]
    ZERO: ClassVar[Self]

    def __new__(cls, data: bytes | bytearray | memoryview) -> Self:
        """`data` as it is stored; raises FormatError unless it has the type's length."""
        if len(data) != cls.SIZE:
            raise FormatError(f"{cls.__name__} takes {cls.SIZE} bytes, got {len(data)}")
        return bytes.__new__(cls, data)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the displayed form: an optional `0x` or `0X`, then hex digits, most significant first, of any case.

        Raises FormatError for anything else.
        Source: neo, Neo: UInt160.TryParse, UInt256.TryParse.
        """
        digits = text[2:] if text[:2] in ("0x", "0X") else text
        if len(digits) != 2 * cls.SIZE:
            raise FormatError(f"{cls.__name__} takes {2 * cls.SIZE} hex digits, got {len(digits)}: {_shortened(text)}")
        try:
            # fromhex() skips white space; the shorter result then fails on its length.
            data = bytes.fromhex(digits)
        except ValueError:
            data = b""
        if len(data) != cls.SIZE:
            raise FormatError(f"{cls.__name__} takes hex digits only: {_shortened(text)}")
        return bytes.__new__(cls, data[::-1])

    @property
    def numeric_key(self) -> int:
        """The number itself: sorting by it gives the order of the node's CompareTo."""
        return int.from_bytes(self, "little")

    def __str__(self) -> str:
        return "0x" + self[::-1].hex()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self})"


def _shortened(text: str) -> str:
    """`text` quoted, its end cut off when it is long enough to drown the message."""
    return repr(text if len(text) <= 80 else text[:77] + "...")


@final
class UInt160(_UInt):
    """A script hash: an account or a contract."""

    __slots__ = ()
    SIZE = 20
    ZERO: ClassVar["UInt160"]


@final
class UInt256(_UInt):
    """A transaction's or block's hash, or a merkle root."""

    __slots__ = ()
    SIZE = 32
    ZERO: ClassVar["UInt256"]


UInt160.ZERO = UInt160(bytes(20))
UInt256.ZERO = UInt256(bytes(32))
