"""What running nodes of Neo 2 and preview2 answered, asked of ours over the same chains."""

from collections.abc import Iterator

import pytest

from rpcnode.primitives.errors import ProfileName
from rpcnode.testing import in_process, start
from tests.plugins.older_recordings import (
    AS_THE_NODE,
    FOLDERS,
    Setting,
    answers_of,
    calls_of,
    chain_of_node,
    exchanges_of,
    masks_of,
    settings_of,
    waiting,
)
from tests.recorded_answers import Outcome, calls_in, replay, report
from tests.recorded_exchanges import exchange

TRACKERS = ("getnep5balances", "getnep5transfers")
SETTINGS = [setting for profile in FOLDERS for setting in settings_of(profile)]


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


def test_every_envelope_is_the_nodes_or_is_known_to_wait(profile: ProfileName) -> None:
    run, recorded = f"{FOLDERS[profile]}-raw", answers_of(profile)
    with start(chain_of_node(profile), profile=profile, settings=AS_THE_NODE) as node:
        sent = exchanges_of(recorded["raw"])
        outcomes = exchange(node.url, run, sent, ignored_headers(profile), masks_of(profile))
    waiting().check(outcomes, {run})


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.run)
def test_every_answer_under_changed_settings_is_the_nodes_or_is_known_to_wait(setting: Setting) -> None:
    profile, masks = setting.profile, masks_of(setting.profile)
    with start(chain_of_node(profile), profile=profile, settings={**AS_THE_NODE, **setting.settings}) as node:
        outcomes = replay(node.post, setting.run, calls_of(setting.entries), masks)
        sent = exchanges_of(setting.entries)
        outcomes += exchange(node.url, setting.run, sent, ignored_headers(profile), masks)
    waiting().check(outcomes, {setting.run})


def ignored_headers(profile: ProfileName) -> set[str]:
    """Those that the recording says do not count, and those of framing, which a newer server made."""
    listed = {name.lower() for name in answers_of(profile)["ignored_headers"]}
    return listed | {"connection", "content-length", "date", "keep-alive", "server", "transfer-encoding"}
