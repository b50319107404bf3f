"""The JSON-RPC envelope as the emulated nodes practise it: bytes in, bytes out.

NEO's rules are not JSON-RPC 2.0's: a request without id is dropped unexecuted, `jsonrpc` is not looked at, an id may be
anything, and some malformed requests make the node's own handler fail, which is HTTP 500. Which ones is in dialect.py.
"""

from collections.abc import Generator, Iterator, Mapping
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Final, TypeAlias

from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.primitives.errors import (
    AccessDenied,
    AnswerTooLong,
    FormatError,
    InvalidRequest,
    MethodNotFound,
    ParseError,
    ProfileName,
    RpcError,
)
from rpcnode.primitives.json import Json, Pause, Result
from rpcnode.server.jsonrpc.access import AccessRules, Authorization
from rpcnode.server.jsonrpc.dev_access import DEV_INFO, NO_HEADERS, DevAccessDenied, DevMethodsOff
from rpcnode.server.jsonrpc.dialect import DIALECTS
from rpcnode.server.jsonrpc.dotnet import decode_text
from rpcnode.server.jsonrpc.exchange import Exchange
from rpcnode.server.jsonrpc.failures import NodeCrashError, failure_of
from rpcnode.server.jsonrpc.kept_answers import NOTHING_KEPT, KeptAnswers, Place
from rpcnode.server.jsonrpc.query import document_of, request_of_query
from rpcnode.server.jsonrpc.reply import Bounds, Method, Reply, Room, Steps, finished
from rpcnode.server.jsonrpc.result_texts import ResultTexts, lasts
from rpcnode.server.traffic.call_pattern import DEV_PREFIX
from rpcnode.server.traffic.journal import Client, Note, Reader, weight_of
from rpcnode.server.traffic.meter import UNKNOWN, CallMeter
from rpcnode.server.traffic.traffic import Traffic

if TYPE_CHECKING:
    from rpcnode.server.traffic.faults import Faults, Strike


Text: TypeAlias = "str | Generator[Pause, None, str]"
"""A response object, or the steps to one that is long work; an empty text for a notification."""

_EMPTY: Final = Reply(200, b"")
_DEFAULT_BOUNDS: Final = Bounds.of(HttpSettings())


class Envelope:
    """Answers requests over a table of methods, which may change at any time.

    Source: neo-node 3.10, plugins/RpcServer/RpcServer.cs: ProcessAsync, ProcessRequestAsync; neo-plugins
    3.0.0-preview2, RpcServer; neo 2.12, neo/Network/RPC/RpcServer.cs.
    """

    def __init__(
        self,
        profile: ProfileName,
        methods: Mapping[str, Method],
        access: AccessRules,
        traffic: Traffic | None = None,
        bounds: Bounds = _DEFAULT_BOUNDS,
        meter: CallMeter | None = None,
        kept: KeptAnswers = NOTHING_KEPT,
    ) -> None:
        """Without `traffic` nothing is written down, and nothing goes wrong on purpose; `meter` counts the calls."""
        self._profile: ProfileName = profile
        self._dialect = DIALECTS[profile]
        self._methods = methods
        self._access = access
        self._traffic = traffic
        self._bounds = bounds
        self._meter = CallMeter() if meter is None else meter
        self._kept = kept
        self._results = ResultTexts(self._dialect.write, keeps=bool(kept.names))
        self.reader: Reader = partial(document_of, self._dialect)

    def begin_post(
        self,
        body: bytes,
        authorization: Authorization,
        headers: Mapping[str, str] = NO_HEADERS,
        *,
        is_local: bool = True,
        client: Client | None = None,
    ) -> Reply | Steps:
        """The reply to a POST of one request, or the steps to that of a batch or of long work.

        A batch is answered in its order with the notifications left out.
        """
        traffic = self._traffic
        if authorization is Authorization.GRANTED and (traffic is None or not traffic.armed):
            started = perf_counter()
            known = self._kept.reply_to(body)
            if known is not None:
                if traffic is not None:
                    traffic.journal.add(known.body, self.reader, known.text, started, known.weight, -1, None, client)
                self._meter.count(known.name, perf_counter() - started)
                return known.reply
        exchange = Exchange(authorization, body, headers, Room(self._bounds), is_local=is_local, client=client)
        try:
            document = self._dialect.parse(decode_text(body), self._dialect.max_depth)
        except FormatError:
            document = None
        except NodeCrashError:
            return self._crashed(exchange)
        if isinstance(document, list) and document:
            refusal = self._bounds.refusal_of_batch(len(document))
            return self._batch(document, exchange) if refusal is None else self._refused(refusal, exchange)
        return self._single(document, exchange)

    def answer_post(self, body: bytes, authorization: Authorization, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
        """The reply to a POST, all at once."""
        return finished(self.begin_post(body, authorization, headers))

    def begin_get(self, query: str, authorization: Authorization, client: Client | None = None) -> Reply | Steps:
        """The reply, or the steps to it, to a GET, whose query string is one request; its id is a string."""
        exchange = Exchange(authorization, query, None, Room(self._bounds), is_local=False, client=client)
        try:
            request = request_of_query(query, self._dialect)
        except (FormatError, NodeCrashError):
            # neo-cli quirk: params are parsed outside the handler's try.
            return self._crashed(exchange)
        return self._single(request, exchange)

    def answer_get(self, query: str, authorization: Authorization) -> Reply:
        """The reply to a GET, all at once."""
        return finished(self.begin_get(query, authorization))

    def _single(self, document: Json, exchange: Exchange) -> Reply | Steps:
        """The reply to a document that is no batch."""
        try:
            text = self._text(document, exchange)
        except NodeCrashError:
            return self._crashed(exchange)
        if not isinstance(text, str):
            return self._single_in_steps(text, exchange)
        if text or exchange.strike is not None:
            return self._reply_of(text, exchange)
        return _EMPTY

    def _reply_of(self, text: str, exchange: Exchange) -> Reply:
        """The reply that carries one response object; it is kept where its result is."""
        reply = Reply(exchange.status, text.encode(), exchange.strike, exchange.is_challenged)
        if exchange.kept and exchange.strike is None and isinstance(exchange.source, bytes):
            self._kept.keep_reply(reply, exchange.source, text, exchange.share + weight_of(text), exchange.kept)
        return reply

    def _single_in_steps(self, steps: Generator[Pause, None, str], exchange: Exchange) -> Steps:
        try:
            text = yield from steps
        except NodeCrashError:
            return self._crashed(exchange)
        return self._reply_of(text, exchange)

    def _crashed(self, exchange: Exchange) -> Reply:
        self._write_down(exchange, "", perf_counter(), exchange.share, note=Note(500))
        return Reply(500, b"", exchange.strike)

    def _refused(self, refusal: RpcError, exchange: Exchange) -> Reply:
        """The reply to a request that is not looked at any further."""
        text = self._error("null", refusal)
        self._write_down(exchange, text, perf_counter(), exchange.share + len(text))
        return Reply(200, text.encode("ascii"))

    def _text(self, document: Json, exchange: Exchange) -> Text:
        """The answer to a document that is no batch."""
        traffic = self._traffic
        if traffic is None:
            return self._answer(document, exchange)
        if traffic.armed:
            for _ in self._suffer([document], exchange, traffic.faults):
                pass
        return self._noted(document, exchange)

    def _batch(self, requests: list[Json], exchange: Exchange) -> Steps:
        exchange.is_batch = True
        traffic = self._traffic
        answers: list[str] = []
        try:
            if traffic is not None:
                if exchange.share > traffic.journal.largest:
                    exchange.source, exchange.share = None, 0
                # Dev calls are not written down: the others keep all of it.
                exchange.share //= sum(not self._is_dev_call(request) for request in requests) or 1
                if traffic.armed:
                    yield from self._suffer(requests, exchange, traffic.faults)
            for position, request in enumerate(requests):
                text = self._answer(request, exchange) if traffic is None else self._noted(request, exchange, position)
                if not isinstance(text, str):
                    text = yield from text
                if text:
                    answers.append(text)
                yield None
        except NodeCrashError:
            return self._crashed(exchange)
        if not answers:
            return Reply(exchange.status, b"", exchange.strike, exchange.is_challenged)
        return Reply(exchange.status, f"[{','.join(answers)}]".encode(), exchange.strike, exchange.is_challenged)

    def _suffer(self, requests: list[Json], exchange: Exchange, faults: "Faults") -> Iterator[None]:
        """Find out what strikes each of the requests, in a step for each, before the first is executed."""
        strikes: list[Strike | None] = []

        def look(_: str, method: str, params: list[Json]) -> str:
            strikes[-1] = faults.on_call(method, params)
            return ""

        room, exchange.room = exchange.room, Room(self._bounds)  # nothing of this goes out
        for request in requests:
            strikes.append(None)
            if isinstance(request, dict):
                exchange.intercept = look
                self._answer(request, exchange)
                exchange.intercept = None
            yield
        exchange.room = room
        exchange.strikes, strike = faults.on_exchange(strikes)
        exchange.strike = strike
        if strike is not None and strike.status is not None:
            exchange.status = strike.status

    def _noted(self, request: Json, exchange: Exchange, position: int = -1) -> Text:
        """The response object as `_answer` makes it or a fault has it, written down in the journal."""
        started = perf_counter()
        exchange.is_dev_call = False
        note: Note | None
        if exchange.strikes:
            text, note = self._struck(request, exchange, exchange.strikes[position])
        else:
            text = self._answer(request, exchange)
            note = None if exchange.status == 200 else Note(exchange.status)
        if not isinstance(text, str):
            return self._noted_in_steps(text, exchange, started, position, note)
        if not exchange.is_dev_call:
            self._write_down(exchange, text, started, exchange.share + weight_of(text), position, note)
        return text

    def _noted_in_steps(
        self,
        steps: Generator[Pause, None, str],
        exchange: Exchange,
        started: float,
        position: int,
        note: Note | None,
    ) -> Generator[Pause, None, str]:
        text = yield from steps
        if not exchange.is_dev_call:
            self._write_down(exchange, text, started, exchange.share + weight_of(text), position, note)
        return text

    def _write_down(
        self, exchange: Exchange, text: str, started: float, size: int, position: int = -1, note: Note | None = None
    ) -> None:
        if self._traffic is not None:
            source, client = exchange.source, exchange.client
            self._traffic.journal.add(source, self.reader, text, started, size, position, note, client)

    def _struck(self, request: Json, exchange: Exchange, strike: "Strike | None") -> tuple[Text, Note]:
        """The response object under faults, and what the journal says of that."""
        text: Text = ""
        if exchange.strike is None or exchange.strike.status is None:
            error = None if strike is None else strike.error
            if error is not None:
                exchange.intercept = lambda request_id, *_: self._failure(request_id, error, exchange.room)
            text = self._answer(request, exchange)
            exchange.intercept = None
        return text, Note(exchange.status, () if strike is None else strike.fault_ids)

    def _answer(self, request: Json, exchange: Exchange) -> Text:
        """The response object, or nothing for a notification."""
        if not isinstance(request, dict):
            return self._answer_to_no_object(request, exchange)
        # neo-cli quirk: a request without "id" is dropped unexecuted.
        if "id" not in request:
            return ""
        request_id = self._dialect.echo(request["id"])
        method = request.get("method")
        params = request.get("params")
        if params is None and self._dialect.params_may_be_missing:
            params = []
        if "method" not in request or not isinstance(params, list):
            return self._error(request_id, InvalidRequest(), exchange.room)
        if method is None:
            return self._error(request_id, self._dialect.null_method(), exchange.room)
        name = method if isinstance(method, str) else self._dialect.text_of(method)
        exchange.is_dev_call = name[:4] == DEV_PREFIX
        exchange.is_challenged = self._access.challenges_every_call
        if not self._access.allows(exchange.authorization, name):
            if exchange.authorization is Authorization.MISSING:
                exchange.status = self._dialect.missing_credentials_status
            return self._error(request_id, AccessDenied(), exchange.room)
        if exchange.intercept is not None and (text := exchange.intercept(request_id, name, params)) is not None:
            return text
        function = self._methods.get(name)
        if function is None:
            self._meter.count(UNKNOWN, 0.0)
            return self._error(request_id, self._unknown_method(name), exchange.room)
        if exchange.is_dev_call:
            refusal = self._access.dev.refusal(exchange.headers, name, params, is_local=exchange.is_local)
            if refusal is not None:
                return self._error(request_id, DevAccessDenied(refusal), exchange.room)
        started = perf_counter()
        try:
            exchange.room.check()
            place = self._kept.place_of(name, params, exchange.share)
            result = None if place is None else self._kept.result(place)
            if result is None:
                answer = function(params)
                if isinstance(answer, Generator):
                    return self._answer_in_steps(answer, request_id, name, exchange, place, started)
                result = self._text_of(answer, name, exchange, place)
            else:
                exchange.kept = name
            text = self._response(result, request_id, name, exchange)
        except Exception as error:
            text = self._failed(error, request_id, name, exchange)
        self._meter.count(name, perf_counter() - started)
        return text

    def _answer_in_steps(
        self,
        steps: "Generator[Pause, None, Result]",
        request_id: str,
        name: str,
        exchange: Exchange,
        place: Place | None,
        started: float,
    ) -> Generator[Pause, None, str]:
        try:
            result = yield from steps
            text = self._response(self._text_of(result, name, exchange, place), request_id, name, exchange)
        except Exception as error:
            text = self._failed(error, request_id, name, exchange)
        self._meter.count(name, perf_counter() - started)
        return text

    def _text_of(self, result: Result, name: str, exchange: Exchange, place: Place | None) -> str:
        text = self._results.of(result, is_dev_call=exchange.is_dev_call, is_batch=exchange.is_batch)
        if place is not None and lasts(result) and self._kept.keep_result(place, text):
            exchange.kept = name
        return text

    def _response(self, text: str, request_id: str, name: str, exchange: Exchange) -> str:
        exchange.room.take(text, name)
        return f'{{"jsonrpc":"2.0","id":{request_id},"result":{text}}}'

    def _failed(self, error: Exception, request_id: str, name: str, exchange: Exchange) -> str:
        """What a method's failure is answered with; raises NodeCrashError for one of the node."""
        exchange.kept = ""
        if isinstance(error, NodeCrashError):
            raise error
        if isinstance(error, RpcError):
            return self._error(request_id, error, exchange.room)
        # The disk's fault, or a bug of ours in one method: its caller learns that much, and the node serves on.
        return self._error(request_id, failure_of(f"method {name}", error), exchange.room)

    def _is_dev_call(self, request: Json) -> bool:
        method = request.get("method") if isinstance(request, dict) else None
        return method is not None and self._dialect.text_of(method)[:4] == DEV_PREFIX

    def _unknown_method(self, name: str) -> RpcError:
        if name.startswith(DEV_PREFIX) and DEV_INFO not in self._methods:
            return DevMethodsOff(name)
        return MethodNotFound(name, data=name) if self._dialect.names_unknown_method else MethodNotFound()

    def _answer_to_no_object(self, request: Json, exchange: Exchange) -> str:
        if request is None and not exchange.is_batch:
            return self._error("null", ParseError())
        if request is None:
            if self._dialect.null_in_batch_crashes:
                raise NodeCrashError("NullReferenceException: a batch element is null")
            return self._error("null", InvalidRequest())
        if self._dialect.refuses_scalars:
            raise NodeCrashError("InvalidCastException: a request is not an object")
        if isinstance(request, list) and not exchange.is_batch:
            return self._error("null", InvalidRequest())  # the empty batch
        return ""

    def _error(self, request_id: str, error: RpcError, room: Room | None = None) -> str:
        return self._failure(request_id, error.error_object(self._profile), room)

    def _failure(self, request_id: str, error: Mapping[str, Json], room: Room | None = None) -> str:
        """The response object of an error, which needs its place in the answer as a result does."""
        self._meter.count_error(error.get("code"))
        try:
            if room is not None:
                room.check()
            text = self._dialect.write(dict(error))
            if room is not None:
                room.take(text)
        except AnswerTooLong as full:
            text = self._dialect.write(dict(full.error_object(self._profile)))
        return f'{{"jsonrpc":"2.0","id":{request_id},"error":{text}}}'
