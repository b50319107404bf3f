"""What running nodes of Neo 2 and preview2 answered, asked of ours over the same chains."""

from collections.abc import Iterator

import pytest
from older_recordings import AS_THE_NODE, FOLDERS, answers_of, chain_of_node, masks_of, waiting
from recorded_answers import Outcome, calls_in, replay, report

from rpcnode.primitives.errors import ProfileName
from rpcnode.testing import in_process

TRACKERS = ("getnep5balances", "getnep5transfers")


@pytest.fixture(scope="module", params=FOLDERS)
def profile(request: pytest.FixtureRequest) -> ProfileName:
    profile: ProfileName = request.param
    return profile


@pytest.fixture(scope="module")
def outcomes(profile: ProfileName) -> Iterator[list[Outcome]]:
    """Every call of the recording."""
    with in_process(chain_of_node(profile), profile=profile, settings=AS_THE_NODE) as node:
        yield replay(node.post, FOLDERS[profile], calls_in(answers_of(profile)["calls"]), masks_of(profile))


def test_every_answer_of_the_tracker_is_the_nodes(outcomes: list[Outcome]) -> None:
    asked = [outcome for outcome in outcomes if outcome.call.method in TRACKERS]
    wrong = [outcome for outcome in asked if not outcome.is_exact]
    assert len(asked) > 250
    assert not wrong, report(wrong)


def test_every_other_answer_is_the_nodes_or_is_known_to_wait(outcomes: list[Outcome], profile: ProfileName) -> None:
    waiting().check(outcomes, {FOLDERS[profile]})
