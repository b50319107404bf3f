"""How the older nodes read bytes that end too early, which decides what they answer.

Source: neo 2.12.2, Neo: IO/Helper.ReadVarBytes, UIntBase; neo 3.0.0-preview2, Neo: IO/Helper.ReadFixedBytes.
"""

from rpcnode.primitives.binary import MAX_VAR_SIZE, BinaryReader
from rpcnode.primitives.errors import EndOfData, FormatError
from rpcnode.primitives.uint import UInt160, UInt256


class Neo2Reader(BinaryReader):
    """Bytes with a length in front may be fewer, where the data ends; a hash that ends too early raises FormatError."""

    __slots__ = ()

    def var_bytes(self, maximum: int = MAX_VAR_SIZE) -> bytes:
        return self.read(min(self.var_int(maximum), self.remaining))

    def uint160(self) -> UInt160:
        return UInt160(self._hash(UInt160.SIZE))

    def uint256(self) -> UInt256:
        return UInt256(self._hash(UInt256.SIZE))

    def _hash(self, size: int) -> bytes:
        if self.remaining < size:
            raise FormatError(f"a hash of {size} bytes expected, {self.remaining} are left")
        return self.read(size)


class Preview2Reader(BinaryReader):
    """Bytes with a length in front that are fewer raise FormatError; EndOfData is for numbers and hashes alone."""

    __slots__ = ()

    def var_bytes(self, maximum: int = MAX_VAR_SIZE) -> bytes:
        size = self.var_int(maximum)
        try:
            return self.read(size)
        except EndOfData as error:
            raise FormatError(str(error)) from None
