"""A small JSON-RPC client."""

import json
from collections.abc import Sequence
from typing import Any, Protocol

from rpcnode.testing.answer import Answer, HttpStatusError, RpcCallError


class Posts(Protocol):
    """What a client sends bodies through."""

    def post(self, body: bytes) -> Answer:
        """The answer to a POST of that body."""


class RpcClient:
    """Calls the methods of one node, as a program would: the journal has its calls, and faults strike them."""

    def __init__(self, posts: Posts) -> None:
        self._posts = posts

    def post(self, body: bytes) -> Answer:
        """The answer to a POST of that body, as HTTP would carry it.

        Faults of the connection raise what they raise in Python's own HTTP client: ConnectionResetError,
        http.client.IncompleteRead.
        """
        return self._posts.post(body)

    def call(self, method: str, *params: object) -> Any:
        """The result of a call. Raises RpcCallError for an error, HttpStatusError for an answer without a body."""
        return result_of(self._exchange(request_object(1, method, params)))

    def batch(self, *calls: Sequence[Any]) -> list[Any]:
        """The results of some calls, each a method and its params, made in one request; an RpcCallError for one that
        failed stands in its place.
        """
        if not calls:
            return []
        requests = [request_object(number, method, params) for number, (method, *params) in enumerate(calls)]
        by_id = {response["id"]: response for response in self._exchange(requests)}
        return [_outcome_of(by_id[number]) for number in range(len(calls))]

    def _exchange(self, document: object) -> Any:
        answer = self._posts.post(json.dumps(document).encode())
        if not answer.body:
            raise HttpStatusError(answer.status)
        return json.loads(answer.body)


def request_object(request_id: int, method: str, params: Sequence[object]) -> dict[str, object]:
    """A request of JSON-RPC 2.0."""
    return {"jsonrpc": "2.0", "id": request_id, "method": method, "params": list(params)}


def result_of(response: Any) -> Any:
    """The result in a response object. Raises RpcCallError for an error."""
    outcome = _outcome_of(response)
    if isinstance(outcome, RpcCallError):
        raise outcome
    return outcome


def _outcome_of(response: Any) -> Any:
    error = response.get("error")
    return response["result"] if error is None else RpcCallError(error["code"], error["message"], error.get("data"))
