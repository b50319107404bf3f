"""Lets a live neo-go make chains, plays them, and tells where the two differ."""

import argparse
import gzip
import json
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from tests.oracles.neogo.compare import compare
from tests.oracles.neogo.live import LiveNode
from tests.oracles.neogo.people import keys_of
from tests.oracles.neogo.stories import STORIES
from tests.oracles.neogo.teller import Teller


def main() -> None:
    """Records the stories that are named, or all; compares them; `--from` compares what was recorded before."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stories", nargs="*", help=f"of {', '.join(STORIES)}; all, if none is named")
    parser.add_argument("--binary", type=Path, help="neo-go's")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--out", type=Path, help="where recordings are kept, as NAME-SEED.json.gz, which `check` reads")
    parser.add_argument("--from", dest="source", type=Path, help="a recording")
    parser.add_argument("--show", type=int, default=1, help="differences shown of each label")
    options = parser.parse_args()
    if options.source:
        with gzip.open(options.source, "rt") as file:
            _tell(options.source.name, json.load(file), options.show)
        return
    if options.binary is None:
        parser.error("--binary is missing")
    for name in options.stories or STORIES:
        recorded = _record(name, options.seed, options.binary)
        if options.out:
            with gzip.open(options.out / f"{name.replace(' ', '-')}-{options.seed}.json.gz", "wt") as file:
                json.dump(recorded, file)
        _tell(f"{name}-{options.seed}", recorded, options.show)


def _record(name: str, seed: str, binary: Path) -> Any:
    story = STORIES[name]
    keys, users = keys_of(f"{name}/{seed}/key", story.keys), keys_of(f"{name}/{seed}/user", 6)
    with TemporaryDirectory() as directory:
        node = LiveNode(binary, Path(directory), (*keys, *users), keys[: story.committee], story.hardforks)
        with node:
            teller = Teller(node, Random(f"{name}/{seed}"), keys, users)
            story.tell(teller)
            teller.wait_until(story.height)
            return teller.record()


def _tell(name: str, recorded: Any, show: int) -> None:
    found = compare(recorded)
    print(
        f"{name}: {found.blocks} blocks, {found.transactions} transactions ({found.faults} of the logs are faults);"
        f" {found.logs_equal} of {found.logs} logs equal, {found.roots_equal} of {found.blocks} roots equal,"
        f" {found.rows} rows at the end"
    )
    if found.wrong_roots:
        print("  wrong roots:", found.wrong_roots)
    for row in found.wrong_rows[: 20 * show]:
        print("  row", row)
    for label, told in found.differences.items():
        print(f"  {label}: {len(told)} logs differ")
        for one in told[:show]:
            print("    " + one.replace("\n", "\n    "))
    for reason, times in sorted(recorded.get("refused", {}).items()):
        print(f"  refused {times}: {reason}")


if __name__ == "__main__":
    main()
