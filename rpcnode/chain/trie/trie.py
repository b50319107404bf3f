"""A trie as a whole: from rows, with changes, and what it answers.

Source: neo-node 3.10, plugins/MPTTrie: Trie, Trie.Get, Trie.Find, Trie.Proof.
"""

from binascii import hexlify
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rpcnode.chain.trie.nodes import EMPTY, VALUE, WIDTH, Branch, Extension, Leaf, Node, at_end_of, common_length
from rpcnode.primitives.hashes import hash256
from rpcnode.primitives.uint import UInt256

MOST_NIBBLES: Final = 136
"""Of a key: an id of 4 bytes, and 64 bytes."""

_HEX_DIGITS: Final = b"0123456789abcdef"
_NIBBLES: Final = bytes.maketrans(_HEX_DIGITS, bytes(range(16)))
_DIGITS: Final = bytes.maketrans(bytes(range(16)), _HEX_DIGITS)
_EMPTY_HASH: Final = UInt256(hash256(EMPTY))


class Trie:
    """Keys and their values, and one hash of them all. A trie does not change."""

    __slots__ = ("_root",)

    def __init__(self, root: Node | None = None) -> None:
        self._root: Final = root

    @classmethod
    def of(cls, rows: Iterable[tuple[bytes, bytes]]) -> "Trie":
        """The trie of rows in any order, each key once."""
        paths = sorted((nibbles_of(key), value) for key, value in rows)
        return cls(_built(paths, 0, len(paths), 0) if paths else None)

    @property
    def root_hash(self) -> UInt256:
        """The hash of the first node."""
        return _EMPTY_HASH if self._root is None else UInt256(self._root.link[1:])

    def changed(self, changes: Iterable[tuple[bytes, bytes | None]]) -> "Trie":
        """The trie after keys got new values; None takes a key away, an empty value does not."""
        root = self._root
        for key, value in changes:
            path = nibbles_of(key)
            if value is None:
                root = None if root is None else root.delete(path)
            else:
                leaf = Leaf(value)
                root = at_end_of(path, leaf) if root is None else root.put(path, leaf)
        return Trie(root)

    def get(self, key: bytes) -> bytes | None:
        """The value of a key."""
        way = self._way_to(nibbles_of(key))
        return None if way is None else way[-1].value if isinstance(way[-1], Leaf) else None

    def proof(self, key: bytes) -> list[bytes] | None:
        """The nodes on the way to a key, from the first on; None for a key that is not there."""
        way = self._way_to(nibbles_of(key))
        return None if way is None else [node.serialize() for node in way]

    def find(self, prefix: bytes, after: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        """Keys that begin with a prefix and come after another one, in order, with their values."""
        for path, value in _leaves_under(self._root, nibbles_of(prefix), nibbles_of(after)):
            yield bytes.fromhex(path.translate(_DIGITS).decode()), value

    def _way_to(self, path: bytes) -> list[Node] | None:
        """The nodes on a path, down to its leaf; None where the path leads to none."""
        node, way = self._root, []
        while node is not None:
            way.append(node)
            if isinstance(node, Branch):
                node, path = node.children[path[0] if path else VALUE], path[1:]
            elif isinstance(node, Extension):
                if not path.startswith(node.key):
                    return None
                path, node = path[len(node.key) :], node.next
            else:
                return None if path else way
        return None


def nibbles_of(key: bytes) -> bytes:
    """The path of a key, the upper half of each byte first."""
    return hexlify(key).translate(_NIBBLES)


def _built(rows: Sequence[tuple[bytes, bytes]], first: int, end: int, depth: int) -> Node:
    """The node of the rows from `first` up to `end`, sorted, whose paths agree in their first `depth` nibbles."""
    path = rows[first][0]
    if end - first == 1:
        return at_end_of(path[depth:], Leaf(rows[first][1]))
    shared = common_length(path[depth:], rows[end - 1][0][depth:])
    if shared:
        return Extension(path[depth : depth + shared], _built(rows, first, end, depth + shared))
    children: list[Node | None] = [None] * WIDTH
    if len(path) == depth:
        children[VALUE] = Leaf(rows[first][1])
        first += 1
    while first < end:
        nibble, begin = rows[first][0][depth], first
        while first < end and rows[first][0][depth] == nibble:
            first += 1
        children[nibble] = _built(rows, begin, first, depth + 1)
    return Branch(children)


def _leaves_under(node: Node | None, prefix: bytes, after: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The leaves of a trie whose paths begin with a prefix."""
    path = b""
    while node is not None and len(path) < len(prefix):
        if isinstance(node, Branch):
            nibble = prefix[len(path)]
            node, path = node.children[nibble], path + bytes((nibble,))
        elif isinstance(node, Extension):
            path, node = path + node.key, node.next
        else:
            return
    if path.startswith(prefix):
        yield from _leaves(node, path, after)


def _leaves(node: Node | None, path: bytes, after: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The leaves of a node at a path, in order, whose paths are greater than `after`."""
    if path <= after and not after.startswith(path):
        return
    if isinstance(node, Branch):
        yield from _leaves(node.children[VALUE], path, after)
        for nibble in range(VALUE):
            yield from _leaves(node.children[nibble], path + bytes((nibble,)), after)
    elif isinstance(node, Extension):
        yield from _leaves(node.next, path + node.key, after)
    elif isinstance(node, Leaf) and path > after:
        yield path, node.value
