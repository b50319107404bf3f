"""The recordings: which script was asked on which chain, and what was answered."""

import gzip
import json
from base64 import b64decode
from collections.abc import Iterator
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


@lru_cache
def chain() -> Any:
    """The recorded chain that the sets were asked on."""
    return read(SHARED / "csharp-chain.json.gz")


@lru_cache
def chain_world(is_gorgon: bool = False) -> World:
    """That chain after its last block; with Gorgon from that block on, if asked for."""
    recorded = chain()
    rows = rows_of(recorded["storages"], ids_of(recorded["contracts"]))
    protocol = recorded["version"]["protocol"]
    if is_gorgon:
        other = read(ORACLES / "gorgon.json.gz")
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
def genesis_worlds() -> list[World]:
    """Chains of a genesis block alone, one for each setting of hardforks."""
    settings = read(ORACLES / "hardforks.json.gz")["settings"]
    natives = read(SHARED / "csharp-natives.json.gz")["settings"]
    genesis = Block.parse(b64decode(chain()["blocks"][0]["raw"]))
    worlds = []
    for setting in settings:
        name = setting["hardforks"][-1] if setting["hardforks"] else "none"
        recorded = natives[name]
        rows = {
            (native["id"], b64decode(key)): b64decode(value)
            for native in recorded["getnativecontracts"]
            for key, value in recorded["storage_at_genesis"].get(native["manifest"]["name"], ())
        }
        worlds.append(World(Rows(rows), Blocks([genesis]), settings_of(setting["version"]["protocol"])))
    return worlds


def questions(name: str, setting: str | None = None) -> Iterator[Question]:
    """The questions of a set; `setting` is None, `gorgon`, or the number of a setting of hardforks."""
    recorded = read(ORACLES / f"{name}.json.gz")
    cases, signers = recorded["cases"], recorded["signers"]
    if setting == "gorgon":
        changed = {row[0]: row for row in read(ORACLES / "gorgon.json.gz")["sets"].get(name, ())}
        for index, case in enumerate(cases):
            answer = [*case[:2], *changed[index][1:6], *case[7:]] if index in changed else case
            yield Question(index, chain_world(is_gorgon=True), signers[case[1] or 0], answer)
    elif setting is not None:
        number = int(setting)
        for index, answers in read(ORACLES / "hardforks.json.gz")["sets"][name].items():
            case = cases[int(index)]
            answer = [row for row in answers if row[0] <= number][-1:]
            if answer and answer[0][1] is not None:
                yield Question(
                    int(index), genesis_worlds()[number], signers[case[1] or 0], [*case[:2], *answer[0][1:6], *case[7:]]
                )
    else:
        for index, case in enumerate(cases):
            yield Question(index, chain_world(), signers[case[1] or 0], case)
