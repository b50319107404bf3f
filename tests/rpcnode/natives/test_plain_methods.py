"""Plain methods are answered without their scripts, and leave what the scripts would."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from rpcnode.execution.application_engine import ApplicationEngine, Listener
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.records import Trigger
from rpcnode.natives.gas_token import GAS
from rpcnode.natives.ledger import LEDGER
from rpcnode.natives.native import NativeContract
from rpcnode.natives.neo_token import NEO
from rpcnode.natives.policy import POLICY
from rpcnode.natives.registry import NATIVES
from rpcnode.payloads.flags import CallFlags
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Array
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script_builder import Pushable, ScriptBuilder
from tests.oracles.world import Blocks
from tests.rpcnode.natives.native_world import ALL, NativeWorld, transaction

BEFORE_ECHIDNA: Final = {fork: height for fork, height in ALL.items() if fork < Hardfork.Echidna}
ACCOUNT: Final = UInt160(bytes(range(20)))
CALLS: Final[list[tuple[NativeContract, str, tuple[Pushable, ...]]]] = [
    *((token, method, ()) for token in (NEO, GAS) for method in ("symbol", "decimals", "totalSupply")),
    *((token, "balanceOf", (account,)) for token in (NEO, GAS) for account in (ACCOUNT, b"short", None, 7, Array())),
    *((LEDGER, method, ()) for method in ("currentIndex", "currentHash")),
    *((POLICY, method, ()) for method in ("getFeePerByte", "getExecFeeFactor", "getStoragePrice")),
]


def left(world: NativeWorld, script: bytes, gas_datoshi: int, listener: Listener | None) -> Any:
    """All that a run leaves."""
    run = ApplicationEngine(
        Trigger.APPLICATION,
        transaction(script),
        world.storage.child(),
        world.block(world.height + 1),
        world.settings,
        gas_datoshi,
        NATIVES,
        Blocks([world.block(world.height)]),
        listener,
    )
    run.load_entry(script)
    run.execute()
    items = run.counter.count if run.fault is None else None
    return run.state, str(run.fault), run.gas_left, repr(run.results), items, run.invocation_counters


def check(world: NativeWorld, script: bytes, gas_datoshi: int = 100_000_000) -> None:
    """A run that is watched loads every script."""
    assert left(world, script, gas_datoshi, None) == left(world, script, gas_datoshi, Listener())


@pytest.fixture(scope="module", params=[ALL, BEFORE_ECHIDNA])
def world(request: pytest.FixtureRequest) -> NativeWorld:
    hardforks: Mapping[Hardfork, int] = request.param
    made = NativeWorld(hardforks)
    made.credit(ACCOUNT, 5)
    return made


@pytest.mark.parametrize(("native", "method", "args"), CALLS)
def test_a_call_leaves_what_its_script_would(
    world: NativeWorld, native: NativeContract, method: str, args: tuple[Pushable, ...]
) -> None:
    for flags in range(int(CallFlags.All) + 1):
        check(world, ScriptBuilder().call(native.hash, method, args, flags).to_bytes())
    caught = ScriptBuilder().call(native.hash, method, args).op(Opcode.ENDTRY, b"\x02").to_bytes()
    check(world, bytes((Opcode.TRY, len(caught) + 3, 0)) + caught + bytes((Opcode.NOP,)))
    for gas_datoshi in (*range(970_000, 990_000, 997), *range(1_960_000, 1_975_000, 997)):
        check(world, ScriptBuilder().call(native.hash, method, args).to_bytes(), gas_datoshi)


@pytest.mark.parametrize("size", range(2036, 2054))
def test_the_stack_is_as_full_as_with_the_script(world: NativeWorld, size: int) -> None:
    held = ScriptBuilder().push(size - 5).op(Opcode.NEWARRAY)
    check(world, held.call(GAS.hash, "balanceOf", (ACCOUNT,)).to_bytes())


@pytest.mark.parametrize("depth", [1021, 1022, 1023, 1024])
def test_there_is_room_for_as_many_calls_as_with_the_script(world: NativeWorld, depth: int) -> None:
    call = ScriptBuilder().call(GAS.hash, "symbol", ()).op(Opcode.RET).to_bytes()
    # Calls itself until the counter is 0, then the token.
    loop = bytes((Opcode.DEC, Opcode.DUP, Opcode.JMPIFNOT, 4, Opcode.CALL, 0xFC))
    check(world, ScriptBuilder().push(depth).to_bytes() + loop + call)
