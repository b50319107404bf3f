import pytest

from rpcnode.execution.scripts import script_of
from rpcnode.primitives.errors import VmFault
from rpcnode.vm.conversions import push
from rpcnode.vm.engine import Engine, VmState
from rpcnode.vm.faults import Catchable
from rpcnode.vm.limits import Limits
from tests.rpcnode.vm.script_text import assemble


class Services(Engine):
    """Syscall 1 pushes 7, 2 loads a script, 3 fails so that a script may catch it, the rest fails."""

    def syscall(self, api: int) -> None:
        if api == 1:
            push(self.frames[-1], 7)
        elif api == 2:
            self.load_script(script_of(assemble("INITSSLOT 0x01 8 9")), result_count=2)
        elif api == 3:
            raise Catchable("not now")
        else:
            raise VmFault("never")

    def call_token(self, token: int) -> None:
        push(self.frames[-1], token)


def ended(words: str, engine: Engine | None = None) -> Engine:
    engine = engine or Services()
    engine.load_script(script_of(assemble(words)))
    engine.execute()
    return engine


def test_an_engine_without_a_script_halts() -> None:
    assert Engine().execute() is VmState.HALT


def test_the_host_answers_syscalls_and_tokens() -> None:
    assert ended("SYSCALL 0x01000000 CALLT 0x0500").results == [7, 5]


def test_a_loaded_script_has_its_own_stack_and_returns_all_of_it() -> None:
    engine = ended("1 SYSCALL 0x02000000 DEPTH")
    assert engine.results == [1, 8, 9, 3]
    assert engine.counter.count == 4


def test_a_script_may_catch_what_its_host_lets_it_catch() -> None:
    assert ended("TRY 0x0900 SYSCALL 0x03000000 ABORT ENDTRY 0x02").results == [b"not now"]


def test_a_script_cannot_catch_other_faults_of_its_host() -> None:
    engine = ended("TRY 0x0900 SYSCALL 0x04000000 ABORT ENDTRY 0x02")
    assert (engine.state, str(engine.fault)) == (VmState.FAULT, "never")


@pytest.mark.parametrize(("count", "state"), [(-1, VmState.HALT), (2, VmState.HALT), (1, VmState.FAULT)])
def test_a_script_leaves_as_many_values_as_its_caller_wants(count: int, state: VmState) -> None:
    engine = Engine()
    engine.load_script(script_of(assemble("1 2")), count)
    assert engine.execute() is state
    if state is VmState.FAULT:
        assert str(engine.fault) == ("Return value count mismatch: expected 1, but got 2 items on the evaluation stack")


def test_every_instruction_is_paid_before_it_is_executed() -> None:
    # PUSH1 and PUSH2 cost 1, ADD 8: the next PUSH makes 11.
    engine = ended("1 2 ADD 4 5", Engine(gas=10))
    assert (engine.state, str(engine.fault)) == (VmState.FAULT, "Insufficient GAS.")
    assert (engine.frames[-1].ip, engine.frames[-1].stack) == (3, [3])
    assert ended("1 2 ADD 4 5", Engine(gas=12)).gas_left == 0


@pytest.mark.parametrize("gas", [3, 100])
def test_what_stands_behind_a_fault_is_not_paid(gas: int) -> None:
    # Two PUSHes and ASSERT cost 1 each, ABORT nothing; ADD, which costs 8, is not reached.
    engine = ended("1 PUSHF ASSERT ADD", Engine(gas=gas))
    assert (str(engine.fault), engine.gas_left) == ("ASSERT is executed with false result.", gas - 3)


def test_what_stands_behind_a_caught_fault_is_not_paid() -> None:
    # TRY 4, NEWARRAY0 16, PUSH0 1, PICKITEM 64; not INC, which costs 4; then DROP 2 and ENDTRY 4: 91.
    engine = ended("TRY 0x0700 NEWARRAY0 0 PICKITEM INC DROP ENDTRY 0x02", Engine(gas=100))
    assert (engine.state, engine.gas_left) == (VmState.HALT, 100 - 91)


def test_a_service_spends_of_the_same_gas() -> None:
    # PUSH1 1, CALLT 32768, of which the service takes 5 more.
    class Taker(Engine):
        def call_token(self, token: int) -> None:
            self.charge(5)

    assert ended("1 CALLT 0x0000", Taker(gas=32_774)).gas_left == 0
    assert str(ended("1 CALLT 0x0000", Taker(gas=32_773)).fault) == "Insufficient GAS."


@pytest.mark.parametrize(
    ("limits", "within", "beyond"),
    [
        (Limits(max_stack_size=3), "1 2 3", "1 2 3 4"),
        (Limits(max_stack_size=3), "2 NEWARRAY", "3 NEWARRAY"),
        (Limits(max_stack_size=3), "INITSSLOT 0x03", "INITSSLOT 0x04"),
        (Limits(max_stack_size=3), "INITSLOT 0x0300", "INITSLOT 0x0400"),
        (Limits(max_item_size=4), "'abcd'", "'abcde'"),
        (Limits(max_item_size=4), "'ab' DUP CAT", "'abc' DUP CAT"),
        (Limits(max_comparable_size=4), "'abcd' DUP EQUAL", "'abcde' DUP EQUAL"),
        (Limits(max_shift=4), "1 4 SHL", "1 5 SHL"),
        (Limits(max_shift=4), "1 4 POW", "1 5 POW"),
        (Limits(max_invocation_stack_size=2), "CALL 0x03 RET RET", "CALL 0x03 RET CALL 0x03 RET RET"),
        (Limits(max_try_nesting_depth=1), "TRY 0x0300", "TRY 0x0300 TRY 0x0300"),
    ],
)
def test_limits_are_reached_but_not_passed(limits: Limits, within: str, beyond: str) -> None:
    assert ended(within, Engine(limits=limits)).state is VmState.HALT
    assert ended(beyond, Engine(limits=limits)).state is VmState.FAULT


def test_an_item_too_many_is_a_fault_of_the_instruction_that_pushes_it() -> None:
    engine = ended("1 " * 2048 + "NOP 2 DROP")
    assert engine.state is VmState.FAULT
    assert str(engine.fault) == "MaxStackSize exceed: 2049/2048"
    assert engine.frames[-1].ip == 2049


def test_slots_leave_less_room_for_items() -> None:
    # 2048 - 255 static fields - 255 local variables: 1538 items; the next one stands at 2 + 3 + 1538.
    engine = ended("INITSSLOT 0xff INITSLOT 0xff00 " + "1 " * 1539 + "DROP")
    assert str(engine.fault) == "MaxStackSize exceed: 2049/2048"
    assert engine.frames[-1].ip == 1543


def test_a_caught_fault_whose_text_is_one_item_too_many_is_a_fault() -> None:
    # 2048 items when the host fails; CATCH, at 9 + 2048 + 5, would drop the text again.
    catch = (9 + 2048 + 5).to_bytes(4, "little").hex() + "00000000"
    engine = ended(f"TRY_L 0x{catch} " + "1 " * 2048 + "SYSCALL 0x03000000 DROP")
    assert str(engine.fault) == "MaxStackSize exceed: 2049/2048"


@pytest.mark.parametrize("price", [1, 7, 1000])
def test_a_script_run_in_pieces_ends_as_in_one(price: int) -> None:
    # Counts to 200 with a caught exception at every turn. A turn costs more than 512, the price of THROW.
    words = (
        "INITSLOT 0x0100 0 STLOC0 TRY 0x0500 LDLOC0 THROW DROP ENDTRY 0x02 LDLOC0 INC DUP STLOC0 200 JMPLT 0xf1 LDLOC0"
    )
    whole, engine = ended(words, Engine(gas=10**6)), Engine(gas=10**6)
    engine.load_script(script_of(assemble(words)))
    pieces, spent = 0, []
    while engine.state in (VmState.BREAK, VmState.NONE):
        before = engine.gas_left
        engine.execute(price)
        spent.append(before - engine.gas_left)
        pieces += 1
    assert (engine.state, engine.results, engine.gas_left) == (VmState.HALT, whole.results, whole.gas_left)
    assert whole.results == [200]
    assert pieces > 100
    # A piece ends behind the block in which the price is reached; THROW ends the dearest, the others have less.
    assert max(spent) < price + 600
