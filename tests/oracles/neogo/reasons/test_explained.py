"""What a live neo-go does otherwise has a reason. Needs neo-go's binary, in the variable RPCNODE_NEOGO."""

import os
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.oracles.neogo.reasons.explained import explain
from tests.oracles.neogo.stories import recorded_story

BINARY = os.environ.get("RPCNODE_NEOGO", "")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not BINARY, reason="RPCNODE_NEOGO does not name neo-go's binary"),
]


@pytest.fixture(scope="module")
def recorded() -> Any:
    return recorded_story("returns", "suite", Path(BINARY))


def test_state_roots_and_logs_differ_by_rules_of_neo_go_alone(recorded: Any) -> None:
    explained = explain(recorded)
    assert explained.found.blocks > 100
    assert explained.found.logs_equal > 400
    assert explained.without == {}


def test_a_difference_that_no_rule_makes_is_told_without_a_reason(recorded: Any) -> None:
    other = deepcopy(recorded)
    log = other["application_logs"][other["blocks"][5]["verbose"]["hash"]]
    log["executions"][0]["gasconsumed"] = "1"
    other["state_roots"][7] = other["state_roots"][6]
    assert {(5, "OnPersist"), (7, "state root")} <= explain(other).without.keys()
