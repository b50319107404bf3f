"""Scripts of every opcode, compared with what a real node answered to invokescript (see record_invokescript.py)."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from rpcnode.execution.scripts import script_of
from rpcnode.execution.serializers.item_json import item_to_json
from rpcnode.vm.engine import Engine, VmState
from rpcnode.vm.jump_table import BEFORE_GORGON
from rpcnode.vm.opcode import Opcode
from tests.rpcnode.vm.recorded.invokescript_cases import cases
from tests.rpcnode.vm.script_text import assemble

RECORDING: dict[str, Any] = json.loads((Path(__file__).parent / "recorded_invokescript.json").read_text("utf-8"))
CALLS: list[dict[str, Any]] = RECORDING["calls"]
FEE_FACTOR = 30  # the default of the policy contract, in datoshi


@pytest.mark.parametrize("call", CALLS, ids=[call["name"] for call in CALLS])
def test_scripts_end_as_on_a_real_node(call: dict[str, Any]) -> None:
    engine = Engine(table=BEFORE_GORGON, gas=10**9)
    engine.load_script(script_of(b64decode(call["params"][0])))
    engine.execute()
    result = call["result"]
    assert engine.state.name == result["state"], engine.fault
    assert (10**9 - engine.gas_left) * FEE_FACTOR == int(result["gasconsumed"])
    if engine.state is VmState.HALT:
        assert [item_to_json(item) for item in engine.results] == result["stack"]


def test_the_recording_is_of_these_scripts_on_a_node_before_gorgon() -> None:
    recorded = {call["name"]: b64decode(call["params"][0]) for call in CALLS}
    scripts = {name: assemble(words) for name, words in cases()}
    assert {name: recorded[name] for name in recorded if not name.startswith("random ")} == scripts
    assert RECORDING["hardforks"][-1] == "Faun"


def test_the_recording_executes_every_opcode() -> None:
    executed: set[int] = set()
    for call in CALLS:
        script = script_of(b64decode(call["params"][0]))
        engine = Engine()
        engine.load_script(script)
        while engine.state is VmState.BREAK:
            position = engine.frames[-1].ip
            executed |= set(script.data[position : position + 1])
            engine.step()
    assert executed >= set(Opcode)
