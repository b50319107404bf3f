"""Scripts that mean harm: they may halt or fault, in bounded time and memory, and nothing else."""

import tracemalloc
from collections import Counter
from random import Random

import pytest

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.code import Operation
from rpcnode.vm.conversions import push
from rpcnode.vm.copying import deep_copy
from rpcnode.vm.engine import Engine, VmState
from rpcnode.vm.jump_table import LATEST
from rpcnode.vm.machine import Frame
from rpcnode.vm.script import Script
from tests import part_of
from tests.rpcnode.vm.script_generator import ScriptGenerator
from tests.rpcnode.vm.script_text import assemble

MEGABYTE = 2**20


class Meter:
    """Counts instructions, whatever they cost, and ends scripts that would go on."""

    done = most = 0

    def counted(self, operation: Operation) -> Operation:
        def counting(frame: Frame, operand: object) -> None:
            self.done += 1
            if self.done > self.most:
                raise VmFault("the test has seen enough")
            operation(frame, operand)

        return counting


METER = Meter()
COUNTED = {opcode: METER.counted(operation) for opcode, operation in LATEST.items()}


def run(script: bytes, most: int) -> tuple[VmState, int]:
    """How a script ends that may execute so many instructions, and how many it did."""
    METER.done, METER.most = 0, most
    engine = Engine(table=COUNTED)
    engine.load_script(Script(script))
    return engine.execute(), max(METER.done, 1)


def mutated(random: Random) -> bytes:
    """A sound script with some of its bytes changed, repeated for ever."""
    script = bytearray(ScriptGenerator(random, cyclic=True).script(60))
    for _ in range(random.randrange(3)):
        script[random.randrange(len(script))] = random.randrange(256)
    return bytes(script) + assemble("CLEAR JMP_L") + (6 - len(script)).to_bytes(4, "little", signed=True)


def fuzz(instructions: int, seed: int) -> Counter[VmState]:
    """Executes random bytes and mutated scripts until so many instructions are done."""
    random = Random(seed)
    states: Counter[VmState] = Counter()
    while instructions > 0:
        script = random.randbytes(random.randrange(1, 200)) if random.random() < 0.5 else mutated(random)
        state, done = run(script, 2000)
        states[state] += 1
        instructions -= done
    return states


def test_random_scripts_halt_or_fault() -> None:
    assert set(fuzz(30_000, seed=1)) <= {VmState.HALT, VmState.FAULT}


@pytest.mark.slow
def test_random_instructions_halt_or_fault_in_bounded_memory() -> None:
    tracemalloc.start()
    try:
        assert set(fuzz(part_of(1_000_000), seed=2)) <= {VmState.HALT, VmState.FAULT}
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 64 * MEGABYTE


def nested(times: int, wrap: str = "1 PACK") -> str:
    """The words that put an array into an array, so many times over."""
    return "NEWARRAY0 " + f"{wrap} " * times


@pytest.mark.parametrize(
    "last", ["", "DROP", "DUP VALUES", "DUP NEWARRAY0 EQUAL", "UNPACK", "DUP CLEARITEMS", "CONVERT 0x41"]
)
def test_deep_nesting_is_no_recursion(last: str) -> None:
    assert run(assemble(nested(1000) + last), 10_000)[0] is VmState.HALT


def test_deeply_nested_structs_are_compared_and_cloned_without_recursion() -> None:
    struct = "NEWSTRUCT0 " + "1 PACKSTRUCT " * 900
    assert run(assemble(f"{struct} DUP VALUES DROP {struct} EQUAL"), 10_000)[0] is VmState.HALT
    assert run(assemble(f"NEWARRAY0 DUP {struct} APPEND"), 10_000)[0] is VmState.HALT


def test_deep_items_are_copied_and_counted_without_recursion() -> None:
    engine, other = Engine(), Engine()
    engine.load_script(Script(assemble(nested(2000))))
    assert engine.execute() is VmState.HALT
    (item,) = engine.results
    push(other.load_script(Script(b"")), deep_copy(item))
    # The innermost array, and 2000 around it.
    assert other.counter.count == engine.counter.count == 2001


def test_more_nesting_than_items_are_allowed_is_a_fault() -> None:
    assert run(assemble(nested(2048)), 10_000)[0] is VmState.FAULT


BOMBS = {
    "calls without end": "CALL 0x00",
    "loop without end": "NOP JMP 0xff",
    "numbers without end": "DEPTH JMP 0xff",
    "arrays without end": "NEWARRAY0 JMP 0xff",
    "arrays that hold themselves, and nothing else does": "NEWARRAY0 DUP DUP APPEND DROP JMP 0xfb",
    "large buffers": "65535 NEWBUFFER JMP 0xfa",
    "TRY in TRY": "TRY 0x0303 JMP 0xfd",
    "calls and TRY without end": "TRY 0x0600 CALL 0xfd ABORT DROP RET",
    "a string that doubles": "'a' DUP CAT JMP 0xfe",
    "901 structs cloned at every turn": "NEWSTRUCT0 1 PACKSTRUCT " + "DUP " * 900 + "901 PACK DUP VALUES DROP JMP 0xfd",
    "clones of 901,000 structs": "NEWSTRUCT0 " * 1000 + "1000 PACKSTRUCT " + "DUP " * 900 + "901 PACK VALUES",
}


@pytest.mark.parametrize("words", BOMBS.values(), ids=BOMBS)
def test_bombs_go_off_within_the_limits(words: str) -> None:
    tracemalloc.start()
    try:
        assert run(assemble(words), 3_000)[0] is VmState.FAULT
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # 2048 items of 131,070 bytes are the most that the VM's limits allow.
    assert peak < 300 * MEGABYTE
