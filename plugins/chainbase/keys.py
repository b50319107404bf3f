"""Who may ask: the keys that clients show in a header, the chains they are for, and how often they may ask."""

import math
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from rpcnode.plugins.chainbase.answers import Refused
from rpcnode.primitives.records import dataclass

HEADER: Final = "x-api-key"
DEMO_KEY: Final = "demo"
"""The documentation's sample key."""

_WINDOW_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Key:
    """A key that is known; `chains` None: it is for every chain."""

    text: str
    chains: Collection[str] | None = None

    def check_chain(self, chain_id: str) -> None:
        """Raises Refused, with 403, for a chain that the key is not for."""
        if self.chains is not None and chain_id not in self.chains:
            raise Refused(403, f"the key is not for chain {chain_id!r}; it is for {', '.join(self.chains) or 'none'}")


def known_keys(configured: Sequence[str] | None, listed: Sequence[Mapping[str, Any]] | None) -> dict[str, Key]:
    """The keys by their texts: those configured, else those the fixture lists, else the sample key."""
    if configured is not None:
        return {text: Key(text) for text in configured}
    if listed is None:
        return {DEMO_KEY: Key(DEMO_KEY)}
    return {row["key"]: Key(row["key"], row.get("chains")) for row in listed}


def key_of(headers: Mapping[str, str], known: Mapping[str, Key]) -> Key:
    """The key that a request shows; raises Refused, with 401, where it shows none or one that is not known."""
    text = headers.get(HEADER)
    if text is None:
        raise Refused(401, f"the header {HEADER} is missing")
    key = known.get(text)
    if key is None:
        raise Refused(401, f"the key in the header {HEADER} is not known")
    return key


class RateLimit:
    """Lets so many requests of each key through in any one second; what it refuses does not count.

    `now` is in seconds, and never goes back.
    """

    def __init__(self, requests: int | None, now: Callable[[], float] = time.monotonic) -> None:
        self._requests = requests
        self._now = now
        self._answered: dict[str, deque[float]] = {}

    def admit(self, key: Key) -> None:
        """Counts a request; raises Refused, with 429 and the seconds to wait, where it is one too many."""
        if self._requests is None:
            return
        now = self._now()
        times = self._answered.setdefault(key.text, deque(maxlen=self._requests))
        if len(times) == self._requests and now - times[0] < _WINDOW_S:
            wait = math.ceil(_WINDOW_S - (now - times[0]))
            raise Refused(429, f"too many requests: {self._requests} a second are answered", ("Retry-After", str(wait)))
        times.append(now)
