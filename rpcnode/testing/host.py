"""Where a node of a test runs: on a thread of its own, or on the one that uses it."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Any, Protocol, TypeVar

from rpcnode.endpoint import Endpoint, envelope_of
from rpcnode.node import Node
from rpcnode.primitives.errors import NodeError
from rpcnode.server.jsonrpc.access import Authorization
from rpcnode.server.jsonrpc.reply import AnswersRequests, Reply
from rpcnode.testing.answer import Answer, received

T = TypeVar("T")


class Host(Protocol):
    """A node that runs. Its chain belongs to one thread, and whatever touches it goes there."""

    def run(self, function: Callable[[Node], T]) -> T:
        """What a function makes of the node, on the node's thread; what it raises is raised here."""

    def post(self, body: bytes) -> Answer:
        """The answer to a POST of that body."""

    def listen(self) -> str:
        """The URL at which the node answers HTTP, from now on if not before. Raises NodeError where there is none."""


class CallersHost:
    """A node on the thread that made it: no socket, no other thread. SQLite refuses any other thread."""

    def __init__(self, make: Callable[[], Node]) -> None:
        self._node = make()
        try:
            self._envelope = envelope_of(self._node)
        except BaseException:
            self._node.close()
            raise
        self._is_open = True

    def run(self, function: Callable[[Node], T]) -> T:
        if not self._is_open:
            raise _stopped()
        return function(self._node)

    def post(self, body: bytes) -> Answer:
        return received(self.run(lambda _: self._envelope.answer_post(body, Authorization.GRANTED)))

    def listen(self) -> str:
        raise NodeError("in_process() has no URL; start() has one")

    def mine_by(self, loop: asyncio.AbstractEventLoop) -> None:
        """Lets the node make blocks every few seconds, where it is told to, on a loop of this thread."""
        self._node.miner.attach(loop.call_later)

    def close(self) -> None:
        """Ends the node."""
        self._is_open = False
        self._node.miner.detach()
        self._node.close()


class ThreadHost:
    """A node on a thread and an event loop of its own, which it shares with its HTTP server."""

    def __init__(self, make: Callable[[], Node], *, listens: bool) -> None:
        """Begins to start it. `started` is done when it runs, or has the NodeError for which it must be ended."""
        self._make = make
        self._node: Node | None = None
        self._envelope: AnswersRequests | None = None
        self._endpoint: Endpoint | None = None
        self._opening = asyncio.Lock()
        self._ended = asyncio.Event()
        self._is_open = True
        self._submitting = Lock()
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._loop = self._runner.get_loop()
        self.started = self._submit(self._start(listens=listens))
        # A daemon: a node that is never ended does not keep the interpreter from ending.
        self._thread = Thread(target=self._work, name="rpcnode", daemon=True)
        self._thread.start()

    def run(self, function: Callable[[Node], T]) -> T:
        return self._submit(self._ask(function)).result()

    def post(self, body: bytes) -> Answer:
        return received(self._submit(self._answer(body)).result())

    def listen(self) -> str:
        return self._submit(self._open()).result()

    def end(self) -> "Future[None]":
        """Begins to end it: the server, then the node, then the loop; once."""
        with self._submitting:
            self._is_open = False
            return asyncio.run_coroutine_threadsafe(self._close(), self._loop)

    def join(self) -> None:
        """Waits until the thread is gone, which it is a moment after it has ended."""
        self._thread.join()

    def _submit(self, coroutine: "Coroutine[Any, Any, T]") -> "Future[T]":
        # Under the lock, so that whatever is taken in is done before the end is.
        with self._submitting:
            if self._is_open:
                return asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        coroutine.close()
        raise _stopped()

    def _work(self) -> None:
        with self._runner:
            self._runner.run(self._wait())

    async def _wait(self) -> None:
        await self._ended.wait()

    async def _start(self, *, listens: bool) -> None:
        node = self._node = self._make()
        self._envelope = envelope_of(node)
        node.miner.attach(self._loop.call_later)
        if listens:
            await self._open()

    async def _open(self) -> str:
        async with self._opening:
            if self._endpoint is None:
                assert self._node is not None
                endpoint = Endpoint(self._node)
                await endpoint.start()
                self._endpoint = endpoint
        return self._endpoint.url

    async def _ask(self, function: Callable[[Node], T]) -> T:
        assert self._node is not None
        return function(self._node)

    async def _answer(self, body: bytes) -> Reply:
        assert self._envelope is not None
        return self._envelope.answer_post(body, Authorization.GRANTED)

    async def _close(self) -> None:
        try:
            if self._endpoint is not None:
                await self._endpoint.stop()
        finally:
            try:
                if self._node is not None:
                    self._node.miner.detach()
                    self._node.close()
            finally:
                self._ended.set()


def _stopped() -> NodeError:
    return NodeError("the node is stopped; it can be used inside its `with` only")
