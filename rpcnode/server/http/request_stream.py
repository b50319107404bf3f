"""What comes in over a connection, as requests that Kestrel would take; the first that it would not ends them."""

import re
import string
from enum import Enum
from typing import Final

from rpcnode.server.http.request_head import MAX_HEADERS_SIZE, PLAIN_HEAD, Refused, RequestHead, says_twice

_MAX_CHUNK_LINE: Final = 8 * 1024  # bytes; the size of a chunk has ten, what may follow it is read by nobody
_LINE_END: Final = b"\r\n"
_NO_LINE_END: Final = re.compile(rb"[^\r\n]").search
_SAYS_CLOSE: Final = re.compile(rb"\nconnection:[^\r\n]*\bclose\b", re.IGNORECASE).search
_KEEPS_ALIVE: Final = re.compile(rb"\nconnection:[^\r\n]*\bkeep-alive\b", re.IGNORECASE).search
_TOKEN_CHARACTERS: Final = frozenset(b"!#$%&'*+-.^_`|~" + (string.digits + string.ascii_letters).encode())

NOT_TAKEN: Final = "*"
"""The target of what stands for a request that was not taken; one that is taken never has it."""

_REFUSED_REQUEST: Final = f"OPTIONS {NOT_TAKEN} HTTP/1.1\r\nHost: -\r\n\r\n".encode()


class _Part(Enum):
    """What the next byte belongs to."""

    LINE = "line"  # the first of a request
    HEADERS = "headers"
    BODY = "body"
    CHUNK_SIZE = "chunk size"
    CHUNK = "chunk"  # with the end of its line
    TRAILERS = "trailers"
    FRAMES = "frames"  # of a websocket, to which the connection was changed
    UNREADABLE = "unreadable"  # chunks are framed wrongly: a parser of HTTP will say so, or read on as it can


class RequestStream:
    """Finds the heads of requests in a stream of bytes, and hands them on in plain form; bodies as they are.

    Once a request is not taken, `refused` says why; in its place one with the target `NOT_TAKEN` is handed on, so that
    the requests before it are answered first, and nothing after it. What comes together with a request that ends the
    connection, and after it, is dropped: aiohttp would refuse the request for it.
    """

    def __init__(self, max_line_size: int, websocket_path: str | None = None) -> None:
        """`max_line_size` is in bytes, with the end of the line; `websocket_path` None: there is no websocket."""
        self._websocket_path = websocket_path
        self._max_line_size = max_line_size
        self._plain_size = min(max_line_size, MAX_HEADERS_SIZE)  # of a whole head, within every limit
        self._part = _Part.LINE
        self._partial = b""  # a line of which the end is missing
        self._head: RequestHead | None = None
        self._headers_size = 0
        self._left = 0  # bytes of a body, or of a chunk
        self._is_last = False  # whether the request that came last ends the connection
        self.refused: Refused | None = None
        self.whole: bytes | None = None  # what came last, if that was one request as it is to be, with all of its body

    @property
    def is_between(self) -> bool:
        """Whether what comes next begins a request."""
        return self._part is _Part.LINE and not self._partial and self.refused is None

    def feed(self, data: bytes) -> bytes:
        """What may be read of `data` and of what waited for it."""
        self.whole = None
        if self._part is _Part.BODY and len(data) <= self._left:
            self._count(len(data))
            return data
        if self._part is _Part.FRAMES:
            return data
        if self.refused is not None:
            return b""
        if self._part is _Part.LINE and not self._partial:
            plain = self._plain_head(data, 0)
            if plain is not None and plain.end() + int(plain[1] or 0) == len(data):
                self.whole = data
                return data
        taken: list[bytes] = []
        if self._partial:
            data, self._partial = self._partial + data, b""
        at = 0
        try:
            while at < len(data) and not (self._is_last and self._part is _Part.LINE):
                at = self._take(data, at, taken)
        except Refused as refused:
            self.refused = refused
            taken.append(_REFUSED_REQUEST)
        return b"".join(taken)

    def _take(self, data: bytes, at: int, taken: list[bytes]) -> int:
        """Reads on from there; where to go on."""
        match self._part:
            case _Part.LINE:
                plain = self._plain_head(data, at)
                if plain is None:
                    return self._take_line_of_head(data, at, taken)
                end = plain.end()
                self._is_last = _SAYS_CLOSE(plain[0]) is not None
                self._begin_body(int(plain[1] or 0))
            case _Part.HEADERS:
                return self._take_line_of_head(data, at, taken)
            case _Part.BODY | _Part.CHUNK:
                end = min(at + self._left, len(data))
                self._count(end - at)
            case _Part.CHUNK_SIZE | _Part.TRAILERS:
                return self._take_line_of_chunks(data, at, taken)
            case _Part.UNREADABLE | _Part.FRAMES:
                end = len(data)
        taken.append(data[at:end])
        return end

    def _plain_head(self, data: bytes, at: int) -> re.Match[bytes] | None:
        plain = PLAIN_HEAD(data, at)
        if plain is None or plain.end() - at > self._plain_size or says_twice(plain[0]):
            return None
        return plain

    def _count(self, size: int) -> None:
        self._left -= size
        if self._left == 0:
            self._part = _Part.LINE if self._part is _Part.BODY else _Part.CHUNK_SIZE

    def _take_line_of_head(self, data: bytes, at: int, taken: list[bytes]) -> int:
        is_first = self._part is _Part.LINE
        if is_first and data[at] in _LINE_END:
            begun = _NO_LINE_END(data, at)  # empty lines before a request do not count
            return len(data) if begun is None else begun.start()
        if is_first and data[at] not in _TOKEN_CHARACTERS:
            raise Refused(400)  # TLS, say; Kestrel would wait for the end of the line
        end = data.find(b"\n", at) + 1
        limit, status = (self._max_line_size, 414) if is_first else (MAX_HEADERS_SIZE - self._headers_size, 431)
        if (end - at if end else len(data) - at + is_first) > limit:
            raise Refused(status)
        if not end:
            self._partial = data[at:]
            return len(data)
        line = data[at : end - 1]
        if line[-1:] == b"\r":
            line = line[:-1]
        if is_first:
            self._head, self._headers_size = RequestHead.begin(line, self._websocket_path), 0
            self._part = _Part.HEADERS
            return end
        assert self._head is not None
        self._headers_size += end - at
        if line:
            self._head.add(line)
        else:
            taken.append(head := self._head.complete())
            self._is_last = _SAYS_CLOSE(head) is not None or (self._head.is_old and not _KEEPS_ALIVE(head))
            is_changed = self._head.opens_websocket
            self._begin_body(self._head.length)
            if is_changed:
                self._part = _Part.FRAMES
        return end

    def _begin_body(self, length: int | None) -> None:
        self._head = None
        self._left = length or 0
        self._part = _Part.CHUNK_SIZE if length is None else _Part.BODY if length else _Part.LINE

    def _take_line_of_chunks(self, data: bytes, at: int, taken: list[bytes]) -> int:
        end = data.find(b"\n", at) + 1
        if not end and len(data) - at <= _MAX_CHUNK_LINE:
            self._partial = data[at:]
            return len(data)
        line = data[at : end or len(data)]
        taken.append(line)
        if not end:
            self._part = _Part.UNREADABLE
        elif self._part is _Part.CHUNK_SIZE:
            self._begin_chunk(line)
        elif not line.strip(b"\r\n"):
            self._part = _Part.LINE
        return end or len(data)

    def _begin_chunk(self, line: bytes) -> None:
        digits = line.partition(b";")[0].strip(b" \t\r\n")
        try:
            size = int(digits, 16) if digits.isalnum() else -1
        except ValueError:
            size = -1
        if size < 0:
            self._part = _Part.UNREADABLE
        elif size == 0:
            self._part = _Part.TRAILERS
        else:
            self._part, self._left = _Part.CHUNK, size + len(_LINE_END)
