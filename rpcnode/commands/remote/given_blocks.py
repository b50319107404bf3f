"""Raw blocks as a running node gives them."""

from base64 import b64decode
from binascii import Error as NoBase64

from rpcnode.payloads.block import Block
from rpcnode.primitives.errors import FormatError, NodeError
from rpcnode.primitives.uint import UInt256


def checked_block(url: str, index: int, text: object, previous: UInt256 | None) -> tuple[Block, bytes]:
    """The block that a node gave as text, and its bytes; `previous` is the hash of the one before, where that is known.

    Raises NodeError for what is no block, or does not follow.
    """
    try:
        raw = b64decode(text if isinstance(text, str) else "-", validate=True)
        block = Block.parse(raw)
    except (NoBase64, FormatError) as error:
        raise NodeError(f"{url}: what it gives for block {index} is no block of Neo N3: {error}") from None
    if block.index != index or block.header.previous_hash != (previous or block.header.previous_hash):
        raise NodeError(f"{url}: block {index} does not follow the block that it gave before")
    return block, raw
