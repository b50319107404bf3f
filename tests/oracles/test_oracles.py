"""What a running neo-cli 3.10.2 answered to scripts: state, GAS, exception, stack, notifications, by hardfork.

A part of it lies in tests/data/csharp-oracles; of the whole, where it is beside the project, a part is drawn here too.
`python -m tests.oracles` asks all of it.
"""

from collections.abc import Iterable
from itertools import product
from random import Random
from typing import Final

import pytest

from tests.oracles import devpack, storage_rows
from tests.oracles.asking import ask, differences, script_of_case, signers_of
from tests.oracles.chains import ALL as CHAINS
from tests.oracles.recorded import ALL, SETS, SETTINGS, Question, is_here, questions
from tests.oracles.roots import played
from tests.oracles.sample import PART

CASES: Final = [
    pytest.param(*case, id="-".join(case))
    for case in product(SETS, SETTINGS)
    if case[0] != "gas" or case[1] in ("chain", "gorgon")  # where gas ends was not asked of genesis blocks
]
MOST: Final = 300
"""How many scripts of a set are drawn from the whole, for each setting."""


needs_all = pytest.mark.skipif(not is_here(), reason="the recordings are not beside the project")


def wrong(asked: Iterable[Question]) -> list[object]:
    """Number, tag and the fields of what is not as recorded."""
    answers = ((each, ask(each.world, script_of_case(each.case), signers_of(each.signers))) for each in asked)
    found = ((each, differences(each.case, answer)) for each, answer in answers)
    return [(each.index, each.case[7], fields) for each, fields in found if fields]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "setting"), CASES)
def test_scripts_of_the_part_end_as_on_neo_cli(name: str, setting: str) -> None:
    asked = list(questions(name, setting, PART))
    assert len(asked) > 10
    assert wrong(asked) == []


@pytest.mark.slow
@needs_all
@pytest.mark.parametrize(("name", "setting"), CASES)
def test_scripts_drawn_from_the_whole_end_as_on_neo_cli(name: str, setting: str) -> None:
    asked = list(questions(name, setting, ALL))
    drawn = Random(f"{name} {setting}").sample(asked, min(MOST, len(asked)))
    assert wrong(drawn) == []


@pytest.mark.slow
@needs_all
@pytest.mark.parametrize("chain", CHAINS)
def test_every_state_root_of_a_chain_is_that_of_neo_cli(chain: str) -> None:
    found = played(chain)
    assert found.blocks > 10
    assert found.wrong == []


@pytest.mark.slow
@needs_all
def test_storage_over_rpc_is_as_on_neo_cli() -> None:
    answers = list(storage_rows.asked())
    assert len(answers) > 100
    assert [answer[:2] for answer in answers if not answer.is_exact] == []


@pytest.mark.slow
@needs_all
def test_the_devpacks_contracts_do_what_its_tests_say() -> None:
    tests = devpack.lasting_tests()
    assert len(tests) > 500
    assert [(test["test"], field) for test in tests for _, field, _ in devpack.wrong_in(test)] == []
