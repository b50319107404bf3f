"""`rpcnode call`: one call to a running node."""

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from http.client import HTTPException

from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.json import Json

_TIMEOUT_S = 30


def call(url: str, method: str, params: Sequence[Json]) -> int:
    """Prints the result, or the error on stderr; 1 for an error of the node."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}).encode()
    answer = _post(url, body)
    if "error" in answer:
        sys.stderr.write(json.dumps(answer["error"], indent=2, ensure_ascii=False) + "\n")
        return 1
    sys.stdout.write(json.dumps(answer.get("result"), indent=2, ensure_ascii=False) + "\n")
    return 0


def _post(url: str, body: bytes) -> dict[str, Json]:
    """The answer to a request, sent to the node itself whatever proxies the environment names."""
    if not url.startswith(("http://", "https://")):
        raise NodeError(f"--url {url}: http://HOST:PORT is expected")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
        with opener.open(request, timeout=_TIMEOUT_S) as response:
            text = response.read()
    except urllib.error.HTTPError as error:
        # A node that refuses a caller says so in an error object of its envelope too.
        with error:
            text = error.read()
        if not _is_object(text):
            raise NodeError(f"{url}: HTTP status {error.code} {error.reason}") from None
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise NodeError(f"{url}: no answer: {getattr(reason, 'strerror', None) or reason}") from None
    if not _is_object(text):
        raise NodeError(f"{url}: no node: its answer is not a JSON object")
    answer: dict[str, Json] = json.loads(text)
    return answer


def _is_object(text: bytes) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False
