"""Who may call what: Basic authentication, disabled methods, and what browsers are told about origins."""

import hmac
from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.primitives.dotnet_base64 import decode_base64
from rpcnode.primitives.errors import ProfileName
from rpcnode.server.jsonrpc.dev_access import DevAccess
from rpcnode.server.jsonrpc.dialect import DIALECTS

CHALLENGE: Final = 'Basic realm="Restricted"'
"""The value of WWW-Authenticate."""

_OWN_CORS_HEADERS: Final = MappingProxyType(
    {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET, POST",
        "Access-Control-Allow-Headers": "Content-Type",
        "Access-Control-Max-Age": "31536000",
    }
)
_NO_HEADERS: Final = MappingProxyType[str, str]({})


class Authorization(Enum):
    """What a request's Authorization header is worth."""

    GRANTED = "granted"
    MISSING = "missing"  # none, where one is needed
    WRONG = "wrong"


class AccessRules:
    """Which requests and which methods the settings let through.

    Source: neo-node 3.10, plugins/RpcServer/RpcServer.cs: CheckAuth; neo-plugins 3.0.0-preview2, RpcServer: CheckAuth;
    neo-plugins 2.12, RpcSecurity: PreProcess.
    """

    def __init__(self, profile: ProfileName, settings: HttpSettings) -> None:
        self._dialect = DIALECTS[profile]
        self._user = settings.rpc_user.encode()
        self._password = settings.rpc_pass.encode()
        self.disabled_methods = frozenset(settings.disabled_methods)
        self.dev = DevAccess(settings.bind_address)
        self._allowed_origins = frozenset(origin.lower() for origin in settings.allow_origins)
        self.challenges_every_call = self.asks_credentials and self._dialect.challenges_every_call
        """Whether the answer to any call that these rules looked at asks for credentials, even one they let through."""

    @property
    def asks_credentials(self) -> bool:
        """Whether a user is set at all."""
        return bool(self._user)

    def authorize(self, header: str | None) -> Authorization:
        """What the Authorization header is worth, read as the profile's node reads it."""
        if not self._user:
            return Authorization.GRANTED
        if not header:
            return Authorization.MISSING
        # neo-cli quirk: no scheme is checked, the text `Basic ` is taken out wherever it stands.
        credentials = decode_base64(header.replace("Basic ", "").strip())
        if credentials is None:
            return Authorization.WRONG
        if self._dialect.splits_at_first_colon:
            user, colon, password = credentials.partition(b":")
            complete = bool(colon)
        else:
            parts = [part for part in credentials.split(b":") if part]
            complete = len(parts) >= 2
            user, password = parts[:2] if complete else (b"", b"")
        same_user = hmac.compare_digest(user, self._user)
        same_password = hmac.compare_digest(password, self._password)
        return Authorization.GRANTED if complete and same_user and same_password else Authorization.WRONG

    def lets_page_in(self, headers: Mapping[str, str]) -> bool:
        """Whether the page that opens a websocket, by its Origin and Host, may; no browser leaves Origin out.

        A page of the node's own origin may, one on this machine, and one that the settings name.
        """
        origin = headers.get("Origin")
        return origin is None or origin.lower() in self._allowed_origins or self.dev.refusal_of_page(headers) is None

    def allows(self, authorization: Authorization, method: str) -> bool:
        """Whether the method may be called; it need not exist."""
        return authorization is Authorization.GRANTED and method not in self.disabled_methods


class CrossOriginRules:
    """The CORS headers of an answer.

    N3 3.9 leaves them to ASP.NET's middleware, which speaks only when the request names its origin; the older nodes
    write the same four into every answer.
    """

    def __init__(self, profile: ProfileName, settings: HttpSettings) -> None:
        self._own_headers = DIALECTS[profile].own_cors_headers
        self._enabled = settings.enable_cors
        self._origins = frozenset(origin.lower() for origin in settings.allow_origins)

    @property
    def answers_preflights(self) -> bool:
        """Whether an OPTIONS request that asks for a method is answered 204 here."""
        return self._enabled and not self._own_headers

    def headers_for(self, origin: str | None) -> Mapping[str, str]:
        """The headers of an answer to a request with that Origin header."""
        if self._own_headers:
            return _OWN_CORS_HEADERS
        if not self._enabled or not origin:
            return _NO_HEADERS
        if not self._origins:
            return {"Access-Control-Allow-Origin": "*"}
        if origin not in self._origins:
            return _NO_HEADERS
        headers = {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}
        if len(self._origins) > 1:
            headers["Vary"] = "Origin"
        return headers

    def preflight_headers_for(self, origin: str | None) -> Mapping[str, str]:
        """The headers of the 204 that answers a preflight from that origin."""
        allowed = self.headers_for(origin)
        if not allowed:
            return allowed
        return {**allowed, "Access-Control-Allow-Headers": "Content-Type", "Access-Control-Allow-Methods": "GET,POST"}
