"""The JSON-RPC envelope as the emulated nodes practise it: bytes in, bytes out.

NEO's rules are not JSON-RPC 2.0's: a request without id is dropped unexecuted, `jsonrpc` is not looked at, an id may be
anything, and some malformed requests make the node's own handler fail, which is HTTP 500. Which ones is in dialect.py.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import unquote_plus

from rpcnode.primitives.errors import (
    AccessDenied,
    FormatError,
    InternalError,
    InvalidRequest,
    MethodNotFound,
    ParseError,
    ProfileName,
    RpcError,
)
from rpcnode.primitives.json import Json
from rpcnode.server.access import AccessRules, Authorization
from rpcnode.server.dialect import DIALECTS, HttpDialect
from rpcnode.server.dotnet import decode_base64, decode_text, double_text
from rpcnode.server.json_text import write_double, write_json
from rpcnode.server.n2_json import NodeCrashError

logger = logging.getLogger(__name__)

Method = Callable[[list[Json]], Json]
"""One RPC method: the raw params array to the result, or RpcError."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP status and a JSON body, which may be empty."""

    status: int
    body: bytes


class AnswersRequests(Protocol):
    """What the HTTP server asks for answers: NEO's envelope, or the strict one."""

    def answer_post(self, body: bytes, authorization: Authorization) -> Reply:
        """The reply to a POST with that body."""

    def answer_get(self, query: str, authorization: Authorization) -> Reply:
        """The reply to a GET with that query string, as it stands in the request line."""


@dataclass(slots=True)
class _Exchange:
    """One HTTP request on its way through; `status` is what it will be answered with."""

    authorization: Authorization
    status: int = 200


_EMPTY: Final = Reply(200, b"")
_CRASHED: Final = Reply(500, b"")


class Envelope:
    """Answers requests over a table of methods, which may change at any time.

    Source: neo-node 3.9, plugins/RpcServer/RpcServer.cs: ProcessAsync, ProcessRequestAsync; neo-plugins 3.0.0-preview2,
    RpcServer; neo 2.12, neo/Network/RPC/RpcServer.cs.
    """

    def __init__(self, profile: ProfileName, methods: Mapping[str, Method], access: AccessRules) -> None:
        self._profile: ProfileName = profile
        self._dialect = DIALECTS[profile]
        self._methods = methods
        self._access = access

    def answer_post(self, body: bytes, authorization: Authorization) -> Reply:
        """The reply to a POST: one request, or a batch answered in its order with the notifications left out."""
        try:
            document = self._dialect.parse(decode_text(body), self._dialect.max_depth)
        except FormatError:
            document = None
        except NodeCrashError:
            return _CRASHED
        exchange = _Exchange(authorization)
        try:
            if isinstance(document, list):
                text = self._batch(document, exchange)
            elif document is None:
                text = self._error("null", ParseError())
            else:
                text = self._answer(document, exchange)
        except NodeCrashError:
            return _CRASHED
        return Reply(exchange.status, text.encode("ascii")) if text else _EMPTY

    def answer_get(self, query: str, authorization: Authorization) -> Reply:
        """The reply to a GET, whose query string is one request; its id is a string in the answer."""
        exchange = _Exchange(authorization)
        try:
            request = request_of_query(query, self._dialect)
        except (FormatError, NodeCrashError):
            # neo-cli quirk: params are parsed outside the handler's try.
            return _CRASHED
        text = self._error("null", ParseError()) if request is None else self._answer(request, exchange)
        return Reply(exchange.status, text.encode("ascii"))

    def _batch(self, requests: list[Json], exchange: _Exchange) -> str:
        if not requests:
            return self._error("null", InvalidRequest())
        answers = [text for request in requests if (text := self._batched(request, exchange))]
        return f"[{','.join(answers)}]" if answers else ""

    def _batched(self, request: Json, exchange: _Exchange) -> str:
        if request is None:
            if self._dialect.null_in_batch_crashes:
                raise NodeCrashError("NullReferenceException: a batch element is null")
            return self._error("null", InvalidRequest())
        return self._answer(request, exchange)

    def _answer(self, request: Json, exchange: _Exchange) -> str:
        """The response object, or nothing for a notification."""
        if not isinstance(request, dict):
            if self._dialect.refuses_scalars:
                raise NodeCrashError("InvalidCastException: a request is not an object")
            return ""
        # neo-cli quirk: a request without "id" is dropped unexecuted.
        if "id" not in request:
            return ""
        request_id = write_double(request["id"])
        method = request.get("method")
        params = request.get("params")
        if params is None and self._dialect.params_may_be_missing:
            params = []
        if "method" not in request or not isinstance(params, list):
            return self._error(request_id, InvalidRequest())
        if method is None:
            return self._error(request_id, self._dialect.null_method())
        name = method if isinstance(method, str) else as_string(method)
        if not self._access.allows(exchange.authorization, name):
            if exchange.authorization is Authorization.MISSING:
                exchange.status = self._dialect.missing_credentials_status
            return self._error(request_id, AccessDenied())
        function = self._methods.get(name)
        if function is None:
            error = MethodNotFound(name, data=name) if self._dialect.names_unknown_method else MethodNotFound()
            return self._error(request_id, error)
        try:
            return f'{{"jsonrpc":"2.0","id":{request_id},"result":{write_json(function(params))}}}'
        except RpcError as error:
            return self._error(request_id, error)
        except Exception:
            # A bug of ours in one method: its caller learns that much, the log the rest, and the node serves on.
            logger.exception("method %s failed", name)
            return self._error(request_id, InternalError())

    def _error(self, request_id: str, error: RpcError) -> str:
        text = write_json(dict(error.error_object(self._profile)))
        return f'{{"jsonrpc":"2.0","id":{request_id},"error":{text}}}'


def request_of_query(query: str, dialect: HttpDialect) -> dict[str, Json] | None:
    """The request object in a query string; None when id, method or params is missing or empty.

    `params` is Base64 of JSON text, or where it is not valid Base64 the text itself. When that is not JSON: FormatError
    or NodeCrashError.
    """
    values = _query_values(query)
    params_text = values.get("params")
    if not values.get("id") or not values.get("method") or not params_text:
        return None
    decoded = decode_base64(params_text)
    if decoded is not None:
        params_text = decoded.decode("utf-8", "replace")
    request: dict[str, Json] = {key: values[key] for key in ("jsonrpc", "id", "method") if values.get(key)}
    request["params"] = dialect.parse(params_text, dialect.max_depth)
    return request


def _query_values(query: str) -> dict[str, str]:
    """The values by key; ASP.NET's keys know no case, and a key given again adds to its value after a comma."""
    values: dict[str, str] = {}
    for pair in query.split("&"):
        key, _, value = pair.partition("=")
        key, value = unquote_plus(key).lower(), unquote_plus(value)
        values[key] = f"{values[key]},{value}" if key in values else value
    return values


def as_string(value: Json) -> str:
    """A value where a string is expected, as `JToken.AsString` makes one of it."""
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return double_text(float(value))
        case list():
            return ",".join(map(as_string, value))
        case _:
            return write_double(value)
