"""Chains that tests have used before in this process: what a fixture makes is made once, and copied for each test."""

from collections import OrderedDict
from contextlib import closing
from threading import Lock
from typing import Final, NamedTuple

from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.testing.chain_source import Built, ChainSource

MOST_KEPT: Final = 32
"""Templates at a time; the one that was not used for longest goes first."""


class Template(NamedTuple):
    """A node as it starts; itself it is closed, and holds no database."""

    built: Built
    image: bytes

    def copy(self) -> Node:
        """A node of its own on the same chain, for the thread that asks."""
        return Node.from_template(self.built.node, self.image)


_kept: "OrderedDict[tuple[str, ChainSource], Template]" = OrderedDict()
_lock: Final = Lock()


def template(source: ChainSource, options: NodeOptions) -> Template:
    """The template of a chain under some options. Raises NodeError as `Node` does."""
    key = (repr(options), source)
    with _lock:
        found = _kept.get(key)
        if found is None or not found.built.is_current:
            built = source.build(options)
            with closing(built.node) as node:
                found = _kept[key] = Template(built, node.store.image())
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
        _kept.move_to_end(key)
    return found
