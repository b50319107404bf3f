"""Scripts of the VM alone, compared with what neo-cli 3.10.2 answered to invokescript: state, GAS, words of the fault.

recorded_scripts.json.gz beside this file holds a part of them drawn from four sets, and all that once failed here:
`vm` every opcode alone with values of every type and random programs; `vm2` nests of TRY, CATCH and FINALLY; `refs`
heaps of compounds that end in a loop, so that the GAS tells how many items count; `gas` scripts behind a BurnGas that
leaves about what they cost. A case is the script in Base64, state, gasconsumed, exception, stack.
"""

import gzip
import json
from base64 import b64decode
from pathlib import Path
from typing import Any, Final

import pytest

from rpcnode.execution.serializers.item_json import item_to_json
from rpcnode.primitives.errors import RecursiveReference, VmFault
from rpcnode.vm.conversions import pop_integer
from rpcnode.vm.engine import Engine, VmState
from rpcnode.vm.items import StackItem
from rpcnode.vm.jump_table import BEFORE_GORGON
from rpcnode.vm.script import Script

RECORDING: dict[str, Any] = json.loads(
    gzip.decompress((Path(__file__).parent / "recorded_scripts.json.gz").read_bytes())
)
FEE_FACTOR: Final = 250_001  # of the recorded chain, in ten thousandths of a datoshi
LIMIT: Final = 20 * 10**8 * 10_000  # GAS of an invocation, in the same unit
BURN_GAS: Final = 0xBC8C5AC3
BURN_GAS_PRICE: Final = 16


class BurnsGas(Engine):
    """The one service that the scripts use. What it burns is no whole number of the engine's units."""

    def __init__(self) -> None:
        super().__init__(table=BEFORE_GORGON, gas=LIMIT // FEE_FACTOR)
        self.burned = 0  # in ten thousandths of a datoshi
        self.withheld = 0  # what the engine has less for it, in its own unit

    def syscall(self, api: int) -> None:
        assert api == BURN_GAS
        self.charge(BURN_GAS_PRICE)
        self.burned += pop_integer(self.frames[-1]) * 10_000
        left = (LIMIT - self.burned - FEE_FACTOR * (LIMIT // FEE_FACTOR - self.withheld - self.gas_left)) // FEE_FACTOR
        self.withheld += self.gas_left - left
        self.gas_left = left
        if left < 0:
            raise VmFault("Insufficient GAS.")


def shown(item: StackItem) -> object:
    try:
        return item_to_json(item)
    except RecursiveReference:
        return "error: Circular reference."


def answer(script: str) -> list[object]:
    """State, GAS in datoshi, words of the fault, and of a script that halts the stack."""
    engine = BurnsGas()
    engine.load_script(Script(b64decode(script)))
    engine.execute()
    spent = (LIMIT // FEE_FACTOR - engine.gas_left - engine.withheld) * FEE_FACTOR + engine.burned
    stack = [shown(item) for item in engine.results] if engine.state is VmState.HALT else []
    return [engine.state.name, -(-spent // 10_000), engine.fault and str(engine.fault), stack]


@pytest.mark.parametrize("name", RECORDING["sets"])
def test_scripts_end_as_on_neo_cli(name: str) -> None:
    cases = RECORDING["sets"][name]
    assert len(cases) > 100
    for script, *expected in cases:
        assert answer(script) == expected, script
