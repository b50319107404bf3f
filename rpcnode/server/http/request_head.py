"""The head of an HTTP/1 request: which are refused with what status, as Kestrel does, and the others in plain form.

Source: dotnet/aspnetcore, Kestrel/Core: HttpParser, Http1Connection, HttpRequestHeaders, Http1MessageBody.For,
HttpUtilities.IsHostHeaderValid.
"""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from rpcnode.server.jsonrpc.query import names_method

MAX_HEADERS: Final = 100
MAX_HEADERS_SIZE: Final = 32 * 1024  # bytes of all headers, with the empty line that ends them

_TOKEN: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+").fullmatch
_PLAIN_HEADER: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t -~\x80-\xff]*").fullmatch
_ODD_CHARACTER: Final = re.compile(rb"[\x01-\x20\x7f]")
_NUMBER: Final = re.compile(rb"\+?0*([0-9]{1,19})|-0+").fullmatch
_HOST: Final = re.compile(r"(?:\[[0-9a-fA-F:.]{2,}\]|[0-9A-Za-z!$&'()\-._~]+)(?::[0-9]+)?").fullmatch
_AUTHORITY: Final = re.compile(rb"[0-9A-Za-z:.\-\[\]@]+").fullmatch
_VERSIONS: Final = (b"HTTP/1.1", b"HTTP/1.0")
_VERSION_SIZE: Final = 8
_WELL_KNOWN: Final = frozenset({b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"TRACE", b"PATCH"})
_ANY_OTHER: Final = b"PUT"
_NEEDS_LENGTH: Final = (b"POST", b"PUT")
_ONCE: Final = frozenset(  # in a request that aiohttp takes; Kestrel takes more of them
    (b"content-type", b"user-agent", b"content-location", b"content-range", b"etag", b"max-forwards", b"server")
)
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_MOST: Final = 2**63 - 1

_OTHER_HEADER: Final = (
    rb"(?!(?i:host|content-(?:length|location|range)|transfer-encoding|upgrade|etag|max-forwards|server):)"
    rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++:[\t -~]*+\r\n"
)
PLAIN_HEAD: Final = re.compile(
    rb"(?:POST|GET) /[!-~]*+ HTTP/1\.1\r\n"
    rb"(?:%b){0,40}+Host: ?+[0-9A-Za-z.\-]++(?::[0-9]++)?+\r\n(?:%b){0,40}+"
    rb"(?:Content-Length: ?+([0-9]{1,15})\r\n(?:%b){0,10}+)?+\r\n" % ((_OTHER_HEADER,) * 3)
).match
"""Finds a head that is in plain form as it comes, with the length of its body: nearly all are, and this is quick.

Of Content-Type and User-Agent, `says_twice` tells whether there is more than one.
"""


def says_twice(head: bytes) -> bool:
    """Whether a head has one of the headers twice that many requests have once."""
    lower = head.lower()
    return lower.count(b"\ncontent-type:") > 1 or lower.count(b"\nuser-agent:") > 1


class Refused(Exception):
    """A request is not taken: the status of the answer, and its Allow header."""

    def __init__(self, status: int, allow: str | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.allow = allow


@dataclass(slots=True)
class RequestHead:
    """A head that is being read, line by line; `length` is that of the body, None where it comes in chunks."""

    line: bytes  # of the request, in plain form
    method: bytes  # as it was sent
    is_old: bool  # HTTP/1.0
    authority: str | None  # what Host must be, for a target that says it itself
    headers: list[bytes]
    count: int = 0
    host: str | None = None
    length: int | None = 0
    has_length: bool = False
    coding: bytes | None = None  # all of Transfer-Encoding
    once: set[bytes] = field(default_factory=set)  # names that may not come again
    may_upgrade: bool = False  # its target is that of the websocket
    opens_websocket: bool = False

    @classmethod
    def begin(cls, line: bytes, websocket_path: str | None = None) -> "RequestHead":
        """A head that begins with that line, given without its end.

        A GET of `websocket_path` with no `method` in its query may open a websocket.

        A method that HTTP does not know, or that would change the connection, becomes one that we only answer.
        """
        method, _, rest = line.partition(b" ")
        target, space, version = rest.rpartition(b" ")
        if not space or not _TOKEN(method) or target[:1] in (b"", b" ", b"?", b"%") or len(version) != _VERSION_SIZE:
            raise Refused(400)
        if version not in _VERSIONS:
            raise Refused(505)
        if b" " in target or not target.isascii() or b"\0" in target:
            raise Refused(400)
        authority = None
        if target[:1] != b"/":
            authority, target = _other_form(method, target)
        if _ODD_CHARACTER.search(target):
            target = _ODD_CHARACTER.sub(lambda match: b"%%%02X" % match[0][0], target)
        known = method if method in _WELL_KNOWN else _ANY_OTHER
        head = cls(b"%b %b %b\r\n" % (known, target, version), method, version == _VERSIONS[1], authority, [])
        if websocket_path is not None and method == b"GET" and not head.is_old:
            path, _, query = target.decode("ascii").partition("?")
            head.may_upgrade = path == websocket_path and not names_method(query)
        return head

    def add(self, line: bytes) -> None:
        """Takes in a header, given without the end of its line."""
        name, colon, value = line.partition(b":")
        if not colon or not name or b" " in name or b"\t" in name or b"\r" in line or b"\0" in line:
            raise Refused(400)
        if not line.isascii():
            _check_text(name, value)
        self.count += 1
        if self.count > MAX_HEADERS:
            raise Refused(431)
        match name.lower():
            case b"content-length":
                self._add_length(value.strip(b" \t"))
            case b"transfer-encoding":
                self.coding = value if self.coding is None else b"%b,%b" % (self.coding, value)
            case b"upgrade":
                # Nothing else is spoken here.
                if self.may_upgrade and value.strip(b" \t").lower() == b"websocket":
                    self.opens_websocket = True
            case b"host":
                if self.host is not None:
                    raise Refused(400)
                self.host = value.strip(b" \t").decode()
                self.headers.append(line)
            case known if known in self.once:
                pass
            case known:
                if known in _ONCE:
                    self.once.add(known)
                # What no parser of ours would take has no meaning for us either.
                if _PLAIN_HEADER(line):
                    self.headers.append(line)

    def complete(self) -> bytes:
        """The whole head in plain form, once its last line is in."""
        self._check_host()
        if self.coding is not None or self.length:
            self.opens_websocket = False
        if self.opens_websocket:
            self.headers.append(b"Upgrade: websocket")
        if self.coding is not None:
            if self.coding.rpartition(b",")[2].strip(b" \t").lower() != b"chunked":
                raise Refused(400)
            self.headers.append(b"Transfer-Encoding: chunked")
            self.length = None
        elif self.has_length:
            self.headers.append(b"Content-Length: %d" % (self.length or 0))
        elif self.is_old and self.method in _NEEDS_LENGTH:
            raise Refused(400)
        return b"%b%b\r\n\r\n" % (self.line, b"\r\n".join(self.headers)) if self.headers else self.line + b"\r\n"

    def _add_length(self, value: bytes) -> None:
        found = _NUMBER(value)
        length = 0 if found is None else int(found[1] or 0)
        if found is None or length > _MOST or self.has_length:
            raise Refused(400)
        self.length, self.has_length = length, True

    def _check_host(self) -> None:
        if self.host is None:
            if not self.is_old:
                raise Refused(400)
        elif (self.host and not _HOST(self.host)) or (self.authority is not None and not self._is_authority(self.host)):
            raise Refused(400)

    def _is_authority(self, host: str) -> bool:
        """Whether Host repeats the target; the scheme's own port need not be said."""
        scheme, _, authority = str(self.authority).rpartition("//")
        return host == authority or (
            ":" not in authority.rpartition("]")[2] and host == f"{authority}:{_DEFAULT_PORTS.get(scheme)}"
        )


def _other_form(method: bytes, target: bytes) -> tuple[str | None, bytes]:
    """The authority that a target names, behind `SCHEME//`, and the target as path and query."""
    if target == b"*":
        if method != b"OPTIONS":
            raise Refused(405, "OPTIONS")
        return None, b"/"
    if target[:7].lower() != b"http://" and target[:8].lower() != b"https://":
        if not _AUTHORITY(target):
            raise Refused(400)
        if method != b"CONNECT":
            raise Refused(405, "CONNECT")
        return f"//{target.decode()}", b"/"
    try:
        parts = urlsplit(target.decode("ascii"))
    except ValueError:
        raise Refused(400) from None
    authority = parts.netloc.rpartition("@")[2].lower()
    if not authority:
        raise Refused(400)
    default = f":{_DEFAULT_PORTS[parts.scheme]}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}//{authority.removesuffix(default)}", f"{parts.path or '/'}{query}".encode()


def _check_text(name: bytes, value: bytes) -> None:
    """Refuses names that are not ASCII and values that are not UTF-8."""
    try:
        name.decode("ascii")
        value.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(400) from None
