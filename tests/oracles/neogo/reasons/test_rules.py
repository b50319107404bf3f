"""What neo-go does otherwise is not what neo-cli 3.10.2 did on the chains that were recorded of it."""

from typing import Final

import pytest

from tests.oracles.neogo.compare import compare
from tests.oracles.neogo.reasons.rules import RULES, Rule, neo_go_rules
from tests.oracles.recorded import SHARED, is_here, read

REFUTED: Final = [rule for rule in RULES if rule.refuted_by]


@pytest.mark.slow
@pytest.mark.skipif(not is_here(), reason="the recordings are not beside the project")
@pytest.mark.parametrize("rule", REFUTED, ids=lambda rule: rule.name)
def test_a_rule_of_neo_go_is_refuted_by_a_chain_of_neo_cli(rule: Rule) -> None:
    recorded = read(SHARED / rule.refuted_by)
    right = compare(recorded)
    assert right.wrong_roots == []
    with neo_go_rules([rule]):
        assert compare(recorded).places - right.places
    assert compare(recorded).places == right.places
