"""A proof as a client sends it, read as .NET's BinaryReader reads it.

Source: neo-node 3.10, plugins/StateService: StatePlugin.VerifyProof; neo 3.10, Neo:
Extensions/IO/BinaryReaderExtensions.
"""

from typing import Final

from rpcnode.plugin import errors
from rpcnode.plugin.state_trie import MOST_NIBBLES

ARGUMENT: Final = -2147024809
FORMAT: Final = -2146233033
_END_OF_STREAM: Final = -2147024858

_MOST_NODES: Final = 255
_LONGEST_NODE: Final = 0x1000000
_SIZES: Final = {0xFD: 2, 0xFE: 4, 0xFF: 8}


def key_and_nodes(proof: bytes) -> tuple[bytes, list[bytes]]:
    """The key and the nodes of a proof; what follows them is ignored. Raises LeakedException."""
    reader = _Reader(proof)
    key = reader.var_bytes(MOST_NIBBLES)
    return key, [reader.var_bytes(_LONGEST_NODE) for _ in range(reader.var_int(_MOST_NODES))]


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data: Final = data
        self._position = 0

    def var_bytes(self, maximum: int) -> bytes:
        size = self.var_int(maximum)
        read = self._read(size)
        if len(read) < size:
            raise errors.LeakedException(FORMAT, "BinaryReader.Read returned 0")
        return read

    def var_int(self, maximum: int) -> int:
        value = self._integer(1)
        if value in _SIZES:
            value = self._integer(_SIZES[value])
        if value > maximum:
            raise errors.LeakedException(FORMAT, f"`value`({value}) is out of range (max:{maximum})")
        return value

    def _integer(self, size: int) -> int:
        read = self._read(size)
        if len(read) < size:
            raise errors.LeakedException(_END_OF_STREAM, "Unable to read beyond the end of the stream.")
        return int.from_bytes(read, "little")

    def _read(self, size: int) -> bytes:
        start = self._position
        self._position += size
        return self._data[start : self._position]
