"""A part of the recordings that lies in the project: `python -m tests.oracles.sample` draws it anew from all of them.

It has the form of the whole: the sets, what Gorgon and the other hardforks change in the answers, and the storage of
genesis blocks. The chain that was asked is tests/data/csharp-rpc/chain.json.gz.
"""

import json
import lzma
from functools import lru_cache
from random import Random
from typing import Any, Final

from tests.oracles.recorded import ALL, SETS, Recordings, name_of_setting, read
from tests.recorded_answers import DATA
from tests.recorded_answers import read as unpack

FILE: Final = DATA / "csharp-oracles" / "sample.json.xz"
SIZES: Final = {
    "vm": 420,
    "vm2": 380,
    "refs": 200,
    "gas": 260,
    "natives": 500,
    "stdlib": 400,
    "crypto": 150,
    "syscalls": 400,
}
"""How many cases of each set are drawn."""

CHANGED: Final = 12
"""How many more of those that Gorgon changes, and twice as many of those that were asked under every hardfork."""

LONGEST: Final = 4000
"""Characters of a case; longer ones are not drawn."""

_SEED: Final = 1


@lru_cache
def sample() -> Any:
    """The part that lies in the project."""
    return unpack(FILE)


@lru_cache
def chain() -> Any:
    """The chain that was asked."""
    return read(DATA / "csharp-rpc" / "chain.json.gz")


PART: Final = Recordings(lambda name: sample()["oracles"][name], chain, lambda: sample()["natives"])
"""The same as recordings to ask."""


def drawn() -> Any:
    """A new sample."""
    gorgon, hardforks = ALL.oracle("gorgon"), ALL.oracle("hardforks")
    oracles: dict[str, Any] = {}
    changed: dict[str, Any] = {}
    answered: dict[str, Any] = {}
    for name in SETS:
        recorded, random = ALL.oracle(name), Random(f"{name} {_SEED}")
        of_gorgon = {row[0]: row for row in gorgon["sets"].get(name, ())}
        of_hardforks = hardforks["sets"].get(name, {})
        short = [index for index, case in enumerate(recorded["cases"]) if len(json.dumps(case)) <= LONGEST]
        chosen = set(random.sample(short, SIZES[name]))
        for more, count in ((of_gorgon, CHANGED), (map(int, of_hardforks), 2 * CHANGED)):
            known = set(more)
            listed = [index for index in short if index in known]
            chosen.update(random.sample(listed, min(count, len(listed))))
        places = {index: place for place, index in enumerate(sorted(chosen))}
        cases = [recorded["cases"][index] for index in places]
        oracles[name] = {"signers": recorded["signers"], "cases": cases}
        changed[name] = [[place, *of_gorgon[index][1:]] for index, place in places.items() if index in of_gorgon]
        answered[name] = {
            str(place): of_hardforks[str(index)] for index, place in places.items() if str(index) in of_hardforks
        }
    kept = {key: gorgon[key] for key in ("version", "storages_that_differ")}
    oracles["gorgon"] = {**kept, "sets": changed}
    oracles["hardforks"] = {"settings": hardforks["settings"], "sets": answered}
    return {"oracles": oracles, "natives": {"settings": _natives(hardforks["settings"])}}


def _natives(settings: Any) -> dict[str, Any]:
    """The storage of genesis blocks, and the ids that it is listed by."""
    recorded = ALL.natives()["settings"]
    return {
        name: {
            "getnativecontracts": [
                {"id": native["id"], "manifest": {"name": native["manifest"]["name"]}}
                for native in recorded[name]["getnativecontracts"]
            ],
            "storage_at_genesis": recorded[name]["storage_at_genesis"],
        }
        for name in map(name_of_setting, settings)
    }


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_bytes(lzma.compress(json.dumps(drawn(), separators=(",", ":")).encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{FILE}: {FILE.stat().st_size} bytes")
