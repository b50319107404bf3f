"""Who answers requests, and what with: in one piece or made in steps, and how much of it there may be."""

import asyncio
from collections import deque
from collections.abc import Callable, Generator, Mapping
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypeAlias

from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.primitives.errors import AnswerTooLong, BatchTooLong
from rpcnode.primitives.json import Answer, Json, Pause, wait_for
from rpcnode.primitives.records import dataclass
from rpcnode.server.jsonrpc.access import Authorization
from rpcnode.server.jsonrpc.dev_access import NO_HEADERS

if TYPE_CHECKING:
    from concurrent.futures import Future

    from rpcnode.server.traffic.faults import Strike
    from rpcnode.server.traffic.journal import Client, Reader

Method = Callable[[list[Json]], Answer]
"""One RPC method: the raw params array to the result or the steps to it, or RpcError."""

TURN: Final = 0.005
"""Seconds that a long piece of work takes before it lets others at the event loop."""

_TURNS_OF_THE_LOOP: Final = 4
"""From a request that waits at a socket to its answer: it is read, its connection is woken, a task answers it."""

_FIRST_TURN: Final = 0.001
"""The same of the first turn of a piece of work, which comes before those of work that has had one."""

UNBOUNDED_METHOD: Final = "dev_dumpState"
"""Its answer is a whole chain, however long."""


class Reply(NamedTuple):
    """An HTTP status and a JSON body, which may be empty, and what faults do to them on their way out.

    One is made for each request; a frozen dataclass would take twice as long.
    """

    status: int
    body: bytes
    strike: "Strike | None" = None
    is_challenged: bool = False  # with the header that asks for credentials, which a 401 has anyway


Steps: TypeAlias = Generator[Pause, None, Reply]
"""A reply in the making: it stops after each piece of work, so that others may be answered, and returns the reply."""


class AnswersRequests(Protocol):
    """What the HTTP server asks for answers: NEO's envelope, or the strict one."""

    @property
    def reader(self) -> "Reader":
        """Reads requests that the journal has kept as text, when somebody looks into it."""

    def begin_post(
        self,
        body: bytes,
        authorization: Authorization,
        headers: Mapping[str, str] = NO_HEADERS,
        *,
        is_local: bool = True,
        client: "Client | None" = None,
    ) -> Reply | Steps:
        """The reply to a POST with that body, or where that is long work the steps to it.

        Of the headers Host and Origin count; `is_local`: it comes from this machine; `client` is for the journal.
        """

    def answer_post(self, body: bytes, authorization: Authorization, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
        """The same with all steps taken."""

    def begin_get(self, query: str, authorization: Authorization, client: "Client | None" = None) -> Reply | Steps:
        """The reply, or the steps to it, to a GET with that query string, as it stands in the request line."""

    def answer_get(self, query: str, authorization: Authorization) -> Reply:
        """The same with all steps taken."""


def finished(reply: Reply | Steps) -> Reply:
    """The reply, all steps taken at once."""
    if isinstance(reply, Reply):
        return reply
    while True:
        try:
            wait_for(next(reply))
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


class Turns:
    """Whose turn it is to do long work: one has it at a time, and those that are new come first.

    Between two turns the event loop goes round a few times: however much long work there is, what is short waits for
    one turn or two.
    """

    __slots__ = ("_is_taken", "_new", "_old")

    def __init__(self) -> None:
        self._is_taken = False
        self._new: Final[deque[asyncio.Future[None]]] = deque()
        self._old: Final[deque[asyncio.Future[None]]] = deque()

    async def take(self, *, is_new: bool) -> None:
        """Waits until it is the caller's turn."""
        if not self._is_taken:
            self._is_taken = True
            return
        turn = asyncio.get_running_loop().create_future()
        (self._new if is_new else self._old).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave()
            raise

    def leave(self) -> None:
        """Ends the turn; the next one comes after some rounds of the loop."""
        self._go_round(_TURNS_OF_THE_LOOP)

    def _go_round(self, left: int) -> None:
        if left:
            asyncio.get_running_loop().call_soon(self._go_round, left - 1)
            return
        for waiting in (self._new, self._old):
            while waiting:
                turn = waiting.popleft()
                if not turn.done():
                    turn.set_result(None)
                    return
        self._is_taken = False


async def finished_in_turns(steps: Steps, turns: Turns, is_gone: Callable[[], bool] = lambda: False) -> Reply:
    """The reply, with other work of the event loop done whenever `TURN` is over, and while another thread works.

    Raises ConnectionError, the steps ended where they are, once `is_gone` says that nobody wants the reply any more.
    """
    is_new = True
    while True:
        await turns.take(is_new=is_new)
        try:
            if is_gone():
                steps.close()
                raise ConnectionError("the client is gone")
            turn_ends = perf_counter() + (_FIRST_TURN if is_new else TURN)
            pause: Pause = None
            while pause is None and perf_counter() < turn_ends:
                try:
                    pause = next(steps)
                except StopIteration as end:
                    return end.value  # type: ignore[no-any-return]
        finally:
            turns.leave()
        is_new = False
        if pause is not None:
            await _until_over(pause)


async def _until_over(pause: "Future[Any]") -> None:
    over = asyncio.wrap_future(pause)
    try:
        await asyncio.wait((over,))
    finally:
        if over.done():
            over.exception()  # the steps raise it themselves


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many requests a batch may have, and how many bytes an answer; 0: any number. No real node has these two."""

    batch: int
    answer: int

    @classmethod
    def of(cls, settings: HttpSettings) -> "Bounds":
        """The bounds that the operator has set."""
        return cls(settings.max_batch_size, settings.max_response_body_size)

    def refusal_of_batch(self, requests: int) -> BatchTooLong | None:
        """Why a batch of so many requests is not looked at; None when it is."""
        if not self.batch or requests <= self.batch:
            return None
        return BatchTooLong(f"{requests} requests in a batch; RpcServer.MaxBatchSize allows {self.batch}")

    def answer_too_long(self) -> AnswerTooLong:
        """What stands for a result that does not fit any more."""
        return AnswerTooLong.than(self.answer)


class Room:
    """How much of one HTTP answer is left.

    The first result that does not fit is told so, and what comes behind it is not executed any more.
    """

    __slots__ = ("_bounds", "_left")

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._left: float = bounds.answer or float("inf")

    def check(self) -> None:
        """Raises AnswerTooLong where nothing fits any more."""
        if self._left < 0:
            raise self._bounds.answer_too_long()

    def take(self, text: str, method: str = "") -> None:
        """Use up the bytes of one result, or of one error. Raises AnswerTooLong where they do not fit."""
        size = len(text) if text.isascii() else len(text.encode())
        if size > self._left and method != UNBOUNDED_METHOD:
            self._left = -1
            raise self._bounds.answer_too_long()
        self._left -= size
