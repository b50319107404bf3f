"""The readers of one writer: so many as are wished, each replaced when it dies; and the calls that they have seen."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Generator
from concurrent.futures import Future
from typing import Final

from rpcnode.chain.db.storage_failures import storage_failure, tell
from rpcnode.endpoint import Endpoint
from rpcnode.node import Node
from rpcnode.primitives.errors import NodeError, StorageFailed
from rpcnode.primitives.json import Answer, Json, Pause, Result
from rpcnode.server.jsonrpc.reply import Method
from rpcnode.workers.member import Member
from rpcnode.workers.reader import Task
from rpcnode.workers.state_page import StatePage, StateWriter

logger = logging.getLogger(__name__)

READ_CALLS: Final = ("dev_info", "dev_journal", "dev_verify")
"""The methods that tell of the calls that the node has seen."""

_LONGEST_GATHERING: Final = 5.0  # seconds; a reader that is stopped keeps nobody waiting longer
_LIVES: Final = 10.0  # seconds; a reader that has run for longer did not fail to start
_FIRST_DELAY: Final = 0.1  # seconds until the next start after a failed one; doubled after each further failure
_LONGEST_DELAY: Final = 30.0
_BETWEEN_LOOKS: Final = 1.0  # seconds
_LARGEST_LOG: Final = 64 * 1024 * 1024  # bytes of SQLite's write-ahead log; a longer one is emptied


class Crew:
    """Readers beside the writer, which is this process; made before its endpoint, which is told of `gather`."""

    def __init__(self, node: Node, readers: int, entry: str, task: Task) -> None:
        """`entry` is the module whose `main` a reader's process runs, `task` what each is told."""
        self._node = node
        self._readers = readers
        self._entry = entry
        self._task = task
        self._page = StatePage.new()
        self._state = StateWriter(node, self._page)
        self._members: list[Member] = []
        self._keepers: list[asyncio.Task[None]] = []
        for handed_out in node.ledger.handed_out:
            handed_out.look = self._look_into_notes
        for name in READ_CALLS:
            if name in node.methods:
                node.methods[name] = self._after_gathering(node.methods[name])

    async def start(self, endpoint: Endpoint) -> None:
        """Starts the readers of an endpoint that listens, and waits for them. Raises NodeError where one fails."""
        try:
            members = [await self._new_member(endpoint) for _ in range(self._readers)]
        except OSError as error:
            raise NodeError(f"a worker cannot be started: {error.strerror}") from None
        for member in members:
            await asyncio.wait((member.ready, member.ended), return_when=asyncio.FIRST_COMPLETED)
            if not member.ready.done():
                code = await member.reap()
                raise NodeError(f"a worker did not start, it ended with {code}")
        loop = asyncio.get_running_loop()
        self._keepers = [loop.create_task(self._keep(endpoint, member)) for member in members]
        self._keepers.append(loop.create_task(self._look_after_log()))

    async def stop(self) -> None:
        """Ends all readers."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*(member.stop() for member in self._members))

    async def gather(self) -> None:
        """Waits until the node's journal and meter have what all readers have seen before this."""
        flushes = [member.flush() for member in self._members]
        if flushes:
            await asyncio.wait(flushes, timeout=_LONGEST_GATHERING)

    def _look_into_notes(self) -> None:
        for member in self._members:
            member.notes.add_to(self._node.ledger.handed_out)

    def _after_gathering(self, method: Method) -> Method:
        def steps(params: list[Json]) -> Generator[Pause, None, Result]:
            gathered: Future[None] = Future()
            gathering = asyncio.get_running_loop().create_task(self.gather())
            gathering.add_done_callback(lambda _: gathered.set_result(None))
            yield gathered
            answer: Answer = method(params)
            return (yield from answer) if isinstance(answer, Generator) else answer

        return steps

    async def _new_member(self, endpoint: Endpoint) -> Member:
        member = Member(self._entry, self._task, self._page.descriptor, endpoint, self._node)
        self._members.append(member)
        await member.connect()
        return member

    async def _keep(self, endpoint: Endpoint, member: Member) -> None:
        """Puts another reader in the place of each that ends."""
        failures = 0
        while True:
            await member.ended
            code = await member.reap()
            self._look_into_notes()
            self._members.remove(member)
            member.notes.close()
            logger.warning("worker %d ended with %d; another takes its place", member.process.pid, code)
            if time.monotonic() - member.started > _LIVES:
                failures = 0
            following = None
            while following is None:
                await asyncio.sleep(min(_FIRST_DELAY * 2**failures, _LONGEST_DELAY))
                try:
                    self._node.store.check_files()
                except StorageFailed:
                    continue  # it would read another chain, or none, until the file is put back
                failures += 1
                try:
                    following = await self._new_member(endpoint)
                except OSError as error:
                    logger.warning("a worker cannot be started: %s", error.strerror)
            member = following

    async def _look_after_log(self) -> None:
        """Empties the database's log once it is long: SQLite by itself does so only in a moment without readers."""
        path = self._node.store.path
        assert path is not None
        log = path.with_name(f"{path.name}-wal")
        while True:
            await asyncio.sleep(_BETWEEN_LOOKS)
            try:
                is_long = log.stat().st_size > _LARGEST_LOG
            except OSError:
                continue
            if is_long and not self._node.store.connection.in_transaction:
                try:
                    self._node.store.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
                except sqlite3.Error as error:
                    failure = storage_failure(error)
                    if failure is None:
                        raise
                    tell(failure)  # a full disk, which may have room again later
                    continue
                self._state.end()
