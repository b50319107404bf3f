"""JSON-RPC 2.0 to the letter, by jsonrpcserver's dispatch over the same table of methods (`--jsonrpc strict`).

Access rules, depth and body limits stay the profile's, and so do the codes of NEO's own errors.
"""

import json
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from rpcnode.primitives.errors import AccessDenied, FormatError, InternalError, ProfileName, RpcError
from rpcnode.primitives.json import Json
from rpcnode.server.access import AccessRules, Authorization
from rpcnode.server.dialect import DIALECTS
from rpcnode.server.dotnet import decode_text
from rpcnode.server.json_text import double, nests_deeper, refuse_constant
from rpcnode.server.jsonrpc import Method, Reply, request_of_query
from rpcnode.server.n2_json import NodeCrashError

logger = logging.getLogger(__name__)

_decode: Final[Callable[[str], Json]] = json.JSONDecoder(parse_float=double, parse_constant=refuse_constant).decode
_encode: Final = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


class StrictEnvelope:
    """Answers requests by JSON-RPC 2.0: notifications are executed, `jsonrpc` must be "2.0", errors stay per request.

    Params are taken by position; by name they are invalid params, since NEO's methods name none.
    """

    def __init__(self, profile: ProfileName, methods: Mapping[str, Method], access: AccessRules) -> None:
        self._profile: ProfileName = profile
        self._dialect = DIALECTS[profile]
        self._methods = methods
        self._access = access
        with warnings.catch_warnings():
            # jsonrpcserver 5.0.9 reads its schema by importlib.resources.read_text, deprecated in Python 3.11 and 3.12.
            warnings.simplefilter("ignore", DeprecationWarning)
            import jsonrpcserver
        self._library: Any = jsonrpcserver

    def answer_post(self, body: bytes, authorization: Authorization) -> Reply:
        """The reply to a POST; 204 without a body when it held notifications only."""
        return self._answer(lambda: self._parse(decode_text(body)), authorization)

    def answer_get(self, query: str, authorization: Authorization) -> Reply:
        """The reply to a GET, its query string read as the profile's node reads it."""
        return self._answer(lambda: self._request_of(query), authorization)

    def _parse(self, text: str) -> Json:
        limit = self._dialect.max_depth
        if nests_deeper(text, limit):
            raise FormatError(f"nested more than {limit} deep")
        return _decode(text)

    def _request_of(self, query: str) -> Json:
        try:
            request = request_of_query(query, self._dialect)
        except NodeCrashError as error:
            raise FormatError(str(error)) from error
        if request is None:
            raise FormatError("id, method and params must not be empty")
        return request

    def _answer(self, read: Callable[[], Json], authorization: Authorization) -> Reply:
        table = _MethodsOfOneRequest(self._profile, self._methods, self._access, authorization, self._library)

        def dispatch(document: "Json | ValueError") -> Json:
            def deserialize(_: str) -> Json:
                if isinstance(document, ValueError):
                    raise document
                return document

            answer: Json = self._library.dispatch_to_serializable("", methods=table, deserializer=deserialize)
            return answer

        document: Json | ValueError
        try:
            document = read()
        except ValueError as error:
            document = error
        if isinstance(document, list) and document:
            # One by one: in a batch the library refuses all for one malformed request, JSON-RPC 2.0 only that one.
            answers = [dispatch(request if isinstance(request, dict) else None) for request in document]
            answer: Json = [one for one in answers if one is not None] or None
        else:
            answer = dispatch(document)
        status = self._dialect.missing_credentials_status if table.credentials_missed else HTTPStatus.OK
        if answer is None:
            return Reply(HTTPStatus.NO_CONTENT if status == HTTPStatus.OK else status, b"")
        return Reply(status, _encode(answer).encode("ascii"))


class _MethodsOfOneRequest(Mapping[str, Callable[..., Any]]):
    """The table as jsonrpcserver wants it: positional arguments in, a Result out; made for one HTTP request."""

    def __init__(
        self,
        profile: ProfileName,
        methods: Mapping[str, Method],
        access: AccessRules,
        authorization: Authorization,
        library: Any,
    ) -> None:
        self._profile: ProfileName = profile
        self._methods = methods
        self._access = access
        self._authorization = authorization
        self._library = library
        self.credentials_missed = False

    def __getitem__(self, name: str) -> Callable[..., Any]:
        if not self._access.allows(self._authorization, name):
            self.credentials_missed |= self._authorization is Authorization.MISSING
            return lambda *_: self._error(AccessDenied())
        method = self._methods[name]

        def call(*params: Json) -> Any:
            try:
                result = method(list(params))
                _encode(result)
            except RpcError as error:
                return self._error(error)
            except Exception:
                # A bug of ours in one method: its caller learns that much, the log the rest, and the node serves on.
                logger.exception("method %s failed", name)
                return self._error(InternalError())
            return self._library.Success(result)

        return call

    def _error(self, error: RpcError) -> Any:
        return self._library.Error(**error.error_object(self._profile))

    def __iter__(self) -> Iterator[str]:
        return iter(self._methods)

    def __len__(self) -> int:
        return len(self._methods)
