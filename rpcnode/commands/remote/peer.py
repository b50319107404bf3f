"""A running node that is asked many things, politely: few at a time, and again later where it has no time."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import aiohttp

from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.json import Json
from rpcnode.server.traffic.node_client import Target

AT_ONCE: Final = 8
"""Requests that are under way together."""

_TRIES: Final = 6
_FIRST_PAUSE_S: Final = 0.25
"""Before the second try; it doubles with each."""

_LONGEST_PAUSE_S: Final = 30.0
_TIMEOUT_S: Final = 30
_BUSY: Final = frozenset((429, 502, 503, 504))
"""HTTP statuses by which a node, or what stands before it, says that another time is better."""


class NoAnswer(NodeError):
    """A node that cannot be reached, or answers what is no JSON-RPC."""


class Refused(NodeError):
    """An error object in place of a result. `code` is None where it has none."""

    def __init__(self, message: str, code: int | None) -> None:
        super().__init__(message)
        self.code: Final = code


class Peer:
    """A running node."""

    def __init__(self, target: Target, session: aiohttp.ClientSession, first_pause_s: float = _FIRST_PAUSE_S) -> None:
        self.url: Final = target.url
        self._headers: Final = {} if target.authorization is None else {"Authorization": target.authorization}
        self._session: Final = session
        self._first_pause_s: Final = first_pause_s
        self._turns: Final = asyncio.Semaphore(AT_ONCE)

    async def result(self, method: str, *params: Json) -> Json:
        """The result of a call. Raises Refused for an error of the node, and NoAnswer."""
        answer = await self.answer(method, params)
        if "result" in answer:
            return answer["result"]
        error = answer.get("error")
        code = error.get("code") if isinstance(error, dict) else None
        told = json.dumps(error, ensure_ascii=False)
        raise Refused(
            f"{self.url}: {method} {json.dumps(list(params))} answers {told}", code if isinstance(code, int) else None
        )

    async def answer(self, method: str, params: Sequence[Json]) -> dict[str, Json]:
        """The whole answer to a call, with `result` or `error`. Raises NoAnswer when the last try has failed."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}).encode()
        async with self._turns:
            for number in range(_TRIES):
                pause_s = min(self._first_pause_s * 2**number, _LONGEST_PAUSE_S)
                try:
                    return await self._posted(body)
                except _Busy as error:
                    failed = error
                    pause_s = min(max(pause_s, error.wished_s), _LONGEST_PAUSE_S)
                if number < _TRIES - 1:
                    await asyncio.sleep(pause_s)
        raise NoAnswer(f"{self.url}: {failed}")

    async def _posted(self, body: bytes) -> dict[str, Json]:
        headers = {"Content-Type": "application/json", **self._headers}
        try:
            async with self._session.post(self.url, data=body, headers=headers) as response:
                text = await response.read()
                if response.status in _BUSY:
                    wished = response.headers.get("Retry-After", "")
                    raise _Busy(f"HTTP status {response.status}", float(wished) if wished.isdecimal() else 0.0)
                status = response.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise _Busy(f"no answer: {reason}") from None
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or not ({"result", "error"} & found.keys()):
            raise NoAnswer(f"{self.url}: no node: HTTP status {status}, and no answer of JSON-RPC")
        return found


class _Busy(Exception):
    """A try that may do better later; the node may say in how many seconds."""

    def __init__(self, message: str, wished_s: float = 0.0) -> None:
        super().__init__(message)
        self.wished_s: Final = wished_s


@asynccontextmanager
async def connected(*targets: Target, first_pause_s: float = _FIRST_PAUSE_S) -> AsyncIterator[tuple[Peer, ...]]:
    """The nodes at some targets, whatever proxies the environment names."""
    timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
    async with aiohttp.ClientSession(timeout=timeout, trust_env=False) as session:
        yield tuple(Peer(target, session, first_pause_s) for target in targets)
