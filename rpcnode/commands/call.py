"""`rpcnode call`: one call to a running node."""

import json
import sys
from collections.abc import Sequence
from typing import Final

from rpcnode.commands.argument_parser import did_you_mean
from rpcnode.plugin.config import value_of_word
from rpcnode.primitives.errors import MethodNotFound, NodeError
from rpcnode.primitives.json import Json
from rpcnode.server.traffic.node_client import Target, posted, target_of

_DISCOVER: Final = "rpc.discover"


def call(url: str, method: str, params: Sequence[Json]) -> int:
    """Prints the result, or the error on stderr; 1 for an error of the node."""
    target = target_of(url)
    answer = _answer(target, method, params)
    if "error" in answer:
        sys.stderr.write(json.dumps(answer["error"], indent=2, ensure_ascii=False) + "\n")
        if is_unknown_method(answer["error"]) and (meant := did_you_mean(method, _methods_of(target))) is not None:
            sys.stderr.write(f"rpcnode: did you mean {meant}?\n")
        return 1
    sys.stdout.write(json.dumps(answer.get("result"), indent=2, ensure_ascii=False) + "\n")
    return 0


def params_of_words(words: Sequence[str]) -> list[Json]:
    """The parameters as they were written: JSON, or a bare word taken as text.

    Raises ValueError for one that begins as a list or an object of JSON and is none.
    """
    params: list[Json] = []
    for number, word in enumerate(words, start=1):
        value = value_of_word(word)
        if isinstance(value, str) and word.lstrip()[:1] in ("{", "["):
            raise ValueError(f"PARAM {number} begins as JSON and is none: {_fault_of(word)}")
        params.append(value)
    return params


def _fault_of(text: str) -> str:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        reason = error.msg[:1].lower() + error.msg[1:]
        return f"{reason} at line {error.lineno}, column {error.colno}"
    except RecursionError:
        return "nested too deep"
    return "NaN, Infinity and 1e999 are no numbers of JSON"


def is_unknown_method(error: Json) -> bool:
    """Whether an error object says that there is no such method."""
    return isinstance(error, dict) and error.get("code") == MethodNotFound.n3[0]


def _methods_of(target: Target) -> list[str]:
    """The methods that a node says it has or, where it does not say, those that any node of ours has."""
    try:
        result = _answer(target, _DISCOVER, []).get("result")
        if isinstance(result, dict) and isinstance(listed := result.get("methods"), list):
            return [
                name for method in listed if isinstance(method, dict) and isinstance(name := method.get("name"), str)
            ]
    except NodeError:
        pass
    from rpcnode.commands.known_methods import known_methods

    return known_methods()


def _answer(target: Target, method: str, params: Sequence[Json]) -> dict[str, Json]:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}).encode()
    return _post(target, body)


def answers(target: Target, method: str, calls: Sequence[Sequence[Json]]) -> list[Json]:
    """The results of several calls of one method, sent as one batch. Raises NodeError where one is an error."""
    batch = [
        {"jsonrpc": "2.0", "id": number, "method": method, "params": list(params)}
        for number, params in enumerate(calls)
    ]
    listed = posted(target, json.dumps(batch).encode(), list)
    by_id = {entry.get("id"): entry for entry in listed if isinstance(entry, dict)}
    results: list[Json] = []
    for number, params in enumerate(calls):
        entry = by_id.get(number)
        if entry is None or "result" not in entry:
            told = "nothing" if entry is None else json.dumps(entry.get("error"), ensure_ascii=False)
            raise NodeError(f"{target.url}: {method} {json.dumps(list(params))} answers {told}")
        results.append(entry["result"])
    return results


def _post(target: Target, body: bytes) -> dict[str, Json]:
    answer: dict[str, Json] = posted(target, body, dict)
    return answer
