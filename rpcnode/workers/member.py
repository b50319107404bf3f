"""One reader, as the writer sees it: a process, its questions, and the calls and connections that it passes on."""

import asyncio
import logging
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from rpcnode.endpoint import Endpoint
from rpcnode.node import Node
from rpcnode.server.jsonrpc.reply import Reply, Steps
from rpcnode.workers.channel import Channel, ConnectionTaker, Message, packed
from rpcnode.workers.hash_notes import HashNotes
from rpcnode.workers.reader import Inherited, Task
from rpcnode.workers.reader_answers import Question

logger = logging.getLogger(__name__)

_UNTIL_KILLED: Final = 2.0  # seconds that a process has to end by itself


class Member:
    """A reader's process; `ready` is done once it answers, `ended` once it has ended."""

    def __init__(self, entry: str, task: Task, page: int, endpoint: Endpoint, node: Node) -> None:
        """Starts it: `entry` is the module whose `main` it runs. Raises OSError where the system refuses."""
        self._endpoint = endpoint
        self._node = node
        loop = asyncio.get_running_loop()
        self.ready: Final = loop.create_future()
        self.ended: Final = loop.create_future()
        self.started: Final = time.monotonic()
        self._flushes: dict[int, asyncio.Future[None]] = {}
        self._flushed = 0
        self._working: dict[int, asyncio.Task[None]] = {}
        self._gone: set[int] = set()
        self._came_before: dict[int, bytes] = {}
        self._given: dict[int, socket.socket] = {}
        self._adopting: set[asyncio.Task[None]] = set()
        self.notes: Final = HashNotes.new()
        self._channel = Channel(self._take, self._lost)
        self._own, theirs = socket.socketpair()
        own_connections, their_connections = socket.socketpair()
        self._connections = ConnectionTaker(own_connections, self._take_connection)
        with theirs, their_connections:
            inherited = Inherited(
                theirs.fileno(),
                their_connections.fileno(),
                page,
                self.notes.descriptor,
                tuple(endpoint.server.descriptors),
            )
            try:
                self.process: Final = _started(entry, inherited)
            except OSError:
                self._own.close()
                self._connections.close()
                self.notes.close()
                raise
        # At once: a process that is there has what it needs, whatever becomes of this one.
        self._tell(task)
        self._is_connected = False

    async def connect(self) -> None:
        """Begins to listen to the process."""
        loop = asyncio.get_running_loop()
        await loop.create_unix_connection(lambda: self._channel, sock=self._own)
        self._is_connected = True

    def _tell(self, *message: object) -> None:
        """Sends a message while no loop has the socket; one to a process that is gone is lost."""
        with suppress(OSError):
            self._own.sendall(packed(message))

    def flush(self) -> "asyncio.Future[None]":
        """Has it tell the calls that it has seen; done when they are here, or the process is gone."""
        flushed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._channel.is_lost or not self.ready.done():
            flushed.set_result(None)
            return flushed
        self._flushed += 1
        self._flushes[self._flushed] = flushed
        self._channel.send("flush", self._flushed)
        return flushed

    async def stop(self) -> None:
        """Has it end, and waits for that."""
        if self._is_connected:
            self._channel.send("stop")
        else:
            self._tell("stop")
            self._own.close()
        await self.reap()
        self._channel.close()
        self._connections.close()

    async def reap(self) -> int:
        """Waits for the process to end, and kills it where it does not; its exit code."""
        try:
            return await asyncio.to_thread(self.process.wait, _UNTIL_KILLED)
        except subprocess.TimeoutExpired:
            logger.warning("worker %d does not end, so it is killed", self.process.pid)
            self.process.kill()
            return await asyncio.to_thread(self.process.wait)

    def _take(self, message: Message) -> None:
        match message:
            case "ask", number, Question() as question:
                self._answer(number, question)
            case "gone", number:
                if number in self._working:
                    self._gone.add(number)
            case "calls", journal, (calls, errors):
                if journal is not None and self._node.traffic is not None:
                    before, rows = journal
                    self._node.traffic.journal.merge(before, rows, self._endpoint.answers.reader)
                self._node.meter.merge(calls, errors)
            case "flushed", number:
                self._flushes.pop(number).set_result(None)
            case "adopt", number, data:
                self._came_before[number] = data
                self._adopt(number)
            case ("ready",):
                self.ready.set_result(None)

    def _answer(self, number: int, question: Question) -> None:
        answers, (source, authorization, headers, is_local, client) = self._endpoint.answers, question
        try:
            if isinstance(source, str):
                begun = answers.begin_get(source, authorization, client)
            else:
                begun = answers.begin_post(source, authorization, headers, is_local=is_local, client=client)
        except Exception:
            self._failed(number)
            return
        if isinstance(begun, Reply):
            self._channel.send("reply", number, begun)
        else:
            self._working[number] = asyncio.get_running_loop().create_task(self._finish(number, begun))

    async def _finish(self, number: int, steps: Steps) -> None:
        try:
            reply = await self._endpoint.server.finished(steps, lambda: number in self._gone or self._channel.is_lost)
        except ConnectionError:
            pass  # nobody waits for it
        except Exception:
            self._failed(number)
        else:
            self._channel.send("reply", number, reply)
        finally:
            self._working.pop(number, None)
            self._gone.discard(number)

    def _failed(self, number: int) -> None:
        logger.exception("a request of a worker failed")
        self._channel.send("failed", number)

    def _take_connection(self, number: int, connection: socket.socket) -> None:
        self._given[number] = connection
        self._adopt(number)

    def _adopt(self, number: int) -> None:
        if number in self._given and number in self._came_before:
            connection, data = self._given.pop(number), self._came_before.pop(number)
            connection.setblocking(False)
            adopting = asyncio.get_running_loop().create_task(self._endpoint.server.adopt(connection, data))
            self._adopting.add(adopting)
            adopting.add_done_callback(self._adopting.discard)

    def _lost(self) -> None:
        for flushed in self._flushes.values():
            flushed.set_result(None)
        self._flushes.clear()
        self._connections.close()
        for connection in self._given.values():
            connection.close()
        if not self.ended.done():
            self.ended.set_result(None)


def _started(entry: str, inherited: Inherited) -> "subprocess.Popen[bytes]":
    descriptors: Sequence[int] = inherited.all
    program = f"import sys; sys.path[:] = {sys.path!r}\nfrom {entry} import main\nsys.exit(main({list(descriptors)!r}))"
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=descriptors,
        start_new_session=True,  # a terminal's Ctrl-C reaches the writer, which ends the others
    )
