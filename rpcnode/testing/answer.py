"""What comes back when a body is posted to a node without a socket: the bytes that HTTP would carry."""

import time
from dataclasses import dataclass
from typing import Any, Final

from rpcnode.server.jsonrpc.reply import Reply
from rpcnode.server.traffic.faults import Drop, Truncate

SCRIPT_FAILS: Final = "its script fails: "
"""How a dev method's error begins where a transaction's script fails."""


class RpcCallError(Exception):
    """The error object that a call was answered with."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(code, message, data)
        self.code = code
        self.message = message
        self.data = data

    def __str__(self) -> str:
        is_told = self.data is None or (isinstance(self.data, str) and self.data in self.message)
        detail = "" if is_told else f" ({self.data})"
        return f"{self.code}: {self.message}{detail}"


class ContractFault(RpcCallError):
    """A call of a contract failed, and is in no block; `exception` is why, in the node's words."""

    def __init__(self, exception: str) -> None:
        super().__init__(-32000, f"{SCRIPT_FAILS}{exception}")
        self.exception = exception


class HttpStatusError(Exception):
    """A call was answered with an HTTP status and without a response object."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP status {status}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status, and the body that goes with it."""

    status: int
    body: bytes


def received(reply: Reply) -> Answer:
    """What a client has of a reply, after what faults do to it: the caller waits for one that is late.

    Raises ConnectionResetError for one that never comes, and http.client's IncompleteRead for one that breaks off.
    """
    strike = reply.strike
    if strike is not None:
        if strike.latency_seconds:
            time.sleep(strike.latency_seconds)
        match strike.effect:
            case Drop():
                raise ConnectionResetError("reset by a fault")
            case Truncate(sent):
                from http.client import IncompleteRead

                most = max(len(reply.body) - 1, 0)
                part = reply.body[: min(len(reply.body) // 2 if sent is None else sent, most)]
                raise IncompleteRead(part, len(reply.body) - len(part))
    return Answer(reply.status, reply.body)
