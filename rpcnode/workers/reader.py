"""A reader: a process that answers, on the writer's port, what the chain alone decides."""

import asyncio
import os
import shutil
import signal
import socket
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rpcnode.chain.db.reading_store import ReadingStore
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.server.http.rest import MAX_REST_LINE_SIZE, RestRouter
from rpcnode.server.http.server import MAX_LINE_SIZE, RpcHttpServer
from rpcnode.server.jsonrpc.dialect import DEFAULT_MAX_BODY_SIZE
from rpcnode.workers.channel import ConnectionGiver
from rpcnode.workers.hash_notes import HashNotes
from rpcnode.workers.own_methods import ask_writer
from rpcnode.workers.reader_answers import ReaderAnswers
from rpcnode.workers.reader_connection import PlainPosts, ReaderConnection
from rpcnode.workers.state_page import StatePage
from rpcnode.workers.view import View
from rpcnode.workers.writer_asked import Ending, WriterAsked

if TYPE_CHECKING:
    from rpcnode.server.http.request_log import RequestLog

_UNTIL_GONE: Final = 0.5  # seconds that a writer may still be there after its channels have ended
_BETWEEN_ROUNDS: Final = 1.0  # seconds, of what a reader does whether it is asked or not


@dataclass(frozen=True, slots=True)
class Task:
    """What the writer tells a reader first.

    `writer` is its process id, `temporary` the folder that is removed when the node ends, if there is one.
    """

    writer: int
    options: NodeOptions
    file: Path
    temporary: Path | None
    verbose: int
    log_json: bool


@dataclass(frozen=True, slots=True)
class Inherited:
    """The open descriptors that the writer gives a reader."""

    channel: int
    connections: int
    page: int
    notes: int
    listeners: tuple[int, ...]

    @property
    def all(self) -> tuple[int, ...]:
        """All of them."""
        return (self.channel, self.connections, self.page, self.notes, *self.listeners)


async def read(node: Node, inherited: Inherited, channel: socket.socket, log: "RequestLog | None") -> Ending:
    """Answers until the writer stops it or is gone, or somebody ends it; which of these it was."""
    loop = asyncio.get_running_loop()
    assert isinstance(node.store, ReadingStore)
    view = View(node, node.store, StatePage(inherited.page))
    HashNotes(inherited.notes).write_those_of(node.ledger.handed_out, ask_writer)
    writer = WriterAsked(node, ConnectionGiver(socket.socket(fileno=inherited.connections)))
    loop.add_signal_handler(signal.SIGTERM, writer.end, Ending.SIGNALLED)
    await loop.create_unix_connection(lambda: writer.channel, sock=channel)
    settings = node.http_settings
    router = RestRouter(node.registry.rest_routes) if node.registry.rest_routes else None
    posts = PlainPosts(
        settings.max_request_body_size or DEFAULT_MAX_BODY_SIZE,
        lambda target: router is not None and target != b"/",
    )
    server = RpcHttpServer(
        settings,
        node.options.profile,
        ReaderAnswers(node, view, writer.ask),
        max_line_size=MAX_LINE_SIZE if router is None else MAX_REST_LINE_SIZE,
        log=log,
        connection_type=partial(ReaderConnection, posts=posts, give=writer.give),
    )
    await server.start_on([socket.socket(fileno=descriptor) for descriptor in inherited.listeners])
    rounds = loop.create_task(_rounds(view, writer))
    writer.channel.send("ready")
    await writer.ended.wait()
    rounds.cancel()
    assert writer.ending is not None
    if writer.ending is not Ending.ABANDONED:  # else another node may wait for the database already
        await server.stop()
        writer.tell_calls()
        writer.channel.close()
    return writer.ending


def clean_up(task: Task) -> None:
    """Removes the temporary folder where the writer was killed, and so could not."""
    ends = time.monotonic() + _UNTIL_GONE
    while os.getppid() == task.writer and time.monotonic() < ends:
        time.sleep(_UNTIL_GONE / 50)
    if task.temporary is not None and os.getppid() != task.writer:
        shutil.rmtree(task.temporary, ignore_errors=True)


async def _rounds(view: View, writer: WriterAsked) -> None:
    while True:
        await asyncio.sleep(_BETWEEN_ROUNDS)
        view.look_away()
        writer.tell_calls()
