"""What answers the requests that come to a reader: itself, or the writer that it asks."""

from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from rpcnode.endpoint import envelope_over
from rpcnode.node import Node
from rpcnode.primitives.json import Pause
from rpcnode.server.jsonrpc.access import Authorization
from rpcnode.server.jsonrpc.dev_access import NO_HEADERS
from rpcnode.server.jsonrpc.kept_answers import NOTHING_KEPT, KeptAnswers
from rpcnode.server.jsonrpc.reply import AnswersRequests, Reply, Steps, finished
from rpcnode.server.traffic.journal import Client, Reader
from rpcnode.server.traffic.meter import CallMeter
from rpcnode.server.traffic.traffic import Traffic
from rpcnode.workers.own_methods import AskWriter, OwnMethods
from rpcnode.workers.view import View

if TYPE_CHECKING:
    from types import TracebackType

_HEADERS: Final = ("Host", "Origin")  # on which answers depend


class Question(NamedTuple):
    """A request that the writer is asked to answer: the body of a POST, or the query string of a GET."""

    source: bytes | str
    authorization: Authorization
    headers: Mapping[str, str]
    is_local: bool
    client: Client | None


Ask = Callable[[Question], "Generator[Pause, None, Reply]"]
"""Gives the steps to the writer's reply."""


class ReaderAnswers:
    """Answers as the writer would: by itself where the chain alone decides, and asks the writer for everything else."""

    def __init__(self, node: Node, view: View, ask: Ask) -> None:
        self._node = node
        self._view = view
        self._ask = ask
        self._methods: Final = OwnMethods(node)
        keeps = node.http_settings.keep_answers
        self._kept: Final = KeptAnswers(node.of_chain, lambda: view.number) if keeps else NOTHING_KEPT
        self._single: Final = self._envelope(node.traffic, node.meter)
        self._idle: Final[list[_OfOneBatch]] = []

    @property
    def reader(self) -> Reader:
        """As `AnswersRequests` has it."""
        return self._single.reader

    def begin_post(
        self,
        body: bytes,
        authorization: Authorization,
        headers: Mapping[str, str] = NO_HEADERS,
        *,
        is_local: bool = True,
        client: Client | None = None,
    ) -> Reply | Steps:
        """As `AnswersRequests` has it."""
        if not self._view.is_current():
            return self._asked(Question(body, authorization, headers, is_local, client))
        batch = None if body[:1] == b"{" else self._batch()
        envelope = self._single if batch is None else batch.envelope
        try:
            begun = envelope.begin_post(body, authorization, headers, is_local=is_local, client=client)
        except AskWriter:
            self._drop(batch)
            return self._asked(Question(body, authorization, headers, is_local, client))
        if isinstance(begun, Reply):
            self._take(batch)
            return begun
        held = _HeldSteps(self._view)
        question = Question(body, authorization, headers, is_local, client)
        held.steps = self._in_steps(begun, batch, held.release, question)
        return held

    def answer_post(self, body: bytes, authorization: Authorization, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
        """The same with all steps taken."""
        return finished(self.begin_post(body, authorization, headers))

    def begin_get(self, query: str, authorization: Authorization, client: Client | None = None) -> Reply | Steps:
        """As `AnswersRequests` has it."""
        return self._ask(Question(query, authorization, {}, is_local=False, client=client))

    def answer_get(self, query: str, authorization: Authorization) -> Reply:
        """The same with all steps taken."""
        return finished(self.begin_get(query, authorization))

    def _in_steps(
        self,
        steps: Steps,
        batch: "_OfOneBatch | None",
        release: Callable[[], None],
        question: Question,
    ) -> Steps:
        try:
            reply = yield from steps
        except AskWriter:
            release()
            self._drop(batch)
            return (yield from self._asked(question))
        self._take(batch)
        return reply

    def _asked(self, question: Question) -> Steps:
        headers = {name: value for name in _HEADERS if (value := question.headers.get(name)) is not None}
        return self._ask(question._replace(headers=headers))

    # A batch has a journal and a meter of its own: where one of its requests is the writer's, all are, and what was
    # noted of the others is dropped.

    def _batch(self) -> "_OfOneBatch":
        if self._idle:
            return self._idle.pop()
        traffic = self._node.traffic
        of_one = None if traffic is None else Traffic(lambda: self._node.ledger.clock.now_ms)
        meter = CallMeter(self._node.methods)
        return _OfOneBatch(of_one, meter, self._envelope(of_one, meter))

    def _take(self, batch: "_OfOneBatch | None") -> None:
        """Adds what a batch has noted to the node's journal and meter."""
        if batch is None:
            return
        traffic = self._node.traffic
        if traffic is not None and batch.traffic is not None:
            traffic.journal.merge(*batch.traffic.journal.take(), self.reader)
        self._node.meter.merge(*batch.meter.take())
        self._idle.append(batch)

    def _drop(self, batch: "_OfOneBatch | None") -> None:
        if batch is None:
            return
        if batch.traffic is not None:
            batch.traffic.journal.take()
        batch.meter.take()
        self._idle.append(batch)

    def _envelope(self, traffic: Traffic | None, meter: CallMeter) -> AnswersRequests:
        return envelope_over(self._node, self._methods, traffic, meter, self._kept)


class _OfOneBatch(NamedTuple):
    """What answers one batch at a time."""

    traffic: Traffic | None
    meter: CallMeter
    envelope: AnswersRequests


class _HeldSteps(Generator[Pause, None, Reply]):
    """Steps of one view: until they end, or nobody holds them any more, the reader shows no newer block."""

    steps: Steps

    def __init__(self, view: View) -> None:
        self._view: View | None = view
        view.hold()

    def send(self, _: None) -> Pause:
        """The next step."""
        try:
            return next(self.steps)
        except BaseException:
            self.release()
            raise

    def throw(
        self,
        kind: "type[BaseException] | BaseException",
        value: "BaseException | object" = None,
        traceback: "TracebackType | None" = None,
    ) -> Pause:
        """Ends them."""
        self.release()
        raise kind

    def close(self) -> None:
        """Ends them."""
        self.release()
        self.steps.close()

    def __del__(self) -> None:
        self.release()

    def release(self) -> None:
        """The reader may show a newer block again."""
        view, self._view = self._view, None
        if view is not None:
            view.release()
