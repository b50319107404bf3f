"""One client's subscriptions, and the events that wait until it takes them."""

import asyncio
import re
from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple

from rpcnode.primitives.json import Json
from rpcnode.server.websocket.events import MISSED, NOTARY_STREAM, Event, Stream
from rpcnode.server.websocket.filters import AddressOf, Matches, read_filter
from rpcnode.server.websocket.limits import WebSocketLimits
from rpcnode.server.websocket.refusals import BadSubscription, NoRoomForSubscription

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}").fullmatch


class Subscription(NamedTuple):
    """A stream, what its events have to pass, and the height at which it began."""

    stream: Stream
    matches: Matches | None
    since: int

    def takes(self, event: Event) -> bool:
        """Whether an event is for it."""
        if event.stream is not self.stream or 0 <= event.block_index <= self.since:
            return False
        return self.matches is None or self.matches(event)


class Subscriber:
    """A client, as those see it who have events to tell.

    Events wait in a queue. Where it is full, further ones are lost until the client has taken one; then `event_missed`
    comes in their place.
    """

    def __init__(self, limits: WebSocketLimits, address_of: AddressOf, height: Callable[[], int]) -> None:
        """`height` is that of the chain."""
        self._limits = limits
        self._address_of = address_of
        self._height = height
        self._slots: list[Subscription | None] = [None] * limits.subscriptions
        self._waiting: deque[str] = deque()
        self._characters = 0
        self._is_overflown = False
        self._something = asyncio.Event()
        self.missed = 0
        """How often it was told that it missed something."""

    @property
    def streams(self) -> set[Stream]:
        """What it is subscribed to."""
        return {slot.stream for slot in self._slots if slot is not None}

    @property
    def subscriptions(self) -> int:
        """How many it has."""
        return sum(slot is not None for slot in self._slots)

    @property
    def waiting(self) -> int:
        """How many events wait for it."""
        return len(self._waiting)

    def subscribe(self, params: list[Json]) -> str:
        """A new subscription by stream and filter: its id. Raises BadSubscription, NoRoomForSubscription."""
        name = params[0] if params else None
        if name == NOTARY_STREAM:
            raise BadSubscription("P2PSigExtensions are disabled")
        if not isinstance(name, str) or name not in _STREAMS:
            raise BadSubscription
        stream = Stream(name)
        matches = read_filter(stream, params[1] if len(params) > 1 else None, self._address_of)
        for number, slot in enumerate(self._slots):
            if slot is None:
                self._slots[number] = Subscription(stream, matches, self._height())
                return str(number)
        raise NoRoomForSubscription

    def unsubscribe(self, params: list[Json]) -> bool:
        """Ends a subscription; its id may be text or a number. Raises BadSubscription for one that there is not."""
        given = params[0] if params else None
        number = int(given) if isinstance(given, int) or (isinstance(given, str) and _NUMBER(given)) else -1
        if not 0 <= number < len(self._slots) or self._slots[number] is None:
            raise BadSubscription
        self._slots[number] = None
        return True

    def offer(self, event: Event) -> None:
        """Has the event wait for the client once, if any of its subscriptions takes it."""
        if self._is_overflown or not any(slot is not None and slot.takes(event) for slot in self._slots):
            return
        self._put(event.text)

    def miss(self, streams: frozenset[Stream] | None = None) -> None:
        """Tells the client, if it is subscribed to any of the streams, that there is something it does not get."""
        wanted = self.streams if streams is None else self.streams & streams
        if wanted and not self._is_overflown and not (self._waiting and self._waiting[-1] is MISSED):
            self._put(MISSED)

    def chain_went_back(self, height: int) -> None:
        """Blocks above a height are no more: those that come in their place are news again."""
        self._slots = [None if slot is None else slot._replace(since=min(slot.since, height)) for slot in self._slots]
        self.miss()

    async def next_event(self) -> str:
        """The text of the next event, waited for."""
        while not self._waiting:
            self._something.clear()
            await self._something.wait()
        text = self._waiting.popleft()
        self._characters -= len(text)
        if text is MISSED:
            self.missed += 1
        if self._is_overflown:
            self._is_overflown = False
            self._put(MISSED)
        return text

    def _put(self, text: str) -> None:
        limits = self._limits
        is_full = len(self._waiting) >= limits.queue or self._characters + len(text) > limits.queue_bytes
        if self._waiting and is_full:
            self._is_overflown = True
            return
        self._waiting.append(text)
        self._characters += len(text)
        self._something.set()


_STREAMS: Final = frozenset(stream.value for stream in Stream)
