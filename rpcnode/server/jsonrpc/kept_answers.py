"""Answers that were given before, for as long as nothing changes: clients poll, and most ask the same again."""

import re
from collections.abc import Callable, Collection, Hashable
from typing import Final, NamedTuple, TypeAlias

from rpcnode.primitives.json import Json
from rpcnode.primitives.kept_table import KeptTable
from rpcnode.server.jsonrpc.reply import Reply

MOST_BYTES: Final = 16 * 1024 * 1024
"""What all that is kept takes at most, half of it whole replies and half results."""

_AROUND: Final = 300  # bytes that an entry takes besides its texts
_SHORT: Final = 64 * 1024  # bytes of a request whose answer is kept

_ANSWER: Final = '{"jsonrpc":"2.0","id":'
_DIGITS: Final = rb"(0|[1-9][0-9]{0,8})"  # of a number that every node gives back as it came
_ID_FIRST: Final = re.compile(rb'\{(?:"jsonrpc": ?"2\.0", ?)?"id": ?' + _DIGITS + rb",").match
_ID_LAST: Final = re.compile(rb', ?"id": ?' + _DIGITS + rb"\}").fullmatch
_LONGEST_LAST: Final = len(', "id": 123456789}')

Place: TypeAlias = tuple[tuple[str, str], Hashable]
"""A method with the text of its parameters, and the revision in which the work on its result began."""


class KeptReply(NamedTuple):
    """The reply to a body, as it goes out and as the journal has it; `weight` is of both there, `name` the method's."""

    reply: Reply
    body: bytes
    text: str
    weight: int
    name: str


class KeptAnswers:
    """Results by method and parameters, and replies by the bytes of their request, of one revision of the node.

    `revision` tells a value that is another one whenever anything has changed that the named methods read. Those are
    declared so (`rpc_method`); what they raise is not kept.
    """

    __slots__ = ("_by_id", "_of", "_replies", "_results", "_revision", "names")

    def __init__(self, names: Collection[str], revision: Callable[[], Hashable], most_bytes: int = MOST_BYTES) -> None:
        self.names: Final = frozenset(names)
        self._revision: Final = revision
        self._of: Hashable = None
        self._replies: Final[KeptTable[bytes, KeptReply]] = KeptTable(most_bytes // 4)
        self._by_id: Final[KeptTable[tuple[bytes, bytes], KeptReply]] = KeptTable(most_bytes // 4)
        self._results: Final[KeptTable[tuple[str, str], str]] = KeptTable(most_bytes // 2)

    def revision(self) -> Hashable:
        """What stands now; what was kept of anything else is forgotten."""
        revision = self._revision()
        if revision != self._of:
            self._of = revision
            self._replies.clear()
            self._by_id.clear()
            self._results.clear()
        return revision

    def reply_to(self, body: bytes) -> KeptReply | None:
        """The reply that was given to the same bytes."""
        if len(body) > _SHORT:
            return None
        self.revision()
        known = self._replies.get(body)
        return self._reply_by_id(body) if known is None else known

    def keep_reply(self, reply: Reply, body: bytes, text: str, weight: int, name: str) -> None:
        """Keeps the reply to a body whose result is kept."""
        if len(body) <= _SHORT:
            size = len(body) + len(reply.body) + len(text) + _AROUND
            kept = KeptReply(reply, body, text, weight, name)
            self._replies.keep(body, kept, size)
            span = _span_of_id(body)
            if span is not None and text.startswith(f"{_ANSWER}{body[span[0] : span[1]].decode()},"):
                self._by_id.keep(_around(body, span), kept, size)

    def _reply_by_id(self, body: bytes) -> KeptReply | None:
        """The reply that was given to the same bytes but for a number that is the id: many clients count."""
        span = _span_of_id(body)
        known = None if span is None else self._by_id.get(_around(body, span))
        if span is None or known is None:
            return None
        number = body[span[0] : span[1]].decode()
        rest = known.text[known.text.index(",", len(_ANSWER)) :]
        text = f"{_ANSWER}{number}{rest}"
        longer = len(text) - len(known.text)  # as is the body
        reply = known.reply._replace(body=text.encode())
        return KeptReply(reply, body, text, known.weight + 2 * longer, known.name)

    def place_of(self, name: str, params: list[Json], size: int) -> Place | None:
        """Where the result of a call belongs, whose request counts for so many bytes; None where it is not kept."""
        if name not in self.names or size > _SHORT:
            return None
        # Of two lists that are equal in Python, as [1] and [true] are, the texts differ.
        return (name, repr(params)), self.revision()

    def result(self, place: Place) -> str | None:
        """The text of a result that was given to the same parameters."""
        return self._results.get(place[0])

    def keep_result(self, place: Place, text: str) -> bool:
        """Keeps a result; false where something has changed since its work began."""
        key, revision = place
        if revision != self.revision():
            return False
        self._results.keep(key, text, len(text) + len(key[1]) + _AROUND)
        return True


def _span_of_id(body: bytes) -> tuple[int, int] | None:
    """Where the id of a request stands that is a number, and its first member after `jsonrpc` or its last."""
    found = _ID_FIRST(body)
    if found is None and b"/" not in body:  # it might be a comment that ends so
        start = body.rfind(b",", -_LONGEST_LAST)
        found = None if start < 0 else _ID_LAST(body, start)
    return None if found is None else found.span(1)


def _around(body: bytes, span: tuple[int, int]) -> tuple[bytes, bytes]:
    return body[: span[0]], body[span[1] :]


NOTHING_KEPT: Final = KeptAnswers((), lambda: None)
