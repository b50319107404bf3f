"""A reader's process, which `rpcnode serve --workers` starts, and tells over a socket what to do."""

import asyncio
import logging
import signal
import socket
from collections.abc import Sequence
from contextlib import closing

from rpcnode.commands import collector
from rpcnode.commands.log import set_up_logging
from rpcnode.primitives.errors import NodeError
from rpcnode.workers.reader import Inherited


def main(descriptors: Sequence[int]) -> int:
    """Runs until it is to end; an `Ending`, or 1 where the chain cannot be read."""
    # Ctrl-C is for the writer, which ends its readers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    own, connections, page, notes, *listeners = descriptors
    inherited = Inherited(own, connections, page, notes, tuple(listeners))
    channel = socket.socket(fileno=inherited.channel)
    with collector.starting():
        from rpcnode.chain.db.reading_store import ReadingStore
        from rpcnode.chain.db.store import file_errors
        from rpcnode.endpoint import request_log
        from rpcnode.node import Node
        from rpcnode.workers.channel import receive
        from rpcnode.workers.reader import Task, clean_up, read
        from rpcnode.workers.writer_asked import Ending

        try:
            task = receive(channel)[0]
        except EOFError:
            return 0
        if not isinstance(task, Task):
            return 0  # the node has ended meanwhile
        set_up_logging(verbose=bool(task.verbose), as_json=task.log_json)
        try:
            with file_errors(task.file):
                node = Node.reader_of(task.options, ReadingStore(task.file))
        except NodeError as error:
            logging.getLogger("rpcnode").critical("a worker cannot start: %s", error)
            return 1
        with closing(node):
            log = request_log(node, with_bodies=task.verbose > 1) if task.verbose else None
            collector.started()
            ending = asyncio.run(read(node, inherited, channel, log))
    if ending is Ending.ABANDONED:
        clean_up(task)
    return ending
