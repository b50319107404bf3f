"""The stories: what each chain is about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

from tests.oracles.neogo.forks import forks
from tests.oracles.neogo.limits import rollbacks
from tests.oracles.neogo.live import HARDFORKS, LiveNode
from tests.oracles.neogo.people import keys_of
from tests.oracles.neogo.services import services
from tests.oracles.neogo.storms import rows, storm
from tests.oracles.neogo.teller import Teller
from tests.oracles.neogo.votes import returns, votes

TO_GORGON: Final = dict.fromkeys(HARDFORKS, 0)
TO_FAUN: Final = dict.fromkeys(HARDFORKS[:-1], 0)


@dataclass(frozen=True)
class Story:
    """Told to a chain of so many keys, of whom the first `committee` are standby members; it ends past `height`."""

    tell: Callable[[Teller], None]
    keys: int = 1
    committee: int = 1
    hardforks: Mapping[str, int] = field(default_factory=lambda: TO_GORGON)
    height: int = 100


STORIES: Final[Mapping[str, Story]] = {
    "storm": Story(storm),
    "rows": Story(rows),
    "votes": Story(votes, keys=4, committee=3, hardforks=TO_FAUN),
    "services": Story(services, keys=3),
    "rollbacks": Story(rollbacks, keys=4, committee=3, hardforks=TO_FAUN),
    "returns": Story(returns, keys=4, committee=3),
    "forks": Story(forks, hardforks={name: 12 * (place + 1) for place, name in enumerate(HARDFORKS)}),
}


def recorded_story(name: str, seed: str, binary: Path) -> Any:
    """What a story has become on a node of its own, and what is recorded of that."""
    story = STORIES[name]
    keys, users = keys_of(f"{name}/{seed}/key", story.keys), keys_of(f"{name}/{seed}/user", 6)
    with TemporaryDirectory() as directory:
        node = LiveNode(binary, Path(directory), (*keys, *users), keys[: story.committee], story.hardforks)
        with node:
            teller = Teller(node, Random(f"{name}/{seed}"), keys, users)
            story.tell(teller)
            teller.wait_until(story.height)
            return teller.record()
