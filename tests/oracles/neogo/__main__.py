"""Lets a live neo-go make chains, plays them, and tells where the two differ, and why."""

import argparse
import gzip
import json
import sys
from pathlib import Path
from typing import Any

from tests.oracles.neogo.compare import ROOT
from tests.oracles.neogo.reasons.explained import explain
from tests.oracles.neogo.stories import STORIES, recorded_story


def main() -> int:
    """Records the stories that are named, or all, and compares them; `--from` compares what was recorded before.

    1 where a difference has no reason.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stories", nargs="*", help=f"of {', '.join(STORIES)}; all, if none is named")
    parser.add_argument("--binary", type=Path, help="neo-go's")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--out", type=Path, help="where recordings are kept, as NAME-SEED.json.gz, which `check` reads")
    parser.add_argument("--from", dest="source", type=Path, help="a recording")
    parser.add_argument("--show", type=int, default=1, help="logs shown of each reason")
    options = parser.parse_args()
    if options.source:
        with gzip.open(options.source, "rt") as file:
            return 1 if _tell(options.source.name, json.load(file), options.show) else 0
    if options.binary is None:
        parser.error("--binary is missing")
    wrong = 0
    for name in options.stories or STORIES:
        recorded = recorded_story(name, options.seed, options.binary)
        if options.out:
            with gzip.open(options.out / f"{name.replace(' ', '-')}-{options.seed}.json.gz", "wt") as file:
                json.dump(recorded, file)
        wrong += _tell(f"{name}-{options.seed}", recorded, options.show)
    print(f"{wrong} differences without a reason")
    return 1 if wrong else 0


def _tell(name: str, recorded: Any, show: int) -> int:
    """How many differences have no reason."""
    explained = explain(recorded)
    found = explained.found
    print(
        f"{name}: {found.blocks} blocks, {found.transactions} transactions ({found.faults} of the logs are faults);"
        f" {found.logs_equal} of {found.logs} logs equal, {found.roots_equal} of {found.blocks} roots equal,"
        f" {found.rows} rows at the end"
    )
    for reason, places in explained.reasons.items():
        roots = sorted(block for block, of in places if of == ROOT)
        print(f"  {len(places) - len(roots)} logs and {len(roots)} roots {roots or ''} differ by {reason}")
        logs = [found.wrong_logs[place] for place in sorted(places) if place in found.wrong_logs]
        for wrong in logs[:show]:
            print(f"    {wrong.label}: " + wrong.told.replace("\n", "\n    "))
    for place, told in explained.without.items():
        print(f"  NO REASON: block {place[0]}, {place[1]}\n    " + told.replace("\n", "\n    "))
    for reason, times in sorted(recorded.get("refused", {}).items()):
        print(f"  refused {times}: {reason}")
    return len(explained.without)


if __name__ == "__main__":
    sys.exit(main())
