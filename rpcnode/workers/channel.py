"""Between the writer and one reader: messages over a pair of sockets that nobody else can reach, and connections."""

import asyncio
import pickle
import socket
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

_LENGTH: Final = 8
_RETRY: Final = 0.01  # seconds

Message = tuple[Any, ...]
"""A word and what goes with it."""


def packed(message: Message) -> bytes:
    """A message as it is sent."""
    content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return len(content).to_bytes(_LENGTH, "big") + content


def receive(sock: socket.socket) -> Message:
    """The first message of a socket that no loop reads yet. Raises EOFError where the other side has closed it."""

    def exactly(size: int) -> bytes:
        received = bytearray()
        while len(received) < size:
            part = sock.recv(size - len(received))
            if not part:
                raise EOFError
            received += part
        return bytes(received)

    message: Message = pickle.loads(exactly(int.from_bytes(exactly(_LENGTH), "big")))
    return message


class Channel(asyncio.Protocol):
    """Messages both ways; both ends are processes of one node, so what comes in is trusted."""

    def __init__(self, take: Callable[[Message], None], lost: Callable[[], None]) -> None:
        """`take` is given each message; `lost` is called once the other side is gone."""
        self._take = take
        self._lost = lost
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self.is_lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The loop reads the socket now."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def send(self, *message: Any) -> None:
        """Sends a message; one to a process that is gone is lost."""
        if self._transport is not None and not self.is_lost:
            self._transport.write(packed(message))

    def data_received(self, data: bytes) -> None:
        """Gives on the messages that have come in whole."""
        received = self._received
        received += data
        at = 0
        while len(received) - at >= _LENGTH:
            end = at + _LENGTH + int.from_bytes(received[at : at + _LENGTH], "big")
            if len(received) < end:
                break
            self._take(pickle.loads(memoryview(received)[at + _LENGTH : end].tobytes()))
            at = end
        del received[:at]

    def connection_lost(self, _: BaseException | None) -> None:
        """The other side is gone."""
        self.is_lost = True
        self._lost()

    def close(self) -> None:
        """Closes the socket, once what was sent is on its way."""
        if self._transport is not None:
            self._transport.close()


class ConnectionGiver:
    """Sends open sockets to the process at the other end of a pair, each with a number."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._waiting: deque[tuple[int, socket.socket]] = deque()
        self._number = 0

    def give(self, connection: socket.socket) -> int:
        """Sends a socket, which is closed here then; the number that it has on the other side."""
        self._number += 1
        self._waiting.append((self._number, connection))
        if len(self._waiting) == 1:
            self._send()
        return self._number

    def _send(self) -> None:
        while self._waiting:
            number, connection = self._waiting[0]
            try:
                socket.send_fds(self._sock, [number.to_bytes(_LENGTH, "big")], [connection.fileno()])
            except BlockingIOError:
                asyncio.get_running_loop().call_later(_RETRY, self._send)
                return
            except OSError:
                pass  # the writer is gone, and so will be this process
            self._waiting.popleft()
            connection.close()


class ConnectionTaker:
    """Receives what a ConnectionGiver sends."""

    def __init__(self, sock: socket.socket, take: Callable[[int, socket.socket], None]) -> None:
        """`take` is given each number with its socket."""
        sock.setblocking(False)
        self._sock = sock
        self._take = take
        asyncio.get_running_loop().add_reader(sock.fileno(), self._receive)

    def _receive(self) -> None:
        with suppress(BlockingIOError):
            while True:
                number, descriptors, _, _ = socket.recv_fds(self._sock, _LENGTH, 1)
                if not number:
                    self.close()
                    return
                for descriptor in descriptors:
                    self._take(int.from_bytes(number, "big"), socket.socket(fileno=descriptor))

    def close(self) -> None:
        """Receives nothing more."""
        if self._sock.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._sock.fileno())
            self._sock.close()
