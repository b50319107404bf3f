"""Counts calls and REST requests: how many of each, how long they took, and which errors were answered.

It is cheap. What is counted is read by whoever is asked for metrics.
"""

from bisect import bisect_left
from collections.abc import Collection, Mapping
from typing import Final

BUCKETS: Final = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper ends, in seconds, of the classes into which the times of calls fall; a last one has what takes longer."""

UNKNOWN: Final = "unknown"
"""Counts for all methods and REST paths that do not exist, so that calls of them make no rows of their own."""

OTHER: Final = "other"
"""Stands for error codes beyond the first `_MOST_CODES` different ones; faults set on purpose may have any."""

_MOST_CODES: Final = 100
_OF_WEBSOCKET: Final = ("subscribe", "unsubscribe")


class CallTimes:
    """The calls of one method, or of one route: how many fell into each class of time, and their seconds together."""

    __slots__ = ("classes", "seconds")

    def __init__(self) -> None:
        self.classes = [0] * (len(BUCKETS) + 1)
        self.seconds = 0.0

    def add(self, seconds: float) -> None:
        """Counts one."""
        self.classes[bisect_left(BUCKETS, seconds)] += 1
        self.seconds += seconds


class CallMeter:
    """What was called since the node started; a call that waits for its answer is not counted yet."""

    __slots__ = ("_known", "calls", "errors", "rest", "rest_errors")

    def __init__(self, known: Collection[str] | None = None) -> None:
        """Calls of other methods than those `known`, and the two of the websocket, count as `UNKNOWN`."""
        self._known = known
        self.calls: Final[dict[str, CallTimes]] = {}
        """By method; only of those that there are, and of `UNKNOWN`."""
        self.errors: Final[dict[int | str, int]] = {}
        """By code."""
        self.rest: Final[dict[str, CallTimes]] = {}
        """REST requests, by the name of their face for them, or their route."""
        self.rest_errors: Final[dict[int, int]] = {}
        """REST requests answered with 400 or above, by status."""

    def count(self, method: str, seconds: float) -> None:
        """Counts a call, which took so long."""
        times = self.calls.get(method)
        if times is None:
            if self._known is not None and method not in self._known and method not in _OF_WEBSOCKET:
                method = UNKNOWN
            times = self.calls.setdefault(method, CallTimes())
        # As `add`, without a call of it: every request comes here.
        times.classes[bisect_left(BUCKETS, seconds)] += 1
        times.seconds += seconds

    def count_rest(self, template: str, status: int, seconds: float) -> None:
        """Counts a REST request, which took so long; there are few templates."""
        self.rest.setdefault(template, CallTimes()).add(seconds)
        if status >= 400:
            self.rest_errors[status] = self.rest_errors.get(status, 0) + 1

    def take(self) -> "tuple[dict[str, tuple[list[int], float]], dict[int | str, int]]":
        """Empties the counts of calls and their errors; what they were, for `merge` in another process."""
        taken = {name: (times.classes, times.seconds) for name, times in self.calls.items()}
        errors = dict(self.errors)
        self.calls.clear()
        self.errors.clear()
        return taken, errors

    def merge(self, calls: Mapping[str, tuple[list[int], float]], errors: Mapping[int | str, int]) -> None:
        """Adds what another meter counted."""
        for name, (classes, seconds) in calls.items():
            times = self.calls.setdefault(name, CallTimes())
            times.classes = [ours + theirs for ours, theirs in zip(times.classes, classes, strict=True)]
            times.seconds += seconds
        for code, count in errors.items():
            known = code if code in self.errors or len(self.errors) < _MOST_CODES else OTHER
            self.errors[known] = self.errors.get(known, 0) + count

    def count_error(self, code: object) -> None:
        """Counts an error that was answered."""
        errors = self.errors
        known: int | str = code if isinstance(code, int) and (code in errors or len(errors) < _MOST_CODES) else OTHER
        errors[known] = errors.get(known, 0) + 1
