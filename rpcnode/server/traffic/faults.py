"""Faults: calls that go wrong on purpose, so that a client's answer to trouble can be tested.

A fault that is due strikes one call. An `ErrorAnswer` takes the place of that call's result, in a batch of one element
alone; the other effects strike the HTTP exchange that carries the call. What is struck by an ErrorAnswer is not
executed, of an exchange struck by an HttpStatus nothing is; of one that is delayed, dropped or cut short everything is.
So a fault costs an answer, never a half-made change.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log
from typing import TYPE_CHECKING, Final, TypeAlias

from rpcnode.primitives.json import Json
from rpcnode.server.traffic.call_pattern import DEV_PREFIX, CallPattern

if TYPE_CHECKING:
    from random import Random

SPARED: Final = "rpc.discover"
"""Struck by no fault, as the dev methods: somebody has to be able to see what goes on, and to end it."""

LONGEST_LATENCY_MS: Final = 600_000.0
"""What the latency of one exchange is cut to."""


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """The call is answered by an error object, and not executed."""

    error: Mapping[str, Json]  # code, message and perhaps data, as they stand on the wire


@dataclass(frozen=True, slots=True)
class HttpStatus:
    """The request is answered by a status and an empty body, and nothing of it is executed."""

    status: int


@dataclass(frozen=True, slots=True)
class Drop:
    """The request is executed, and the connection reset instead of an answer."""


@dataclass(frozen=True, slots=True)
class Truncate:
    """The request is executed, its answer announced whole, sent in part, and the connection closed.

    At least one byte of the body is kept back; an empty body has none.
    """

    sent: int | None = None  # bytes of the body; None: half of it


@dataclass(frozen=True, slots=True)
class Latency:
    """The request is executed at once, and its answer kept back for a time drawn from a distribution, in ms."""

    draw_ms: "Callable[[Random], float]"


Effect: TypeAlias = ErrorAnswer | HttpStatus | Drop | Truncate | Latency


def fixed(ms: float) -> "Callable[[Random], float]":
    """The same every time."""
    return lambda _: ms


def uniform(least_ms: float, most_ms: float) -> "Callable[[Random], float]":
    """Every value between two equally likely."""
    return lambda random: random.uniform(least_ms, most_ms)


def log_normal(median_ms: float, sigma: float) -> "Callable[[Random], float]":
    """Mostly near the median, with a long tail above it: of sigma 0.5, one in a hundred is above 3.2 medians."""
    middle = log(median_ms)
    return lambda random: random.lognormvariate(middle, sigma)


@dataclass(frozen=True, slots=True)
class Strike:
    """What faults do to one call, or to the exchange that carries it."""

    fault_ids: tuple[str, ...]
    effect: ErrorAnswer | HttpStatus | Drop | Truncate | None  # None: late, and nothing else
    latency_seconds: float = 0.0

    @property
    def error(self) -> Mapping[str, Json] | None:
        """The error object that takes the place of the call's result, if one does."""
        return self.effect.error if isinstance(self.effect, ErrorAnswer) else None

    @property
    def status(self) -> int | None:
        """The HTTP status that takes the place of everything; None where there is an answer to be made."""
        return self.effect.status if isinstance(self.effect, HttpStatus) else None


@dataclass(slots=True)
class Fault:
    """One fault that is set.

    Its turn begins at the `nth` call that `pattern` means, counted from 1 and from when it was set, and ends after
    `times` strikes, None for never. While it lasts each call is struck with `probability`.
    """

    id: str
    pattern: CallPattern
    effect: Effect
    random: "Random"
    nth: int = 1
    times: int | None = None
    probability: float = 1.0
    spec: Mapping[str, Json] = field(default_factory=dict)  # as the user gave it,
    weight: int = 0  # and what that counts for
    seen: int = 0
    struck: int = 0

    @property
    def is_spent(self) -> bool:
        """Whether it will strike no more."""
        return self.times is not None and self.struck >= self.times

    def strikes(self) -> bool:
        """Whether it strikes the call that was just counted, which is drawn here where chance decides."""
        return self.seen >= self.nth and (self.probability >= 1.0 or self.random.random() < self.probability)


class Faults:
    """The faults that are set, in that order.

    Each counts the calls that its pattern means, whatever the others do. Of those due with an effect on the answer the
    first strikes and the others wait for another call; latencies add to each other and to it.
    """

    def __init__(self, seed: str, tell: Callable[[bool], None] = lambda _: None) -> None:
        """`tell` is called with whether any are set, when faults come and go."""
        self._seed = seed
        self._tell = tell
        self._faults: list[Fault] = []
        self._given = 0

    def set(
        self,
        pattern: CallPattern,
        effect: Effect,
        *,
        nth: int = 1,
        times: int | None = None,
        probability: float = 1.0,
        seed: str | None = None,
        spec: Mapping[str, Json] | None = None,
        weight: int = 0,
    ) -> str:
        """Set a fault; its id, `fault-1` and so on.

        The same `spec`, which is the fault as the user gave it, draws the same numbers under the same seed, None for
        the chain's.
        """
        import json
        from random import Random

        self._given += 1
        fault = Fault(
            id=f"fault-{self._given}",
            pattern=pattern,
            effect=effect,
            random=Random(json.dumps([self._seed if seed is None else seed, spec], sort_keys=True)),
            nth=nth,
            times=times,
            probability=probability,
            spec=spec or {},
            weight=weight,
        )
        self._keep([*self._faults, fault])
        return fault.id

    def clear(self, fault_id: str | None = None) -> int:
        """Take back one fault, or all of them; how many were still set."""
        kept = [] if fault_id is None else [fault for fault in self._faults if fault.id != fault_id]
        cleared = len(self._faults) - len(kept)
        self._keep(kept)
        return cleared

    def was_given(self, fault_id: str) -> bool:
        """Whether a fault ever had that id."""
        return fault_id in {f"fault-{number}" for number in range(1, self._given + 1)}

    def listed(self) -> list[Fault]:
        """The faults that are set."""
        return list(self._faults)

    def on_call(self, method: str, params: Json) -> Strike | None:
        """What strikes a JSON-RPC call, which is counted; nothing ever strikes the methods that end faults."""
        if method.startswith(DEV_PREFIX) or method == SPARED:
            return None
        return self._strike([fault for fault in self._faults if fault.pattern.means_call(method, params)])

    def on_path(self, target: str) -> Strike | None:
        """What strikes a REST request, which is counted; `target` is its path and query."""
        return self._strike([fault for fault in self._faults if fault.pattern.means_path(target)])

    def on_exchange(self, calls: Sequence[Strike | None]) -> tuple[list[Strike | None], Strike | None]:
        """What strikes each call of an exchange, the ids of what strikes all added, and what strikes the exchange.

        Of several effects on it that is the first; latencies add up.
        """
        effect: HttpStatus | Drop | Truncate | None = None
        latency = 0.0
        ids: dict[str, None] = {}
        for strike in calls:
            if strike is None or (strike.error is not None and not strike.latency_seconds):
                continue
            latency += strike.latency_seconds
            ids.update(dict.fromkeys(strike.fault_ids))
            if effect is None and not isinstance(strike.effect, ErrorAnswer):
                effect = strike.effect
        if not ids:
            return list(calls), None
        whole = Strike(tuple(ids), effect, min(latency, LONGEST_LATENCY_MS / 1000))
        return [
            whole
            if strike is None
            else replace(strike, fault_ids=tuple(dict.fromkeys(strike.fault_ids + whole.fault_ids)))
            for strike in calls
        ], whole

    def _strike(self, meant: list[Fault]) -> Strike | None:
        effect: ErrorAnswer | HttpStatus | Drop | Truncate | None = None
        latency_ms = 0.0
        ids = []
        for fault in meant:
            fault.seen += 1
            is_late = isinstance(fault.effect, Latency)
            if (effect is not None and not is_late) or not fault.strikes():
                continue
            fault.struck += 1
            ids.append(fault.id)
            if isinstance(fault.effect, Latency):
                latency_ms += fault.effect.draw_ms(fault.random)
            else:
                effect = fault.effect
        if not ids:
            return None
        self._keep([fault for fault in self._faults if not fault.is_spent])
        return Strike(tuple(ids), effect, min(latency_ms, LONGEST_LATENCY_MS) / 1000)

    def _keep(self, faults: list[Fault]) -> None:
        self._faults = faults
        self._tell(bool(faults))
