"""From where `dev_*` methods may be called, and who may read the node's own paths: never a web page of another origin.

A page can send any node on this machine a POST without asking first, and reads the answer where CORS lets it or where
its own host name suddenly resolves to 127.0.0.1 (DNS rebinding). Two headers it cannot forge: Origin, which browsers
put into every POST of a page, and Host, the name under which they reached us.
"""

import re
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from types import MappingProxyType
from typing import Final

from rpcnode.primitives.errors import AccessDenied, MethodNotFound, OwnRule
from rpcnode.primitives.json import Json
from rpcnode.server.jsonrpc.loopback import is_loopback

_FILE_READER: Final = "dev_reset"
"""The dev method that reads a file of the node's machine, where its parameter is a path."""

DEV_INFO: Final = "dev_info"
"""The method that every node has that can be commanded at all."""

NO_HEADERS: Final = MappingProxyType[str, str]({})
"""The headers of a request that came by no socket."""

_HOST: Final = r"(?:\[(?P<ipv6>[0-9A-Fa-f:.]+)\]|(?P<name>[^\s:/?#@\[\]]+))(?::[0-9]*)?"
_HOST_HEADER: Final = re.compile(_HOST)
_ORIGIN_HEADER: Final = re.compile(rf"https?://{_HOST}", re.IGNORECASE)
_PRIVATE_NAMES: Final = (".internal", ".local")  # never in the public DNS, so nobody can point one of theirs at us


class DevAccessDenied(OwnRule, AccessDenied):
    """A dev method called by GET, by a web page or, where it reads files, from another machine."""


class DevMethodsOff(OwnRule, MethodNotFound):
    """A dev method of a node that has them switched off, as they are where other machines can reach it."""

    def __init__(self, method: str) -> None:
        super().__init__(f"{method[:100]}: dev methods are off on this node; the option --dev turns them on")


class DevAccess:
    """The rule for one server.

    Host must be a loopback name or address, or the address that the server was told to listen on. A server that was
    told to listen on more than loopback is reached under other names too: there any IP address will do and any name
    that the public DNS cannot hold (without a dot, or under .internal or .local), since no web page of a stranger has
    such an address for its own name. Origin, if there is one, must be loopback, or the host that Host names.
    """

    def __init__(self, bind_address: str) -> None:
        self._bind_address = bind_address.lower()
        self._is_loopback_only = is_loopback(self._bind_address)

    def refusal(
        self, headers: Mapping[str, str] | None, method: str, params: Sequence[Json], *, is_local: bool
    ) -> str | None:
        """Why a POST with those headers, or with None a GET, may not make a call; None when it may.

        `is_local`: it comes from this machine, and only so a call may name a file on it. A client without a Host header
        is no browser, nor is one without Origin, as far as POST goes. A GET a page of any origin can have sent by an
        image, without an Origin header.
        """
        if headers is None:
            return "dev methods are called by POST"
        if method == _FILE_READER and not is_local and params and isinstance(params[0], str):
            return "files are read for callers on the node's own machine; give the fixture itself, as an object"
        return self.refusal_of_page(headers)

    def refusal_of_page(self, headers: Mapping[str, str]) -> str | None:
        """Why whoever sends a request with those headers commands nothing here; None where it is no stranger's page."""
        return self._refusal(headers, "dev methods", any_host=False)

    def refusal_of_reader(self, headers: Mapping[str, str]) -> str | None:
        """The same of whoever only reads what the node tells of itself, by a GET, in which browsers leave Origin out.

        A server that others reach has names that it does not know, so there any Host will do.
        """
        return self._refusal(headers, "the page, /health and /metrics", any_host=not self._is_loopback_only)

    def _refusal(self, headers: Mapping[str, str], what: str, *, any_host: bool) -> str | None:
        host_header = headers.get("Host")
        host = None
        if host_header is not None:
            host = _host_of(_HOST_HEADER.fullmatch(host_header))
            if host is None or not (any_host or self._is_ours(host)):
                return f"{what} answer to a local name, not to Host {host_header[:100]!r}; call localhost"
        origin = headers.get("Origin")
        if origin is not None:
            page = _host_of(_ORIGIN_HEADER.fullmatch(origin))
            if page is None or not (is_loopback(page) or page == host):
                return f"{what} are closed to web pages of Origin {origin[:100]!r}; a page on localhost may call"
        return None

    def _is_ours(self, host: str) -> bool:
        if host == self._bind_address or is_loopback(host):
            return True
        return not self._is_loopback_only and ("." not in host or host.endswith(_PRIVATE_NAMES) or _is_ip_address(host))


def _is_ip_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _host_of(match: re.Match[str] | None) -> str | None:
    """The host in a header, in lower case; None where the header was no such thing."""
    if match is None:
        return None
    host: str = match["ipv6"] or match["name"].removesuffix(".")
    return host.lower()
