"""Requests to another node, one at a time."""

import json
import re
import urllib.error
import urllib.request
from base64 import b64encode
from http.client import HTTPException
from typing import Any, Final, NamedTuple
from urllib.parse import unquote_to_bytes

from rpcnode.primitives.errors import NodeError

_TIMEOUT_S: Final = 30


class Target(NamedTuple):
    """The node that is called. The URL has no user and no password in it, and so may be shown."""

    url: str
    authorization: str | None


def target_of(url: str, option: str = "--url") -> Target:
    """The node at a URL, which may give it a user and a password, percent-encoded; `option` is where it was given.

    Raises NodeError for what is no URL of a node; its text has neither of the two.
    """
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.lower() not in ("http", "https"):
        raise NodeError(f"{option} {url.rpartition('@')[2]}: http://HOST:PORT is expected")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "@" in rest[len(authority) :]:
        encoded = "/ as %2F, ? as %3F, # as %23, @ as %40, % as %25"
        raise NodeError(f"{option}: the user and the password have to be percent-encoded: {encoded}")
    credentials, at, _ = authority.rpartition("@")
    shown = f"{scheme}://{rest[len(credentials) + len(at) :]}"
    if not at:
        return Target(shown, None)
    user, _, password = credentials.partition(":")
    if b":" in unquote_to_bytes(user):
        raise NodeError(f"{option} {shown}: no user has a colon in the name")
    pair = unquote_to_bytes(user) + b":" + unquote_to_bytes(password)
    return Target(shown, f"Basic {b64encode(pair).decode()}")


def posted(target: Target, body: bytes, kind: type[dict[str, Any]] | type[list[Any]]) -> Any:
    """The answer to a request, sent to the node itself whatever proxies the environment names.

    Raises NodeError where there is none, or one of another kind.
    """
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
