"""A part of `python -m tests.oracles.fuzz`: mutants are refused in order, or somebody has signed them."""

from random import Random

import pytest

from rpcnode.testing import in_process
from tests.oracles.fuzz.forge import STEP_MS, Forge, people_of
from tests.oracles.fuzz.run import Run
from tests.oracles.neogo.sends.both import own_chain
from tests.oracles.neogo.stories import TO_FAUN


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["suite 1", "suite 2"])
def test_nothing_is_taken_in_unsigned_and_nothing_breaks(seed: str) -> None:
    validator, users = people_of(seed)
    with in_process(own_chain((validator,), TO_FAUN, STEP_MS), block_time="manual") as own:
        run = Run(Forge(own, Random(seed), validator, users))
        run.open()
        outcome = run.run(150)
    assert outcome.wrong == []
    assert outcome.cases == 150
    assert len(outcome.taken) > 10
    assert len(outcome.refused) > 10
