import pytest

from rpcnode.execution.scripts import script_of
from rpcnode.vm.debugger import Debugger
from rpcnode.vm.engine import Engine, VmState
from rpcnode.vm.script import Script
from tests.rpcnode.vm.script_text import assemble

#                                    0   1          3    4   5    6
CALLING: Script = script_of(assemble("1 CALL 0x04 ADD RET 2 RET"))


@pytest.fixture
def engine() -> Engine:
    engine = Engine()
    engine.load_script(CALLING)
    return engine


@pytest.fixture
def debugger(engine: Engine) -> Debugger:
    return Debugger(engine)


def position(engine: Engine) -> tuple[int, int]:
    """How many frames there are, and where the innermost is."""
    return len(engine.frames), engine.frames[-1].ip


def test_execution_stops_at_a_break_point_and_goes_on_from_there(engine: Engine, debugger: Debugger) -> None:
    debugger.add_break_point(CALLING, 5)
    assert debugger.execute() is VmState.BREAK
    assert position(engine) == (2, 5)
    assert debugger.execute() is VmState.HALT
    assert engine.results == [3]


def test_a_removed_break_point_stops_nothing(debugger: Debugger) -> None:
    debugger.add_break_point(CALLING, 5)
    assert debugger.remove_break_point(CALLING, 5)
    assert not debugger.remove_break_point(CALLING, 5)
    assert debugger.execute() is VmState.HALT


def test_stepping_into_a_call_stops_at_its_first_instruction(engine: Engine, debugger: Debugger) -> None:
    debugger.step_into()
    assert position(engine) == (1, 1)
    debugger.step_into()
    assert position(engine) == (2, 5)


def test_stepping_over_a_call_stops_behind_it(engine: Engine, debugger: Debugger) -> None:
    debugger.step_over()
    assert debugger.step_over() is VmState.BREAK
    assert position(engine) == (1, 3)
    assert engine.frames[-1].stack == [1, 2]


def test_stepping_out_of_a_call_stops_behind_it(engine: Engine, debugger: Debugger) -> None:
    debugger.step_into()
    debugger.step_into()
    assert debugger.step_out() is VmState.BREAK
    assert position(engine) == (1, 3)


def test_a_break_point_is_one_of_a_script_not_of_its_bytes(debugger: Debugger) -> None:
    debugger.add_break_point(Script(CALLING.data), 5)
    assert debugger.execute() is VmState.HALT


@pytest.mark.parametrize("step", ["step_over", "step_out"])
def test_a_break_point_in_a_call_stops_longer_steps(engine: Engine, debugger: Debugger, step: str) -> None:
    debugger.add_break_point(CALLING, 6)
    debugger.step_into()
    getattr(debugger, step)()
    assert position(engine) == (2, 6)


def test_after_the_end_steps_do_nothing(debugger: Debugger) -> None:
    debugger.execute()
    assert {debugger.step_into(), debugger.step_over(), debugger.step_out(), debugger.execute()} == {VmState.HALT}


def test_a_fault_leaves_the_pointer_at_its_instruction() -> None:
    engine = Engine()
    engine.load_script(script_of(assemble("1 2 DROP ABORT 3")))
    assert engine.execute() is VmState.FAULT
    assert position(engine) == (1, 3)
