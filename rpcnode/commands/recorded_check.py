"""What a recording says was answered, compared with what the node answers: the first difference, if there is one.

The node has every plugin set as the node that was recorded, where a plugin says how (`Plugin.as_recorded`).
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from rpcnode.node import Node
from rpcnode.primitives.errors import RpcError
from rpcnode.primitives.json import Json, document_of

_LAST_MS: Final = 4_102_444_800_000
"""The end of every window that a recording asked for: the year 2100."""

_ROWS: Final = "balances_by_height"
_ROW_METHOD: Final = "getnep5balances"
_SHOWN: Final = 200  # characters of an answer


def first_difference(node: Node, recording: dict[str, Any]) -> str | None:
    """The path to the first value that the node answers otherwise than recorded, with both; None where there is none.

    First come `queries`, asked at the end; then the rows of `balances_by_height`, block by block. Then the node stands
    at its end again.
    """
    for path, method, params, right in _queries(node, recording):
        told = _difference(node, path, method, params, right)
        if told is not None:
            return told
    return _first_of_rows(node, recording.get(_ROWS) or {})


def _queries(node: Node, recording: dict[str, Any]) -> Iterator[tuple[str, str, list[Json], Json]]:
    last = _LAST_MS // node.ledger.clock.tick_ms
    for address, answers in (recording.get("queries") or {}).items():
        for method, right in answers.items():
            params: list[Json] = [address, 0, last] if method.endswith("transfers") else [address]
            if method in node.methods:
                yield f"queries.{address}.{method}", method, params, right


def _first_of_rows(node: Node, by_address: dict[str, Any]) -> str | None:
    steps = (
        sorted(
            (int(height), address, position, rows)
            for address, listed in by_address.items()
            for position, (height, rows) in enumerate(listed)
        )
        if by_address and _ROW_METHOD in node.methods
        else []
    )
    ledger = node.ledger
    end = ledger.height, ledger.header_height
    try:
        if steps:
            ledger.stand(ledger.base_height, ledger.header_height)
        for height, address, position, rows in steps:
            if height > ledger.height:
                ledger.stand(height, ledger.header_height)
            right: Json = {"balance": rows, "address": address}
            path = f"{_ROWS}.{address}[{position}]"
            told = _difference(node, path, _ROW_METHOD, [address], right)
            if told is not None:
                return f"{told} (after block {height})"
    finally:
        ledger.stand(*end)
    return None


def _difference(node: Node, path: str, method: str, params: list[Json], right: Json) -> str | None:
    try:
        answer = document_of(node.methods[method](params))
    except RpcError as error:
        answer = {**error.error_object(node.options.profile)}
    if answer == right:
        return None
    inner, ours, theirs = first_place(answer, right)
    return f"{path}{inner}: {method} answers {shown(ours)}; recorded is {shown(theirs)}"


def first_place(ours: Json, theirs: Json) -> tuple[str, Json, Json]:
    """Where two texts that differ do so first: the path into them, and what each has there."""
    parts: list[tuple[str, Json, Json]] = []
    if isinstance(ours, dict) and isinstance(theirs, dict) and ours.keys() == theirs.keys():
        parts = [(f".{key}", ours[key], value) for key, value in theirs.items()]
    elif isinstance(ours, list) and isinstance(theirs, list):
        parts = [(f"[{at}]", *pair) for at, pair in enumerate(zip(ours, theirs, strict=False))]
    for name, one, other in parts:
        if one != other:
            inner, first, second = first_place(one, other)
            return name + inner, first, second
    return "", ours, theirs


def shown(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
