"""All that neo-cli 3.10.2 answered about a chain made to be hard on token trackers, under ten settings.

All are exact, but those about a contract whose balanceOf writes: tests/data/csharp-trackers/waiting.txt lists them.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from typing import Any, Final

import pytest

from rpcnode.loading import Source, read_source
from rpcnode.node import Node
from rpcnode.options import NodeOptions, PluginSetting
from rpcnode.testing.host import CallersHost
from tests.recorded_answers import DATA, Outcome, Waiting, calls_in, read, replay

FOLDER: Final = DATA / "csharp-trackers"
RUNS: Final = ("default", "no-history", "ten", "one", "none", "nep17", "nep11", "no-trackers", "stop", "ignore")
SHIPPED: Final = {"stop": {"UnhandledExceptionPolicy": "StopPlugin"}}
"""What the run takes from neo-cli's own file, and ours has another default for."""

WRITER: Final = "writer"
"""The contract whose balanceOf counts its calls in storage: what it writes is dropped here, which is our decision."""


@cache
def recorded() -> dict[str, Any]:
    document: dict[str, Any] = read(FOLDER / "answers.json.xz")
    return document


@cache
def source_of(chain: str) -> "Source | None":
    """A recorded chain, read once for all the nodes that play it."""
    return read_source(NodeOptions(fixtures=(FOLDER / f"{chain}.json.gz",)))


@cache
def outcomes_of(run: str) -> list[Outcome]:
    """What a node of ours answers to the calls of a run."""
    [of_run] = [each for each in recorded()["runs"] if each["name"] == run]
    keys = {**of_run["settings"], **SHIPPED.get(run, {}), "Clock": "wall"}
    settings = tuple(PluginSetting("TokensTracker", key, value, "the run") for key, value in keys.items())
    with closing(CallersHost(lambda: Node(NodeOptions(settings=settings), source_of(of_run["chain"])))) as host:
        return replay(host.post, run, calls_in(of_run["calls"]))


def differing_contracts(outcome: Outcome) -> Iterator[str]:
    """The hashes of the assets whose rows are other than the node's."""
    right, ours = (
        {row["assethash"]: row for row in json.loads(text)["result"]["balance"]}
        for text in (outcome.expected, outcome.got)
    )
    for asset in right.keys() | ours.keys():
        if right.get(asset) != ours.get(asset):
            yield asset


def names_of(run: str) -> dict[str, str]:
    """Hash to name of the contracts of a run."""
    [chain] = [each["chain"] for each in recorded()["runs"] if each["name"] == run]
    return {script_hash: name for name, script_hash in recorded()["names"][chain]["contracts"].items()}


@pytest.mark.slow
@pytest.mark.parametrize("run", RUNS)
def test_every_answer_is_the_real_nodes_to_the_letter_but_those_that_wait(run: str) -> None:
    Waiting.read(FOLDER / "waiting.txt").check(outcomes_of(run), {run})


@pytest.mark.slow
def test_what_waits_differs_in_the_rows_of_one_contract_alone() -> None:
    wrong = [outcome for outcome in outcomes_of("stop") if not outcome.is_exact]
    assert {names_of("stop")[asset] for outcome in wrong for asset in differing_contracts(outcome)} == {WRITER}


def test_all_runs_of_the_recording_are_asked() -> None:
    assert tuple(run["name"] for run in recorded()["runs"]) == RUNS
    assert sum(len(run["calls"]) for run in recorded()["runs"]) == 7958
