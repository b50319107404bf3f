"""Nodes that run, clients that are installed, and what each client read of each chain."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.clients.answers import Answers, Plan, ReadsChain, answers_of, installed
from tests.clients.chains import CHAINS
from tests.clients.installation import CLIENTS, neo_mamba, neon_js
from tests.node_process import running_node


@pytest.fixture(scope="session")
def plan_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Plan]]:
    """Starts the node of a chain when it is first asked for, and says what is to be read there."""
    plans: dict[str, Plan] = {}
    with ExitStack() as nodes:

        def plan(name: str) -> Plan:
            if name not in plans:
                chain = CHAINS[name]
                folder = tmp_path_factory.mktemp(name.replace(" ", "-"))
                ready_file = folder / "ready.json"
                arguments = ("--ready-file", ready_file, *chain.arguments)
                nodes.enter_context(running_node(*arguments, folder=folder, cwd=folder))
                ready = json.loads(ready_file.read_text())
                common = {"url": ready["url"], "magic": ready["magic"], "blocks": ready["height"] + 1}
                plans[name] = {**common, **chain.plan(ready)}
            return plans[name]

        yield plan


def reader(plan_of: Callable[[str], Plan], command: list[str | Path]) -> ReadsChain:
    """Lets a client read a chain, once."""
    answers: dict[str, Answers] = {}

    def read(name: str) -> Answers:
        if name not in answers:
            answers[name] = answers_of(command, plan_of(name))
        return answers[name]

    return read


@pytest.fixture(scope="session")
def neon_js_5(plan_of: Callable[[str], Plan]) -> ReadsChain:
    """neon-js 5's reads of a chain."""
    return reader(plan_of, ["node", CLIENTS / "node/neon_js_5.mjs", installed(neon_js)])


@pytest.fixture(scope="session")
def neon_js_4(plan_of: Callable[[str], Plan]) -> ReadsChain:
    """neon-js 4's reads of a chain."""
    return reader(plan_of, ["node", CLIENTS / "node/neon_js_4.mjs", installed(neon_js)])


@pytest.fixture(scope="session")
def mamba(plan_of: Callable[[str], Plan]) -> ReadsChain:
    """neo-mamba's reads of a chain."""
    return reader(plan_of, [installed(neo_mamba), CLIENTS / "mamba/neo_mamba_reads.py"])
