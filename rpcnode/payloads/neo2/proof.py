"""Proofs of Neo 2 that a contract's storage has a value: the way through a Merkle Patricia trie, from its root down.

A proof is a storage key, a number of nodes and the nodes, each with its length in front. A node begins with its type: a
branch has 17 children, one for each half of a byte and one for a value; an extension has a way in halves of bytes, and
a child; a leaf has a value. A child is a hash with its length in front, nothing for none.

Source: neo 2.12.2, Neo: Trie/MPT, Ledger/StorageKey, StorageItem, IO/Helper.WriteBytesWithGrouping.
"""

from collections.abc import Mapping
from typing import Final

from rpcnode.payloads.older_readers import Neo2Reader
from rpcnode.primitives.binary import BinaryReader, BinaryWriter
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.hashes import hash256
from rpcnode.primitives.uint import UInt160, UInt256

_BRANCH, _EXTENSION, _LEAF = 0x00, 0x01, 0x03
_CHILDREN: Final = 17
_VALUE_CHILD: Final = 16
_GROUP: Final = 16
_MOST_OF_KEY: Final = 1125
_MOST_OF_VALUE: Final = 1024 * 1024
_MOST_OF_NODES: Final = 2**64 - 1


def empty_proof(contract: UInt160, key: bytes) -> bytes:
    """The proof for a key of a contract in a trie of which nothing is known: no nodes."""
    return BinaryWriter().var_bytes(contract + _grouped(key)).var_int(0).to_bytes()


def proved_value(root: UInt256, reader: BinaryReader) -> bytes | None:
    """The value that the proof where `reader` stands shows under a root, None if it shows none.

    Raises EndOfData for bytes that end too early, FormatError for a node or value in the wrong form.
    """
    key = reader.var_bytes(_MOST_OF_KEY)
    nodes = {hash256(node): node for node in reader.var_array(lambda nodes: nodes.var_bytes(), _MOST_OF_NODES)}
    leaf = _leaf(root, b"".join(bytes(divmod(byte, 16)) for byte in key), nodes)
    return None if leaf is None else _stored(leaf)


def _grouped(key: bytes) -> bytes:
    """Groups of 16 bytes, each followed by how many of them are padding; the last group has some."""
    padding = _GROUP - len(key) % _GROUP
    padded = key + bytes(padding)
    groups = [padded[at : at + _GROUP] for at in range(0, len(padded), _GROUP)]
    return b"\0".join(groups) + bytes((padding,))


def _leaf(root: bytes, way: bytes, nodes: Mapping[bytes, bytes]) -> bytes | None:
    """What the leaf at the end of a way holds; each step goes to a node by its hash."""
    at = root
    while node := nodes.get(at):
        reader = Neo2Reader(node)
        kind = reader.u8()
        if kind == _LEAF:
            return None if way else reader.var_bytes(_MOST_OF_VALUE)
        if kind == _BRANCH:
            children = [_child(reader) for _ in range(_CHILDREN)]
            at, way = children[way[0] if way else _VALUE_CHILD], way[1:]
        elif kind == _EXTENSION:
            part = reader.var_bytes(_MOST_OF_KEY)
            if not way.startswith(part):
                return None
            at, way = _child(reader), way[len(part) :]
        else:
            raise FormatError(f"no node of a proof has type {kind:#04x}")
    return None


def _child(reader: BinaryReader) -> bytes:
    child = reader.var_bytes()
    if child and len(child) != UInt256.SIZE:
        raise FormatError(f"a child is a hash of {UInt256.SIZE} bytes, got {len(child)}")
    return child


def _stored(item: bytes) -> bytes:
    """The value of a storage item: behind its version, 0, and before its flag of a constant."""
    reader = Neo2Reader(item)
    version = reader.u8()
    if version != 0:
        raise FormatError(f"a storage item has version 0, got {version}")
    value = reader.var_bytes()
    reader.u8()
    return value
