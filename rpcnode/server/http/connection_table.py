"""The open connections of one server: how many there may be, and how long each may keep it waiting."""

import asyncio
import time
from typing import Final

from rpcnode.primitives.records import dataclass
from rpcnode.server.http.connection import Connection, Phase

_BETWEEN_CHECKS: Final = 1.0  # seconds, Kestrel's heartbeat; less where a limit is so short that it would be missed
_LEAST_BETWEEN_CHECKS: Final = 0.01


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Kestrel's limits, in seconds and bytes. `keep_alive` None: a connection may idle for ever."""

    connections: int = 512
    headers_timeout: float = 15.0
    keep_alive: float | None = 60.0
    body_bytes_per_second: int = 240  # a body may come in no slower on the average,
    body_grace: float = 5.0  # counted from its headers on and judged after this
    read_bytes_per_second: int = 240  # an answer may be taken no slower on the average,
    read_grace: float = 5.0  # counted from when the client fell behind and judged after this
    linger: float = 5.0  # how long we go on reading, and dropping what we read, after the last reply;
    linger_bytes: int = 256 * 1024 * 1024  # and how much


class ConnectionTable:
    """All open connections, looked through about once a second for those that take too long.

    Source: Kestrel, KestrelServerLimits: MinRequestBodyDataRate, MinResponseDataRate, RequestHeadersTimeout,
    KeepAliveTimeout. Making room by closing an idle connection is ours: Kestrel refuses the new one. It also gives an
    answer as long as its size takes at the lowest rate, here that rate counts from the start.
    """

    def __init__(self, limits: ConnectionLimits) -> None:
        self._limits = limits
        self._connections: set[Connection] = set()
        self._leaving: set[Connection] = set()  # closed by us to make room, and not gone yet
        self._emptied = asyncio.Event()  # set when the last connection goes
        self._next_check: asyncio.TimerHandle | None = None
        timeouts = (
            limits.headers_timeout,
            limits.body_grace,
            limits.read_grace,
            limits.linger,
            limits.keep_alive or limits.linger,
        )
        self._interval = max(_LEAST_BETWEEN_CHECKS, min(_BETWEEN_CHECKS, min(timeouts) / 4))

    def __len__(self) -> int:
        return len(self._connections)

    def start(self) -> None:
        """Check from now on; needs a running loop."""
        self._next_check = asyncio.get_running_loop().call_later(self._interval, self._check)

    def stop(self) -> None:
        """End the checks and every connection that is not answering."""
        if self._next_check is not None:
            self._next_check.cancel()
        for connection in list(self._connections):
            if connection.phase is not Phase.ANSWERING:
                connection.end()

    async def wait_until_empty(self) -> None:
        """Return once every connection is closed."""
        while self._connections:
            self._emptied.clear()
            await self._emptied.wait()

    def end_all(self) -> None:
        """End every connection, whatever it is doing."""
        for connection in (*self._connections, *self._leaving):
            connection.end()

    def admit(self, connection: Connection) -> bool:
        """Take in a new connection, closing the one that has waited longest if need be; False when all are at work."""
        if len(self._connections) >= self._limits.connections:
            waiting = [
                one for one in self._connections if one.phase not in (Phase.BODY, Phase.ANSWERING, Phase.TALKING)
            ]
            if not waiting:
                return False
            longest = min(waiting, key=lambda one: one.since)
            self._connections.discard(longest)
            self._leaving.add(longest)  # its transport is gone a moment later only
            longest.end()
        self._connections.add(connection)
        return True

    def forget(self, connection: Connection) -> None:
        """Drop a connection that is closed."""
        self._connections.discard(connection)
        self._leaving.discard(connection)
        if not self._connections:
            self._emptied.set()

    def check_dropped(self, connection: Connection) -> None:
        """End a lingering connection that has sent more than anybody waits for."""
        if connection.dropped_bytes > self._limits.linger_bytes:
            connection.end()

    def _check(self) -> None:
        now = time.monotonic()
        limits = self._limits
        for connection in (*self._connections, *self._leaving):
            if connection.phase is Phase.TALKING:
                continue
            if connection.reads_slower_than(limits.read_bytes_per_second, limits.read_grace, now):
                connection.abort()
            elif self._is_late(connection, now - connection.since):
                connection.time_out()
        self.start()

    def _is_late(self, connection: Connection, waited: float) -> bool:
        limits = self._limits
        match connection.phase:
            case Phase.NEW | Phase.HEADERS:
                return waited > limits.headers_timeout
            case Phase.IDLE:
                return limits.keep_alive is not None and waited > limits.keep_alive
            case Phase.BODY:
                received = 0 if connection.body is None else connection.body.total_bytes
                return waited > limits.body_grace and received < waited * limits.body_bytes_per_second
            case Phase.LINGERING:
                return waited > limits.linger
            case Phase.ANSWERING | Phase.TALKING:
                return False
