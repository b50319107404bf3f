"""The recordings: which script was asked on which chain, and what was answered."""

import gzip
import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from rpcnode.payloads.block import Block
from tests.oracles.asking import World
from tests.oracles.world import Blocks, Rows, ids_of, rows_of, settings_of

SHARED: Final = Path(__file__).parents[3] / "shared" / "data"
ORACLES: Final = SHARED / "csharp-oracles"
SETS: Final = ("vm", "vm2", "refs", "gas", "natives", "stdlib", "crypto", "syscalls")


SETTINGS: Final = ("chain", "gorgon", *map(str, range(8)))
"""The chain as it is, with Gorgon, and genesis blocks with no hardfork, with one, with one more each."""


def is_here() -> bool:
    """Whether the recordings lie beside the project."""
    return ORACLES.is_dir()


def read(path: Path) -> Any:
    """A recording."""
    with gzip.open(path, "rt", encoding="utf-8", errors="surrogatepass") as file:
        return json.load(file)


@dataclass(frozen=True)
class Question:
    """One script on one world, and its recorded answer, in the form of the sets."""

    index: int
    world: World
    signers: Any
    case: list[Any]


@dataclass(frozen=True)
class Recordings:
    """Where the parts of a recording come from, each in the form of ../shared/data.

    `oracle` gives a file of csharp-oracles by its name: one of SETS, `gorgon` or `hardforks`.
    """

    oracle: Callable[[str], Any]
    chain: Callable[[], Any]
    natives: Callable[[], Any]


@lru_cache(maxsize=4)
def oracle(name: str) -> Any:
    """A file of the whole recording."""
    return read(ORACLES / f"{name}.json.gz")


@lru_cache
def chain() -> Any:
    """The recorded chain that the sets were asked on."""
    return read(SHARED / "csharp-chain.json.gz")


ALL: Final = Recordings(oracle, chain, lambda: read(SHARED / "csharp-natives.json.gz"))
"""All that was recorded."""


@lru_cache
def chain_world(recordings: Recordings = ALL, is_gorgon: bool = False) -> World:
    """The chain after its last block; with Gorgon from that block on, if asked for."""
    recorded = recordings.chain()
    rows = rows_of(recorded["storages"], ids_of(recorded["contracts"]))
    protocol = recorded["version"]["protocol"]
    if is_gorgon:
        other = recordings.oracle("gorgon")
        protocol = {**protocol, "hardforks": other["version"]["protocol"]["hardforks"]}
        for contract, changed in other["storages_that_differ"].items():
            contract_id = ids_of(recorded["contracts"])[contract]
            for key, value in changed.items():
                if value is None:
                    rows.pop((contract_id, b64decode(key)), None)
                else:
                    rows[contract_id, b64decode(key)] = b64decode(value)
    blocks = Blocks([Block.parse(b64decode(block["raw"])) for block in recorded["blocks"]])
    return World(Rows(rows), blocks, settings_of(protocol))


@lru_cache
def genesis_worlds(recordings: Recordings = ALL) -> list[World]:
    """Chains of a genesis block alone, one for each setting of hardforks."""
    natives = recordings.natives()["settings"]
    genesis = Block.parse(b64decode(recordings.chain()["blocks"][0]["raw"]))
    worlds = []
    for setting in recordings.oracle("hardforks")["settings"]:
        recorded = natives[name_of_setting(setting)]
        rows = {
            (native["id"], b64decode(key)): b64decode(value)
            for native in recorded["getnativecontracts"]
            for key, value in recorded["storage_at_genesis"].get(native["manifest"]["name"], ())
        }
        worlds.append(World(Rows(rows), Blocks([genesis]), settings_of(setting["version"]["protocol"])))
    return worlds


def name_of_setting(setting: Any) -> str:
    """What the natives of a setting of hardforks are listed under: its last hardfork."""
    return str(setting["hardforks"][-1]) if setting["hardforks"] else "none"


def questions(name: str, setting: str = "chain", recordings: Recordings = ALL) -> Iterator[Question]:
    """The questions of a set under one of SETTINGS."""
    recorded = recordings.oracle(name)
    cases, signers = recorded["cases"], recorded["signers"]
    if setting == "gorgon":
        world = chain_world(recordings, is_gorgon=True)
        changed = {row[0]: row for row in recordings.oracle("gorgon")["sets"].get(name, ())}
        for index, case in enumerate(cases):
            answer = [*case[:2], *changed[index][1:6], *case[7:]] if index in changed else case
            yield Question(index, world, signers[case[1] or 0], answer)
    elif setting != "chain":
        number = int(setting)
        world = genesis_worlds(recordings)[number]
        for index, answers in recordings.oracle("hardforks")["sets"].get(name, {}).items():
            case = cases[int(index)]
            given = [row for row in answers if row[0] <= number][-1:]
            if given and given[0][1] is not None:
                answer = [*case[:2], *given[0][1:6], *case[7:]]
                yield Question(int(index), world, signers[case[1] or 0], answer)
    else:
        world = chain_world(recordings)
        for index, case in enumerate(cases):
            yield Question(index, world, signers[case[1] or 0], case)
