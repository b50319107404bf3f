"""Gives each difference between a recording and this project its reason, by playing the chain by neo-go's rules."""

from dataclasses import dataclass, field
from typing import Any, Final

from tests.oracles.neogo.compare import Comparison, Place, compare
from tests.oracles.neogo.reasons.rules import RULES, neo_go_rules

SEEING: Final = "where they differ"
"""The label of calls that show what no rule here imitates, and leave the same rows (`differences.py`)."""

SEEING_WHY: Final = "texts of caught faults, and what iterators see that are written to, are each node's own"
_SEEN: Final = (f"{SEEING} (stack)", f"{SEEING} (gasconsumed, stack)")


@dataclass
class Explained:
    """`found` by neo-cli's rules, the places by reason, and those where a difference remains by all rules of neo-go."""

    found: Comparison
    reasons: dict[str, set[Place]] = field(default_factory=dict)
    without: dict[Place, str] = field(default_factory=dict)


def explain(recorded: Any) -> Explained:
    """Adds one rule of neo-go after another, until nothing differs; a rule explains what is gone with it."""
    found = last = compare(recorded)
    seen = {place for place, wrong in found.wrong_logs.items() if wrong.label in _SEEN}
    told = Explained(found, {SEEING_WHY: seen} if seen else {})
    left = found.places - seen
    for count, rule in enumerate(RULES, start=1):
        if not left:
            break
        with neo_go_rules(RULES[:count]):
            last = compare(recorded)
        remaining = last.places - seen
        if gone := left - remaining:
            told.reasons[f"{rule.name}: {rule.why}"] = gone
        left = remaining
    for place in sorted(left):
        wrong = last.wrong_logs.get(place)
        rows = [row for row in last.wrong_rows if row.startswith(f"block {place[0]}:")]
        told.without[place] = "\n".join(rows) if wrong is None else f"{wrong.label}: {wrong.told}"
    return told
