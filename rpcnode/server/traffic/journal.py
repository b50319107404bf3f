"""The journal: which calls the node has seen, and what it answered.

Recording is on the path of every request, so it keeps what is there anyway, the bytes of the request and the text of
the answer, and parses nothing: that is done when somebody reads the journal.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import Any, Final, NamedTuple, TypeAlias

from rpcnode.primitives.json import Json

MOST_ENTRIES: Final = 2_000
MOST_BYTES: Final = 4 * 1024 * 1024
"""The bounds of a journal; the oldest entries go first."""

Source: TypeAlias = bytes | str
"""A request as it came in: the body of a POST, the query of a GET, the path and query of a REST request."""

Reader: TypeAlias = Callable[[Source], Json]
"""Gives the JSON document in a source, None where there is none."""

_SHORT: Final = 2_000  # bytes of a text that is not looked at further
_BYTES_OF_PART: Final = 16  # for each value in a text, besides its own: what it takes to read and to hold
_BYTES_OF_ROW: Final = 500  # besides request and answer
_LONGEST_AGENT: Final = 100  # characters
_LONGEST_TARGET: Final = 2_000  # characters that are kept of a REST request too long to be kept whole,
_CUT: Final = "…"  # with this after them: no request line holds it


def weight_of(text: bytes | str) -> int:
    """What a JSON text counts for in the journal: its length, and more where it has many values for it.

    A megabyte of `[],` is ten times as long in reading, and takes ten times the memory then, as one of text.
    """
    if len(text) <= _SHORT:
        return len(text)
    if isinstance(text, str):
        return len(text) + _BYTES_OF_PART * (text.count(",") + text.count("[") + text.count("{"))
    return len(text) + _BYTES_OF_PART * (text.count(b",") + text.count(b"[") + text.count(b"{"))


class Client(NamedTuple):
    """Who calls: address and port, and the User-Agent, empty where there is none. Calls of a connection share one."""

    address: str
    agent: str = ""

    @classmethod
    def of(cls, peer: Sequence[Any] | None) -> "Client":
        """The client at an address as sockets give it; None is a socket without one."""
        if not peer:
            return cls("")
        return cls(f"[{peer[0]}]:{peer[1]}" if ":" in peer[0] else f"{peer[0]}:{peer[1]}")

    def named(self, agent: str) -> "Client":
        """The same with a User-Agent."""
        return Client(self.address, agent)


def agent_of(headers: Mapping[str, str]) -> str:
    """The User-Agent in the headers of a request, or its beginning."""
    return headers.get("User-Agent", "")[:_LONGEST_AGENT]


class Entry(NamedTuple):
    """One call or REST request.

    A JSON-RPC call has a `method`, None where none could be read, and `params` as it sent them. A REST request has a
    `verb` and a `target` instead, its path and query. What was too long to be kept is missing from one that is not
    `whole`: the answer, method and params, or the end of the target.
    """

    sequence: int  # from 1, without gaps
    time_ms: int  # the chain's clock
    method: str | None
    params: Json
    answer: str | bytes | None  # a response object, or a REST body; None or empty: none was made
    seconds: float  # from the request read to the answer made
    fault_ids: tuple[str, ...]
    status: int  # of HTTP
    verb: str | None
    target: str | None
    whole: bool
    client: Client | None  # None: it came by no socket


class Note(NamedTuple):
    """What is said of an entry besides the ordinary; these members as in Entry."""

    status: int = 200
    fault_ids: tuple[str, ...] = ()
    verb: str | None = None


class _Row(NamedTuple):
    """A call as it is kept."""

    time_ms: int
    started: float  # of perf_counter, as `ended`
    ended: float
    source: Source | None  # None: too long to be kept
    reader: Reader | None  # None: a REST request
    position: int  # in a batch; -1: the request is the document
    answer: str | bytes | None  # None: too long to be kept
    note: Note | None
    size: int
    client: Client | None


_READER: Final = _Row._fields.index("reader")
_ENDED: Final = _Row._fields.index("ended")
_SIZE: Final = _Row._fields.index("size")
_ORDINARY: Final = Note()


class Journal:
    """The newest calls, and no more of them than fit; it goes on through every revert of the chain."""

    def __init__(
        self, now_ms: Callable[[], int], *, most_entries: int = MOST_ENTRIES, most_bytes: int = MOST_BYTES
    ) -> None:
        """An empty journal; `now_ms` is the chain's clock."""
        self._now_ms = now_ms
        # Plain tuples with the members of _Row, which take five times as long to make.
        self._rows: deque[tuple[Any, ...]] = deque(maxlen=most_entries)
        self._half = most_bytes // 2
        self._added = 0  # bytes, since the rows were last seen to hold no more than the half
        self._last = 0
        self._read = 0  # number of the last entry that `since` gave
        self.largest = most_bytes // 8
        """What the longest request, and the longest answer, that are kept may count for."""

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def last_sequence(self) -> int:
        """The number of the newest entry; 0 before the first."""
        return self._last

    @property
    def size(self) -> int:
        """Bytes that the entries hold."""
        return sum(_BYTES_OF_ROW + _Row._make(row).size for row in self._rows)

    def forgotten_since(self, sequence: int) -> int:
        """How many entries after that number are no longer kept."""
        return max(0, self._last - len(self._rows) - sequence)

    def add(
        self,
        source: Source | None,
        reader: Reader | None,
        answer: str | bytes | None,
        started: float,
        size: int,
        position: int = -1,
        note: Note | None = None,
        client: Client | None = None,
    ) -> None:
        """Note a call that was begun at `started`, of perf_counter, and counts for `size`: source and answer.

        It is what `reader` makes of `source`, or the element of that at `position`. Without a reader it is a REST
        request, and `source` its path and query.
        """
        if size > self.largest:
            source, answer, size = self._cut(source, reader, answer)
        self._last += 1
        row = (self._now_ms(), started, perf_counter(), source, reader, position, answer, note, size, client)
        self._rows.append(row)
        # A sum kept up to date would take the size of each row that goes as well.
        self._added += size + _BYTES_OF_ROW
        if self._added > self._half:
            self._trim()

    def take(self) -> tuple[int, list[tuple[Any, ...]]]:
        """Empties the journal; how many entries it had forgotten, and its rows, for `merge` in another process."""
        rows = [(*row[:_READER], row[_READER] is not None, *row[_READER + 1 :]) for row in self._rows]
        before = self._last - len(rows)
        self._rows.clear()
        self._last = self._added = 0
        return before, rows

    def merge(self, before: int, rows: list[tuple[Any, ...]], reader: Reader) -> None:
        """Puts rows that `take` gave in their places by time; `before` more are counted and forgotten.

        Entries that `since` has given keep their numbers: rows that come late are put after them.
        """
        if not rows:
            return
        first_ended = rows[0][_ENDED]
        newer: list[tuple[Any, ...]] = []
        while self._last - len(newer) > self._read and self._rows and self._rows[-1][_ENDED] > first_ended:
            newer.append(self._rows.pop())
        if before:
            self._rows.clear()  # they are older than rows that the other journal has forgotten
        ours = [(*row[:_READER], reader if row[_READER] else None, *row[_READER + 1 :]) for row in rows]
        self._rows.extend(sorted((*reversed(newer), *ours), key=lambda row: row[_ENDED]))
        self._last += before + len(rows)
        self._added += sum(row[_SIZE] + _BYTES_OF_ROW for row in rows)
        if self._added > self._half:
            self._trim()

    def since(self, sequence: int = 0) -> list[Entry]:
        """The entries after that number, oldest first."""
        self._read = self._last
        entries = []
        documents: dict[int, Json] = {}  # by the identity of their texts, which other calls may stand between
        first = self._last - len(self._rows) + 1
        for number, row in enumerate(map(_Row._make, self._rows), start=first):
            if number <= sequence:
                continue
            source, document = row.source, None
            if row.reader is not None and source is not None:
                if id(source) not in documents:
                    documents[id(source)] = row.reader(source)
                document = documents[id(source)]
            entries.append(_entry(number, row, document))
        return entries

    def _cut(
        self, source: Source | None, reader: Reader | None, answer: str | bytes | None
    ) -> tuple[Source | None, str | bytes | None, int]:
        """What is kept of a call that holds too much, and the size of that."""
        if source is not None and weight_of(source) > self.largest:
            source = f"{str(source)[:_LONGEST_TARGET]}{_CUT}" if reader is None else None
        if answer is not None and weight_of(answer) > self.largest:
            answer = None
        return source, answer, weight_of(source or "") + weight_of(answer or "")

    def _trim(self) -> None:
        """Forget the oldest until the rest holds no more than the half, so that the other half can be added."""
        excess = self.size - self._half
        while excess > 0:
            excess -= _BYTES_OF_ROW + _Row._make(self._rows.popleft()).size
        self._added = 0


def _entry(number: int, row: _Row, document: Json) -> Entry:
    note = row.note or _ORDINARY
    method, params, target = None, None, None
    whole = row.source is not None and row.answer is not None
    if row.reader is None:
        target = str(row.source)
        whole = whole and not target.endswith(_CUT)
    else:
        request = document[row.position] if row.position >= 0 and isinstance(document, list) else document
        if isinstance(request, dict):
            named, params = request.get("method"), request.get("params")
            method = named if isinstance(named, str) else None
    return Entry(
        sequence=number,
        time_ms=row.time_ms,
        method=method,
        params=params,
        answer=row.answer,
        seconds=row.ended - row.started,
        fault_ids=note.fault_ids,
        status=note.status,
        verb=note.verb,
        target=target,
        whole=whole,
        client=row.client,
    )
