"""Sends mutants of valid transactions and blocks to a node, and with `--binary` to a live neo-go, which judges it."""

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from random import Random

from rpcnode.testing import in_process
from tests.oracles.fuzz.forge import STEP_MS, Forge, people_of
from tests.oracles.fuzz.judge import Judge
from tests.oracles.fuzz.run import Run, tell
from tests.oracles.neogo.sends.both import own_chain
from tests.oracles.neogo.stories import TO_FAUN


def main() -> int:
    """1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--binary", type=Path, help="neo-go's; then 2,000 cases are enough")
    options = parser.parse_args()
    validator, users = people_of(options.seed)
    with ExitStack() as stack:
        judge = None
        if options.binary is not None:
            judge = stack.enter_context(Judge(options.binary, validator))
        chain = own_chain((validator,), TO_FAUN, STEP_MS)
        own = stack.enter_context(in_process(chain, block_time="manual"))
        run = Run(Forge(own, Random(f"fuzz/{options.seed}"), validator, users), judge)
        run.open()
        return tell(run.run(options.cases))


if __name__ == "__main__":
    sys.exit(main())
