"""All that neo-cli 3.10.2 answered about a chain made to be hard on token trackers, under ten settings.

What waits for scripts to be executed as on the node is in tests/data/csharp-trackers/waiting.txt, answer by answer;
`NOT_YET` says whose rows those are.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from typing import Any, Final

import pytest

from rpcnode.node import Node, Source, read_source
from rpcnode.options import NodeOptions, PluginSetting
from rpcnode.testing.host import CallersHost
from tests.recorded_answers import DATA, Outcome, Waiting, calls_in, read, replay

FOLDER: Final = DATA / "csharp-trackers"
RUNS: Final = ("default", "no-history", "ten", "one", "none", "nep17", "nep11", "no-trackers", "stop", "ignore")
CUT: Final = frozenset(("ten", "one", "none"))
"""Where a row that is missing or too much moves the end of a list."""

SHIPPED: Final = {"stop": {"UnhandledExceptionPolicy": "StopPlugin"}}
"""What the run takes from neo-cli's own file, and ours has another default for."""

NOT_YET: Final = {
    "costly": "its balanceOf takes more GAS than the node gives",
    "share-costly": "likewise",
    "symbol-dearer": "its symbol takes more GAS than the node gives",
    "balance-gasleft": "asks how much GAS is left",
    "decimals-gasleft": "likewise",
    "share-gasleft": "likewise",
    "balance-random": "asks for a random number",
    "decimals-random": "likewise",
    "balance-time": "asks for the time",
    "decimals-time": "likewise",
    "share-time": "likewise",
    "balance-price": "asks PolicyContract",
    "decimals-entry": "asks for the entry script, which calls decimals and symbol both",
    "propsNow": "its properties ask for GAS, time, random number and entry script",
    "writer": "its balanceOf counts its calls in storage, and what it writes is dropped: our decision",
}
"""The contracts whose rows and properties are wrong still, by their names in the recording."""


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
    """The hashes of the assets whose rows are other than the node's, or of the contract whose properties are."""
    if outcome.call.method == "getnep11properties":
        assert isinstance(outcome.call.params, list)
        yield str(outcome.call.params[0])
        return
    right, ours = (
        {row["assethash"]: row for row in json.loads(text)["result"]["balance"]}
        for text in (outcome.expected, outcome.got)
    )
    for asset in right.keys() | ours.keys():
        if right.get(asset) != ours.get(asset):
            yield asset


def asked_about(outcome: Outcome) -> tuple[str, object]:
    """The method and the account, in whatever form it was given, or the token."""
    if outcome.call.method == "getnep11properties":
        return outcome.call.method, outcome.call.line("")
    return outcome.call.method, json.loads(outcome.expected)["result"]["address"]


def names_of(run: str) -> dict[str, str]:
    """Hash to name of the contracts of a run."""
    [chain] = [each["chain"] for each in recorded()["runs"] if each["name"] == run]
    return {script_hash: name for name, script_hash in recorded()["names"][chain]["contracts"].items()}


@pytest.mark.slow
@pytest.mark.parametrize("run", RUNS)
def test_every_answer_is_the_real_nodes_to_the_letter_but_those_that_wait(run: str) -> None:
    Waiting.read(FOLDER / "waiting.txt").check(outcomes_of(run), {run})


@pytest.mark.slow
@pytest.mark.parametrize("run", [run for run in RUNS if run not in CUT])
def test_what_waits_differs_in_the_rows_of_contracts_that_wait_alone(run: str) -> None:
    names = names_of(run)
    wrong = [outcome for outcome in outcomes_of(run) if not outcome.is_exact]
    found = {names.get(asset, asset) for outcome in wrong for asset in differing_contracts(outcome)}
    assert found <= NOT_YET.keys()


@pytest.mark.slow
@pytest.mark.parametrize("run", sorted(CUT))
def test_what_waits_in_a_list_that_is_cut_waits_in_the_whole_one_too(run: str) -> None:
    whole, cut = (
        {asked_about(outcome) for outcome in outcomes_of(name) if not outcome.is_exact} for name in ("default", run)
    )
    assert cut <= whole


@pytest.mark.slow
def test_only_contracts_that_are_wrong_still_wait() -> None:
    found: set[str] = set()
    for run in ("default", "stop"):
        names = names_of(run)
        wrong = [outcome for outcome in outcomes_of(run) if not outcome.is_exact]
        found |= {names.get(asset, asset) for outcome in wrong for asset in differing_contracts(outcome)}
    assert found == NOT_YET.keys()


def test_all_runs_of_the_recording_are_asked() -> None:
    assert tuple(run["name"] for run in recorded()["runs"]) == RUNS
    assert sum(len(run["calls"]) for run in recorded()["runs"]) == 7958
