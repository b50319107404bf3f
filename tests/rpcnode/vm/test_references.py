"""The count of references: what it must be is counted here from nothing, after every instruction of random scripts."""

from random import Random

import pytest

from rpcnode.execution.scripts import script_of
from rpcnode.vm.engine import Engine, VmState
from rpcnode.vm.items import Compound, StackItem
from rpcnode.vm.script import Script
from tests.rpcnode.vm.script_generator import ScriptGenerator
from tests.rpcnode.vm.script_text import assemble


def reachable(engine: Engine) -> int:
    """What stacks and slots hold, and the elements of every compound among it and within, each compound once."""
    holders: list[list[StackItem]] = [engine.results]
    for frame in engine.frames:
        holders += (frame.stack, *frame.slots)
    distinct = {id(holder): holder for holder in holders}.values()
    count = sum(map(len, distinct))
    pending = [item for holder in distinct for item in holder]
    seen: set[int] = set()
    while pending:
        item = pending.pop()
        if isinstance(item, Compound) and id(item) not in seen:
            seen.add(id(item))
            count += len(item.elements())
            pending += item.elements()
    return count


def counts(script: bytes) -> list[tuple[int, int]]:
    """For each instruction of a script that must halt: references counted, and reachable."""
    engine = Engine()
    engine.load_script(Script(script))
    result = []
    while engine.state is VmState.BREAK:
        engine.step()
        result.append((engine.counter.count, reachable(engine)))
    assert engine.state is VmState.HALT, engine.fault
    return result


@pytest.mark.parametrize("seed", range(40))
def test_without_cycles_the_count_is_what_can_be_reached(seed: int) -> None:
    for counted, expected in counts(ScriptGenerator(Random(seed), cyclic=False).script(300)):
        assert counted == expected


@pytest.mark.parametrize("seed", range(40))
def test_with_cycles_the_count_is_never_less_than_what_can_be_reached(seed: int) -> None:
    for counted, least in counts(ScriptGenerator(Random(seed), cyclic=True).script(300)):
        assert counted >= least


@pytest.mark.parametrize(
    ("script", "references"),
    [
        ("1 2 3", 3),
        ("1 2 2 PACK", 3),  # the array and its two items
        ("1 2 2 PACK DUP", 4),  # one more for the second hold of the same array
        ("1 2 2 PACK DROP", 0),
        ("1 'a' 1 PACKMAP", 3),  # the map, the key, the value
        ("NEWARRAY0 DUP DUP APPEND", 2),  # the array, held by the stack and by itself
        ("NEWARRAY0 DUP DUP APPEND DROP", 1),  # what holds itself is counted for ever
        ("NEWARRAY0 DUP DUP APPEND DUP CLEARITEMS", 1),
        ("NEWARRAY0 1 PACK 1 PACK", 3),
        ("NEWARRAY0 DUP 2 PACK", 3),  # the outer array and two holds of the inner one
        ("NEWSTRUCT0 NEWARRAY0 TUCK APPEND", 1),  # nothing holds the struct's new owner but the stack
        ("1 1 PACKSTRUCT NEWARRAY0 DUP ROT APPEND", 3),  # array, clone of the struct, its item
        ("1 'a' 1 PACKMAP KEYS DROP", 0),
        ("1 'a' 1 PACKMAP KEYS DUP NEWARRAY0 APPEND DROP", 0),  # what held no compound may come to hold one
        ("2 NEWARRAY DUP 0 NEWARRAY0 SETITEM DROP", 0),
        ("2 NEWARRAY DUP 0 1 NEWARRAY SETITEM", 4),
        ("2 NEWARRAY DUP CLEARITEMS", 1),
        ("3 NEWARRAY DUP 0 2 NEWARRAY SETITEM DUP CLEARITEMS", 1),
        ("INITSLOT 0x0300", 3),
        ("INITSSLOT 0x02 1 1 PACK STSFLD0", 3),  # two fields, of which one holds an array of one
    ],
)
def test_references_are_counted_as_worked_out(script: str, references: int) -> None:
    engine = Engine()
    data = assemble(script)
    engine.load_script(script_of(data))
    while engine.frames and engine.frames[-1].ip < len(data):
        engine.step()
    assert engine.fault is None
    assert engine.counter.count == references


def test_returning_lets_go_of_slots() -> None:
    assert counts(assemble("INITSLOT 0x0300 NEWARRAY0 STLOC0 7"))[-1] == (1, 1)


def test_what_a_discarded_stack_holds_stays_counted() -> None:
    # neo-vm does not clear the stack of a frame that an exception leaves: 2 stay, the caught 9 is the third.
    engine = Engine()
    engine.load_script(script_of(assemble("TRY 0x0400 NOP RET")))
    engine.step()
    engine.load_script(script_of(assemble("1 2 9 THROW")))
    engine.execute()
    assert engine.state is VmState.HALT
    assert (engine.results, engine.counter.count) == ([9], 3)


@pytest.mark.parametrize("opcode", ["LT", "LE", "GT", "GE"])
@pytest.mark.parametrize("operands", ["PUSHNULL 2 NEWARRAY", "2 NEWARRAY PUSHNULL"])
def test_an_array_compared_with_null_counts_no_longer(operands: str, opcode: str) -> None:
    engine = Engine()
    engine.load_script(script_of(assemble(f"{operands} {opcode}")))
    engine.execute()
    (item,) = engine.results
    assert item is False
    assert engine.counter.count == 1
