"""`rpcnode call`: one call to a running node."""

import json
import re
import sys
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Sequence
from http.client import HTTPException
from typing import Any, Final, NamedTuple
from urllib.parse import unquote_to_bytes

from rpcnode.commands.argument_parser import did_you_mean
from rpcnode.plugin.config import value_of_word
from rpcnode.primitives.errors import MethodNotFound, NodeError
from rpcnode.primitives.json import Json

_TIMEOUT_S: Final = 30
_DISCOVER: Final = "rpc.discover"


class Target(NamedTuple):
    """The node that is called. The URL has no user and no password in it, and so may be shown."""

    url: str
    authorization: str | None


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


def target_of(url: str) -> Target:
    """The node at a URL, which may give it a user and a password, percent-encoded.

    Raises NodeError for what is no URL of a node; its text has neither of the two.
    """
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.lower() not in ("http", "https"):
        raise NodeError(f"--url {url.rpartition('@')[2]}: http://HOST:PORT is expected")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "@" in rest[len(authority) :]:
        encoded = "/ as %2F, ? as %3F, # as %23, @ as %40, % as %25"
        raise NodeError(f"--url: the user and the password have to be percent-encoded: {encoded}")
    credentials, at, _ = authority.rpartition("@")
    shown = f"{scheme}://{rest[len(credentials) + len(at) :]}"
    if not at:
        return Target(shown, None)
    user, _, password = credentials.partition(":")
    if b":" in unquote_to_bytes(user):
        raise NodeError(f"--url {shown}: no user has a colon in the name")
    pair = unquote_to_bytes(user) + b":" + unquote_to_bytes(password)
    return Target(shown, f"Basic {b64encode(pair).decode()}")


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
    listed = _posted(target, json.dumps(batch).encode(), list)
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
    answer: dict[str, Json] = _posted(target, body, dict)
    return answer


def _posted(target: Target, body: bytes, kind: type[dict[str, Any]] | type[list[Any]]) -> Any:
    """The answer to a request, sent to the node itself whatever proxies the environment names."""
    url = target.url
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
        if target.authorization is not None:
            request.add_unredirected_header("Authorization", target.authorization)
        with opener.open(request, timeout=_TIMEOUT_S) as response:
            text = response.read()
    except urllib.error.HTTPError as error:
        # A node that refuses a caller says so in an error object of its envelope too.
        with error:
            text = error.read()
        if not _is_a(kind, text):
            raise NodeError(f"{url}: HTTP status {error.code} {error.reason}") from None
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise NodeError(f"{url}: no answer: {getattr(reason, 'strerror', None) or reason}") from None
    if not _is_a(kind, text):
        shape = "object" if kind is dict else "array"
        raise NodeError(f"{url}: no node: its answer is not a JSON {shape}")
    return json.loads(text)


def _is_a(kind: type[dict[str, Any]] | type[list[Any]], text: bytes) -> bool:
    try:
        return isinstance(json.loads(text), kind)
    except ValueError:
        return False
