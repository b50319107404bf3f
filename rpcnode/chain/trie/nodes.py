"""The nodes of a Merkle Patricia trie. None of them changes: what differs is a new node, which shares all else.

A path is a bytes object with one nibble, 0 to 15, in each byte. No node at all, an empty child, is None.
Source: neo-node 3.10, plugins/MPTTrie: Node, Trie.Put, Trie.Delete.
"""

from abc import ABC, abstractmethod
from hashlib import sha256
from typing import Final

EMPTY: Final = b"\x04"
"""An empty child as its parent has it, and an empty trie."""

LINK: Final = b"\x03"
"""What stands before the hash of a child."""

BRANCH: Final = b"\x00"
EXTENSION: Final = b"\x01"
LEAF: Final = b"\x02"

WIDTH: Final = 17
"""Children of a branch: one for each nibble, and the value of the path that ends there."""

VALUE: Final = WIDTH - 1


class Node(ABC):
    """A branch, an extension or a leaf."""

    __slots__ = ("_link",)

    def __init__(self) -> None:
        self._link: bytes | None = None

    @property
    def link(self) -> bytes:
        """The node as its parent has it, 33 bytes, with the hash at the end; worked out once."""
        link = self._link
        if link is None:
            link = self._link = LINK + sha256(sha256(self.serialize()).digest()).digest()
        return link

    @abstractmethod
    def serialize(self) -> bytes:
        """The bytes that are hashed, and that proofs hold."""

    @abstractmethod
    def put(self, path: bytes, leaf: "Leaf") -> "Node":
        """The node with a leaf at the end of a path."""

    @abstractmethod
    def delete(self, path: bytes) -> "Node | None":
        """The node without what is at the end of a path; itself where nothing is."""


class Leaf(Node):
    """A value, at the end of its path."""

    __slots__ = ("value",)

    def __init__(self, value: bytes) -> None:
        super().__init__()
        self.value: Final = value

    def serialize(self) -> bytes:
        return LEAF + _length(len(self.value)) + self.value

    def put(self, path: bytes, leaf: "Leaf") -> Node:
        if not path:
            return leaf
        children = _no_children()
        children[VALUE] = self
        children[path[0]] = at_end_of(path[1:], leaf)
        return Branch(children)

    def delete(self, path: bytes) -> Node | None:
        return self if path else None


class Extension(Node):
    """Nibbles, at least one, that all paths below have in common."""

    __slots__ = ("key", "next")

    def __init__(self, key: bytes, following: Node) -> None:
        super().__init__()
        self.key: Final = key
        self.next: Final = following

    def serialize(self) -> bytes:
        return EXTENSION + _length(len(self.key)) + self.key + self.next.link

    def put(self, path: bytes, leaf: Leaf) -> Node:
        key = self.key
        if path.startswith(key):
            return Extension(key, self.next.put(path[len(key) :], leaf))
        shared = common_length(key, path)
        children = _no_children()
        children[key[shared]] = at_end_of(key[shared + 1 :], self.next)
        if shared == len(path):
            children[VALUE] = leaf
        else:
            children[path[shared]] = at_end_of(path[shared + 1 :], leaf)
        return at_end_of(key[:shared], Branch(children))

    def delete(self, path: bytes) -> Node | None:
        if not path.startswith(self.key):
            return self
        left = self.next.delete(path[len(self.key) :])
        if left is self.next:
            return self
        return None if left is None else at_end_of(self.key, left)


class Branch(Node):
    """A child for each nibble that follows, and a leaf for the path that ends here; two of them or more."""

    __slots__ = ("children",)

    def __init__(self, children: list[Node | None]) -> None:
        super().__init__()
        self.children: Final = children

    def serialize(self) -> bytes:
        return BRANCH + b"".join([EMPTY if child is None else child.link for child in self.children])

    def put(self, path: bytes, leaf: Leaf) -> Node:
        children = self.children.copy()
        if path:
            child = children[path[0]]
            children[path[0]] = at_end_of(path[1:], leaf) if child is None else child.put(path[1:], leaf)
        else:
            children[VALUE] = leaf
        return Branch(children)

    def delete(self, path: bytes) -> Node | None:
        at = path[0] if path else VALUE
        child = self.children[at]
        left = None if child is None else child.delete(path[1:])
        if left is child:
            return self
        children = self.children.copy()
        children[at] = left
        standing = [(nibble, other) for nibble, other in enumerate(children) if other is not None]
        if len(standing) > 1:
            return Branch(children)
        ((nibble, only),) = standing
        return only if nibble == VALUE else at_end_of(bytes((nibble,)), only)


def at_end_of(path: bytes, node: Node) -> Node:
    """A node with nibbles before it; never two extensions after another."""
    if not path:
        return node
    if isinstance(node, Extension):
        return Extension(path + node.key, node.next)
    return Extension(path, node)


def common_length(first: bytes, second: bytes) -> int:
    """How many nibbles, from the first on, two paths have in common."""
    length = min(len(first), len(second))
    return next((at for at in range(length) if first[at] != second[at]), length)


def _no_children() -> list[Node | None]:
    return [None] * WIDTH


def _length(length: int) -> bytes:
    """The shortest form of a length below 2^32."""
    if length < 0xFD:
        return bytes((length,))
    return b"\xfd" + length.to_bytes(2, "little") if length <= 0xFFFF else b"\xfe" + length.to_bytes(4, "little")
