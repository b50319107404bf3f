"""`python -m rpcnode.commands.dev_chain_image`: executes the dev chain and packages what comes of it."""

import zlib
from contextlib import closing
from pathlib import Path

import rpcnode.fixtures
from rpcnode.dev.dev_chain_image import FILE, GZIP, PACKAGED
from rpcnode.dev.fixture.dev_chain import dev_chain
from rpcnode.node import Node
from rpcnode.options import NodeOptions


def executed_image() -> bytes:
    """The image of the dev chain, executed from genesis."""
    with closing(Node(NodeOptions(), dev_chain(*PACKAGED))) as node:
        node.store.connection.execute("VACUUM")
        return node.store.image()


def main() -> None:
    """Makes the file."""
    assert rpcnode.fixtures.__file__ is not None
    packer = zlib.compressobj(9, zlib.DEFLATED, GZIP)
    packed = packer.compress(executed_image()) + packer.flush()
    Path(rpcnode.fixtures.__file__).with_name(FILE).write_bytes(packed)


if __name__ == "__main__":
    main()
