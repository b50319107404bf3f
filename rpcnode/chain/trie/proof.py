"""Proofs: the nodes on the way to a key, as bytes, and what they show.

Source: neo-node 3.10, plugins/MPTTrie: Node.Deserialize, Trie.VerifyProof; plugins/StateService: StatePlugin.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from rpcnode.chain.trie.nodes import VALUE, WIDTH
from rpcnode.chain.trie.trie import MOST_NIBBLES, nibbles_of
from rpcnode.primitives.binary import BinaryReader, BinaryWriter
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.hashes import hash256
from rpcnode.primitives.uint import UInt256


class MissingNode(Exception):
    """A proof lacks a node that its root, or another of its nodes, names."""


def proof_bytes(key: bytes, nodes: Sequence[bytes]) -> bytes:
    """A proof on the wire: the key, the number of nodes, each node."""
    writer = BinaryWriter().var_bytes(key).var_int(len(nodes))
    for node in nodes:
        writer.var_bytes(node)
    return writer.to_bytes()


def proven_value(root_hash: UInt256, key: bytes, nodes: Iterable[bytes]) -> bytes | None:
    """The value that a key has in the trie of a root, by its nodes; None where they show that it has none.

    Raises MissingNode, and FormatError for a node on the way that is not one.
    """
    known = {hash256(node): node for node in nodes}
    path, place = nibbles_of(key), _Place(_HASH, link=bytes(root_hash))
    while True:
        if place.kind == _HASH:
            found = known.get(place.link)
            if found is None:
                raise MissingNode
            # Nodes are stored with how often they are used, which a proof leaves out.
            place = _read(BinaryReader(found + b"\x01"), 0)
        elif place.kind == _BRANCH:
            place, path = place.children[path[0] if path else VALUE], path[1:]
        elif place.kind == _EXTENSION and path.startswith(place.data):
            (place,), path = place.children, path[len(place.data) :]
        else:
            return place.data if place.kind == _LEAF and not path else None


_BRANCH: Final = 0
_EXTENSION: Final = 1
_LEAF: Final = 2
_HASH: Final = 3
_EMPTY: Final = 4


class _Place:
    """A node as it was read: `data` is the key of an extension or the value of a leaf, `link` the hash of another."""

    __slots__ = ("children", "data", "kind", "link")

    def __init__(self, kind: int, data: bytes = b"", *, link: bytes = b"", children: "tuple[_Place, ...]" = ()) -> None:
        self.kind: Final = kind
        self.data: Final = data
        self.link: Final = link
        self.children: Final = children


def _read(reader: BinaryReader, depth: int) -> _Place:
    """A node, and those that are inside it in place of their hashes."""
    if depth > MOST_NIBBLES:
        raise FormatError("MPT node nesting depth exceeds the maximum allowed limit.")
    kind = reader.u8()
    if kind == _HASH:
        return _Place(kind, link=reader.read(32))
    if kind == _EMPTY:
        return _Place(kind)
    if kind == _BRANCH:
        place = _Place(kind, children=tuple(_read(reader, depth + 1) for _ in range(WIDTH)))
    elif kind == _EXTENSION:
        place = _Place(kind, reader.var_bytes(), children=(_read(reader, depth + 1),))
    elif kind == _LEAF:
        place = _Place(kind, reader.var_bytes())
    else:
        raise FormatError("Deserialize")
    reader.var_int()
    return place
