"""`rpcnode call`: one call to a running node."""

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence

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
    if not url.startswith(("http://", "https://")):
        raise NodeError(f"--url {url}: http://HOST:PORT is expected")
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as response:
            answer = json.loads(response.read())
    except urllib.error.HTTPError as error:
        raise NodeError(f"{url}: HTTP status {error.code} {error.reason}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise NodeError(f"{url}: no answer of a node: {reason}") from None
    if not isinstance(answer, dict):
        raise NodeError(f"{url}: no answer of a node: not a JSON object")
    return answer
