"""The writer, as a reader sees it: it answers questions, and takes calls that were seen, and connections."""

import asyncio
import socket
from collections.abc import Generator
from concurrent.futures import Future
from enum import IntEnum
from typing import Final

from rpcnode.node import Node
from rpcnode.primitives.json import Pause
from rpcnode.server.jsonrpc.reply import Reply
from rpcnode.workers.channel import Channel, ConnectionGiver, Message
from rpcnode.workers.reader_answers import Question

_LOOKS_AROUND: Final = 0.2  # seconds after which a waiting call sees whether its client is still there


class Ending(IntEnum):
    """Why a reader ends; the value is its exit code."""

    STOPPED = 0  # the writer ends
    ABANDONED = 1  # the writer is gone
    SIGNALLED = 143  # somebody has ended this process alone


class WriterGone(Exception):
    """The writer has ended, or failed at what it was asked."""


class WriterAsked:
    """The writer, as a reader sees it; `ended` is set once this process is to end."""

    def __init__(self, node: Node, giver: ConnectionGiver) -> None:
        self._node = node
        self._giver = giver
        self._replies: dict[int, Future[Reply]] = {}
        self._asked = 0
        self.ended: Final = asyncio.Event()
        self.ending: Ending | None = None
        self.channel: Final = Channel(self._take, self._lost)

    def ask(self, question: Question) -> Generator[Pause, None, Reply]:
        """The steps to the writer's reply. Raises WriterGone."""
        self.tell_calls()
        self._asked += 1
        number = self._asked
        reply = self._replies[number] = Future()
        self.channel.send("ask", number, question)
        return self._wait(number, reply)

    def give(self, connection: socket.socket, data: bytes) -> None:
        """Gives a client's connection to the writer, with what was read from it."""
        self.tell_calls()
        self.channel.send("adopt", self._giver.give(connection), data)

    def tell_calls(self) -> None:
        """Tells the writer what the journal and the meter of this process have, and empties them."""
        traffic, meter = self._node.traffic, self._node.meter
        if meter.calls or meter.errors or (traffic is not None and len(traffic.journal)):
            rows = None if traffic is None else traffic.journal.take()
            self.channel.send("calls", rows, meter.take())

    def _wait(self, number: int, reply: "Future[Reply]") -> Generator[Pause, None, Reply]:
        try:
            while not reply.done():
                yield _either(reply, _LOOKS_AROUND)
            return reply.result()
        finally:
            if self._replies.pop(number, None) is not None:
                self.channel.send("gone", number)

    def _take(self, message: Message) -> None:
        match message:
            case "reply", number, Reply() as reply:
                self._settle(number, reply)
            case "failed", number:
                self._settle(number, WriterGone("the writer failed"))
            case "flush", number:
                self.tell_calls()
                self.channel.send("flushed", number)
            case ("stop",):
                self.end(Ending.STOPPED)

    def _settle(self, number: int, outcome: "Reply | WriterGone") -> None:
        waiting = self._replies.pop(number, None)
        if waiting is None:
            return
        if isinstance(outcome, WriterGone):
            waiting.set_exception(outcome)
        else:
            waiting.set_result(outcome)

    def _lost(self) -> None:
        for number in list(self._replies):
            self._settle(number, WriterGone("the writer is gone"))
        self.end(Ending.ABANDONED)

    def end(self, ending: Ending) -> None:
        """Has this process end; of several reasons the first counts."""
        if self.ending is None:
            self.ending = ending
        self.ended.set()


def _either(reply: "Future[Reply]", seconds: float) -> "Future[None]":
    """Is over when the reply is there, or after some seconds."""
    over: Future[None] = Future()

    def end(*_: object) -> None:
        timer.cancel()
        if not over.done():
            over.set_result(None)

    timer = asyncio.get_running_loop().call_later(seconds, end)
    reply.add_done_callback(end)
    return over
