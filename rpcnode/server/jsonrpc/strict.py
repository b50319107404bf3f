"""JSON-RPC 2.0 to the letter, by jsonrpcserver's dispatch over the same table of methods (`--jsonrpc strict`).

Access rules, depth and body limits stay the profile's, and so do the codes of NEO's own errors.
"""

import json
import logging
import warnings
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn, TypeAlias

from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.primitives.errors import AccessDenied, AnswerTooLong, FormatError, InternalError, ProfileName, RpcError
from rpcnode.primitives.json import Json, Pause, Result, document_of
from rpcnode.server.jsonrpc.access import AccessRules, Authorization
from rpcnode.server.jsonrpc.dev_access import DEV_INFO, NO_HEADERS, DevAccessDenied, DevMethodsOff
from rpcnode.server.jsonrpc.dialect import DIALECTS
from rpcnode.server.jsonrpc.dotnet import decode_text
from rpcnode.server.jsonrpc.failures import NodeCrashError, failure_of
from rpcnode.server.jsonrpc.json_text import double, nests_deeper, refuse_constant
from rpcnode.server.jsonrpc.query import request_of_query
from rpcnode.server.jsonrpc.reply import Bounds, Method, Reply, Room, Steps, finished
from rpcnode.server.traffic.call_pattern import DEV_PREFIX
from rpcnode.server.traffic.journal import Client, Note, Reader, weight_of
from rpcnode.server.traffic.meter import UNKNOWN, CallMeter
from rpcnode.server.traffic.traffic import Traffic

if TYPE_CHECKING:
    from rpcnode.server.traffic.faults import Strike

logger = logging.getLogger(__name__)

_decode: Final[Callable[[str], Json]] = json.JSONDecoder(parse_float=double, parse_constant=refuse_constant).decode
_DEFAULT_BOUNDS: Final = Bounds.of(HttpSettings())
_encode: Final = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode

Unread: TypeAlias = "Json | ValueError"
"""A request, or why it cannot be read."""


class StrictEnvelope:
    """Answers requests by JSON-RPC 2.0: notifications are executed, `jsonrpc` must be "2.0", errors stay per request.

    Params are taken by position; by name they are invalid params, since NEO's methods name none.
    """

    def __init__(
        self,
        profile: ProfileName,
        methods: Mapping[str, Method],
        access: AccessRules,
        traffic: Traffic | None = None,
        bounds: Bounds = _DEFAULT_BOUNDS,
        meter: CallMeter | None = None,
    ) -> None:
        """Without `traffic` nothing is written down, and nothing goes wrong on purpose; `meter` counts the calls."""
        self._profile: ProfileName = profile
        self._dialect = DIALECTS[profile]
        self._methods = methods
        self._access = access
        self._traffic = traffic
        self._bounds = bounds
        self._meter = CallMeter() if meter is None else meter
        self.reader: Reader = self._read
        with warnings.catch_warnings():
            # jsonrpcserver 5.0.9 reads its schema by importlib.resources.read_text, deprecated in Python 3.11 and 3.12.
            warnings.simplefilter("ignore", DeprecationWarning)
            import jsonrpcserver
        self._library: Any = jsonrpcserver

    def begin_post(
        self,
        body: bytes,
        authorization: Authorization,
        headers: Mapping[str, str] = NO_HEADERS,
        *,
        is_local: bool = True,
        client: Client | None = None,
    ) -> Reply | Steps:
        """The steps to the reply to a POST; 204 without a body when it held notifications only."""
        return self._reply(body, self._table(authorization, headers, client, is_local=is_local))

    def answer_post(self, body: bytes, authorization: Authorization, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
        """The reply to a POST, all at once."""
        return finished(self.begin_post(body, authorization, headers))

    def begin_get(self, query: str, authorization: Authorization, client: Client | None = None) -> Reply | Steps:
        """The steps to the reply to a GET, its query string read as the profile's node reads it."""
        return self._reply(query, self._table(authorization, None, client, is_local=False))

    def answer_get(self, query: str, authorization: Authorization) -> Reply:
        """The reply to a GET, all at once."""
        return finished(self.begin_get(query, authorization))

    def _table(
        self, authorization: Authorization, headers: Mapping[str, str] | None, client: Client | None, *, is_local: bool
    ) -> "_MethodsOfOneRequest":
        return _MethodsOfOneRequest(
            self._profile,
            self._methods,
            _Caller(self._access, authorization, headers, is_local, client),
            Room(self._bounds),
            self._library,
        )

    def _parse(self, source: bytes | str) -> Json:
        """The document in a body or a query string; raises ValueError where there is none."""
        if isinstance(source, str):
            return self._request_of(source)
        text = decode_text(source)
        limit = self._dialect.max_depth
        if nests_deeper(text, limit):
            raise FormatError(f"nested more than {limit} deep")
        return _decode(text)

    def _read(self, source: bytes | str) -> Json:
        """The same for the journal; None where there is none."""
        with suppress(ValueError):
            return self._parse(source)
        return None

    def _request_of(self, query: str) -> Json:
        try:
            request = request_of_query(query, self._dialect)
        except NodeCrashError as error:
            raise FormatError(str(error)) from error
        if request is None:
            raise FormatError("id, method and params must not be empty")
        return request

    def _reply(self, source: bytes | str, table: "_MethodsOfOneRequest") -> Steps:
        document: Unread
        try:
            document = self._parse(source)
        except ValueError as error:
            document = error
        is_batch = isinstance(document, list) and bool(document)
        # One by one: in a batch the library refuses all for one malformed request, JSON-RPC 2.0 only that one.
        requests: list[Unread] = [document]
        if isinstance(document, list) and document:
            refusal = self._bounds.refusal_of_batch(len(document))
            if refusal is not None:
                return self._refused(refusal, source, table.client)
            requests = [request if isinstance(request, dict) else None for request in document]
        strikes, strike = yield from self._strikes_on(requests, table)
        is_executed = strike is None or strike.status is None
        answers = []
        weight = weight_of(source)
        share = weight // (sum(not is_dev_call(request) for request in requests) or 1)
        for position, (request, table.strike) in enumerate(zip(requests, strikes, strict=True)):
            started = perf_counter()
            answer = self._dispatch(request, table) if is_executed else None
            if table.steps is not None:
                yield from table.take_steps()
                answer = self._dispatch(request, table)
                table.outcome = None
            text = "" if answer is None else _encode(answer)
            self._count(request, answer, perf_counter() - started)
            if text:
                answers.append(text)
            if self._traffic is not None and not is_dev_call(request):
                status = table.status if strike is None or strike.status is None else strike.status
                note = Note(status, () if table.strike is None else table.strike.fault_ids)
                journal = self._traffic.journal
                kept = None if is_batch and weight > journal.largest else source
                size = (0 if kept is None else share) + weight_of(text)
                place = position if is_batch else -1
                journal.add(kept, self.reader, text, started, size, place, note, table.client)
            yield None
        body = f"[{','.join(answers)}]" if answers and is_batch else "".join(answers)
        status = table.status
        if strike is not None and strike.status is not None:
            status = strike.status
        elif not body and status == HTTPStatus.OK:
            status = HTTPStatus.NO_CONTENT
        return Reply(status, body.encode("ascii"), strike, table.is_challenged)

    def _count(self, request: Unread, answer: Json, seconds: float) -> None:
        method = request.get("method") if isinstance(request, dict) else None
        if isinstance(method, str):
            self._meter.count(method if method in self._methods else UNKNOWN, seconds)
        if isinstance(answer, dict) and isinstance(error := answer.get("error"), dict):
            self._meter.count_error(error.get("code"))

    def _refused(self, refusal: RpcError, source: bytes | str, client: Client | None) -> Reply:
        text = _encode({"jsonrpc": "2.0", "error": refusal.error_object(self._profile), "id": None})
        if self._traffic is not None:
            size = len(source) + len(text)
            self._traffic.journal.add(source, self.reader, text, perf_counter(), size, client=client)
        return Reply(HTTPStatus.OK, text.encode("ascii"))

    def _strikes_on(
        self, requests: list[Unread], table: "_MethodsOfOneRequest"
    ) -> "Generator[None, None, tuple[list[Strike | None], Strike | None]]":
        """What strikes each of the requests, and the exchange, found out before the first is executed: in steps."""
        if self._traffic is None or not self._traffic.armed:
            return [None] * len(requests), None
        faults = self._traffic.faults
        found = []
        for request in requests:
            call = table.call_of(partial(self._dispatch, request, table))
            found.append(None if call is None else faults.on_call(*call))
            yield
        return faults.on_exchange(found)

    def _dispatch(self, document: Unread, table: "_MethodsOfOneRequest") -> Json:
        """What the library makes of one request, or of what could not be read; None for a notification."""

        def deserialize(_: str) -> Json:
            if isinstance(document, ValueError):
                raise document
            return document

        answer: Json = self._library.dispatch_to_serializable("", methods=table, deserializer=deserialize)
        return answer


def _raise(error: Exception, _: list[Json]) -> NoReturn:
    raise error


def is_dev_call(request: Unread) -> bool:
    """Whether a request names a dev method."""
    method = request.get("method") if isinstance(request, dict) else None
    return isinstance(method, str) and method.startswith(DEV_PREFIX)


class _Caller(NamedTuple):
    """Who sent a request, and what it may do; `headers` None: the request came by GET."""

    access: AccessRules
    authorization: Authorization
    headers: Mapping[str, str] | None
    is_local: bool
    client: Client | None  # None where that is not known


class _MethodsOfOneRequest(Mapping[str, Callable[..., Any]]):
    """The table as jsonrpcserver wants it: positional arguments in, a Result out; made for one HTTP request."""

    def __init__(
        self,
        profile: ProfileName,
        methods: Mapping[str, Method],
        caller: _Caller,
        room: Room,
        library: Any,
    ) -> None:
        self._profile: ProfileName = profile
        self._methods = methods
        self._caller = caller
        self.client = caller.client
        self._room = room
        self._library = library
        self._dialect = DIALECTS[profile]
        self._only_looks = False
        self._call: tuple[str, list[Json]] | None = None
        self.status: int = HTTPStatus.OK  # of the answer to the request
        self.is_challenged = False  # that answer
        self.strike: Strike | None = None  # on the call that is being dispatched
        self.steps: Generator[Pause, None, Result] | None = None  # of a method whose work takes long
        self.outcome: Method | None = None  # what those steps came to, for the library to ask again

    def call_of(self, dispatch: Callable[[], object]) -> tuple[str, list[Json]] | None:
        """The call that the library would make while `dispatch` runs, where access rules let it; it is not made."""
        self._only_looks, self._call = True, None
        try:
            dispatch()
        finally:
            self._only_looks = False
        return self._call

    def __getitem__(self, name: str) -> Callable[..., Any]:
        access, authorization, headers, is_local, _ = self._caller
        self.is_challenged = access.challenges_every_call
        if not access.allows(authorization, name):
            if authorization is Authorization.MISSING:
                self.status = self._dialect.missing_credentials_status
            return lambda *_: self._error(AccessDenied())
        if self._only_looks:
            return lambda *params: self._look(name, params)
        error = None if self.strike is None else self.strike.error
        if error is not None:
            return lambda *_: self._failure(error)
        is_dev_call = name.startswith(DEV_PREFIX)
        if is_dev_call and name not in self._methods and DEV_INFO not in self._methods:
            return lambda *_: self._error(DevMethodsOff(name))
        method = self.outcome or self._methods[name]

        def call(*params: Json) -> Any:
            if is_dev_call and (refusal := access.dev.refusal(headers, name, params, is_local=is_local)) is not None:
                return self._error(DevAccessDenied(refusal))
            try:
                self._room.check()
                answer = method(list(params))
                if isinstance(answer, Generator):
                    self.steps = answer
                    return self._library.Error(0, "")
                result = document_of(answer)
                self._room.take(_encode(result), name)
            except RpcError as error:
                return self._error(error)
            except Exception as error:
                # The disk's fault, or a bug of ours in one method: its caller learns that much, and the node serves on.
                return self._error(failure_of(f"method {name}", error))
            return self._library.Success(result)

        return call

    def take_steps(self) -> Generator[Pause, None, None]:
        """Does the work of the method that was called, and keeps what came of it."""
        steps, self.steps = self.steps, None
        assert steps is not None
        try:
            result = yield from steps
        except Exception as error:
            self.outcome = partial(_raise, error)
        else:
            self.outcome = lambda _: result

    def _look(self, name: str, params: tuple[Json, ...]) -> Any:
        self._call = (name, list(params))
        return self._error(InternalError())

    def _error(self, error: RpcError) -> Any:
        return self._failure(error.error_object(self._profile))

    def _failure(self, error: Mapping[str, Json]) -> Any:
        """The library's error, which needs its place in the answer as a result does."""
        try:
            if not self._only_looks:
                self._room.check()
                self._room.take(_encode(dict(error)))
        except AnswerTooLong as full:
            error = full.error_object(self._profile)
        return self._library.Error(**error)

    def __iter__(self) -> Iterator[str]:
        return iter(self._methods)

    def __len__(self) -> int:
        return len(self._methods)
