"""The methods of a node that answers from a cassette, or passes calls on to another node and keeps them."""

import json
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Final, cast

from rpcnode.primitives.errors import InternalError, NodeError, OwnRule, ProfileName, RpcError
from rpcnode.primitives.json import Answer, Json
from rpcnode.server.jsonrpc.reply import Method
from rpcnode.server.traffic.call_pattern import DEV_PREFIX
from rpcnode.server.traffic.cassette import Cassette, NoSuchCall, Secrets
from rpcnode.server.traffic.node_client import Target, posted, target_of

_AT_ONCE: Final = 8
"""Calls that are passed on together."""

_WAIT_S: Final = 0.001
"""How long a step waits for an answer from elsewhere; then others have their turn."""


class RecordedError(RpcError):
    """An error object that a node answered, as it was."""

    def __init__(self, error: Json) -> None:
        super().__init__(json.dumps(error))
        self._error: Final = error

    def error_object(self, profile: ProfileName) -> dict[str, int | str]:
        if isinstance(self._error, dict):
            return cast("dict[str, int | str]", self._error)
        return {"code": self.n3[0], "message": str(self._error)}


class NotRecorded(RpcError):
    """A call that is not in the cassette: its text names the nearest."""

    def error_object(self, profile: ProfileName) -> dict[str, int | str]:
        return {"code": -32601, "message": f"Method not found - {self.detail}"}


class UpstreamFailed(OwnRule, InternalError):
    """The node to which calls are passed on gave no answer."""


class CassetteMethods(Mapping[str, Method]):
    """Every method there may be, by name: those of `own` that command the node stay what they are.

    Raises NodeError for a cassette that cannot be opened.
    """

    def __init__(
        self, own: Mapping[str, Method], path: Path, secrets: Secrets, upstream: str | None, *, asks_chain: bool
    ) -> None:
        """With an `upstream` calls go there and are kept; else the file answers, and may ask the chain."""
        self._own: Final = own
        self._asks_chain: Final = asks_chain
        target = None if upstream is None else target_of(upstream, "--upstream")
        self._target: Final = target
        self._cassette: Final = Cassette(path, secrets, None if target is None else target.url)
        self._pool: Final = None if target is None else ThreadPoolExecutor(_AT_ONCE, "upstream")

    def close(self) -> None:
        """Lets go of the file."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        self._cassette.close()

    def rewind(self) -> None:
        """Answers begin with the first again."""
        self._cassette.rewind()

    def __getitem__(self, name: str) -> Method:
        if name.startswith(DEV_PREFIX):
            return self._own[name]
        return self._passing(name) if self._target is not None else self._answering(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._own)

    def __len__(self) -> int:
        return len(self._own)

    def _answering(self, name: str) -> Method:
        def answer(params: list[Json]) -> Answer:
            try:
                kept = self._cassette.answer(name, params)
            except NoSuchCall as miss:
                own = self._own.get(name) if self._asks_chain else None
                if own is not None:
                    return own(params)
                raise NotRecorded(str(miss)) from None
            return _result(kept)

        return answer

    def _passing(self, name: str) -> Method:
        target, pool = self._target, self._pool
        assert target is not None
        assert pool is not None

        def answer(params: list[Json]) -> Generator[None, None, Json]:
            asked = self._cassette.asked(name, params)
            try:
                under_way = pool.submit(_asked, target, name, params)
                while not wait((under_way,), _WAIT_S).done:
                    yield
                told = asked.answer = under_way.result()
            except NodeError as error:
                raise UpstreamFailed(str(error)) from None
            finally:
                self._cassette.end(asked)
            return _result(told)

        return answer


def _asked(target: Target, name: str, params: list[Json]) -> dict[str, Json]:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": name, "params": params}).encode()
    answer: dict[str, Json] = posted(target, body, dict)
    if not ({"result", "error"} & answer.keys()):
        raise NodeError(f"{target.url}: no node: its answer has neither result nor error")
    return answer


def _result(answer: dict[str, Json]) -> Json:
    """The result of an answer. Raises RecordedError for its error."""
    if "result" in answer:
        return answer["result"]
    raise RecordedError(answer.get("error"))
