"""The short way of a request whose head was seen before: past aiohttp, from its bytes to the envelope and back.

Clients send the same head again and again, byte for byte. What it says was parsed and judged once, by aiohttp and by
the server; all that is left to do is to answer the body. Whatever is not one whole POST with such a head, and whatever
takes long, is struck by a fault or fails, goes the ordinary way.
"""

import zlib
from collections.abc import Mapping
from typing import Final, NamedTuple

from rpcnode.primitives.kept_table import KeptTable
from rpcnode.server.http.connection import Connection
from rpcnode.server.http.wire_reply import written_reply
from rpcnode.server.jsonrpc.access import Authorization
from rpcnode.server.jsonrpc.reply import AnswersRequests, Reply
from rpcnode.server.traffic.journal import agent_of

GZIP_LEVEL: Final = 1
GZIP_WINDOW: Final = 31  # zlib's largest window, with gzip's header
COMPRESSED_IN_PLACE: Final = 256 * 1024
"""Bytes; what takes longer goes to a thread."""

_MOST_OF_HEADS: Final = 256 * 1024  # bytes of all heads that are known
_AROUND_HEAD: Final = 2_000  # bytes that one takes besides itself
_MOST_COMPRESSED: Final = 1024 * 1024  # bytes of what is kept compressed
_AROUND: Final = 200
_LONGEST: Final = 64 * 1024  # bytes of an answer: a longer one may have to wait for its reader
_END: Final = b"\r\n\r\n"


class ReplyHead(NamedTuple):
    """The headers of an answer, which depend on two of the request's and on whether it asks for credentials."""

    with_body: bytes
    without_body: bytes
    gzip: bool


class KnownHead(NamedTuple):
    """What a head says: how many bytes its body has, its headers, and the heads of answers by `is_challenged`."""

    length: int
    headers: Mapping[str, str]
    agent: str  # of them, as the journal has it
    replies: tuple[ReplyHead, ReplyHead]


class ShortWay:
    """The heads that are known to one server, and the way past the others."""

    def __init__(self, envelope: AnswersRequests) -> None:
        self._envelope: Final = envelope
        self._heads: Final[KeptTable[bytes, KnownHead]] = KeptTable(_MOST_OF_HEADS)
        self._compressed: Final[KeptTable[bytes, bytes]] = KeptTable(_MOST_COMPRESSED)

    def learn(self, data: bytes, body: bytes, headers: Mapping[str, str], replies: tuple[ReplyHead, ReplyHead]) -> None:
        """Knows the head of a request from now on, which came with its body as `data` and may be answered."""
        head = data[: len(data) - len(body)]
        if head.find(_END) == len(head) - len(_END):
            self._heads.keep(head, KnownHead(len(body), headers, agent_of(headers), replies), len(head) + _AROUND_HEAD)

    def take(self, connection: Connection, data: bytes) -> bool:
        """Answers what came in over a connection that waited for a request; false leaves it to the ordinary way.

        What was begun of the answer then is `connection.begun`.
        """
        end = data.find(_END) + len(_END)
        known = self._heads.get(data[:end])
        transport = connection.transport
        if known is None or len(data) - end != known.length or transport is None or transport.get_write_buffer_size():
            return False
        client = connection.client
        if client.agent != known.agent:
            client = connection.client = client.named(known.agent)
        begun = self._envelope.begin_post(
            data[end:], Authorization.GRANTED, known.headers, is_local=connection.is_local, client=client
        )
        if not isinstance(begun, Reply) or begun.status != 200 or begun.strike is not None:
            connection.begun = begun
            return False
        content = begun.body
        head = known.replies[begun.is_challenged]
        if len(content) > _LONGEST:
            connection.begun = begun
            return False
        if not content:
            transport.write(written_reply(200, head.without_body, b""))
        else:
            transport.write(written_reply(200, head.with_body, self._gzip(content) if head.gzip else content))
        return True

    def _gzip(self, content: bytes) -> bytes:
        compressed = self._compressed.get(content)
        if compressed is None:
            compressed = zlib.compress(content, GZIP_LEVEL, GZIP_WINDOW)
            self._compressed.keep(content, compressed, len(content) + len(compressed) + _AROUND)
        return compressed
