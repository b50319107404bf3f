"""Tests of execution/engine.py: calls between contracts, and what becomes of their writes and events."""

from collections.abc import Callable

import pytest

from rpcnode.chain.state import State
from rpcnode.execution.engine import Context, NotModelled, Reply, ScriptRun
from rpcnode.execution.recorded_scripts import set_runs
from rpcnode.execution.syscalls.services import SERVICES
from rpcnode.payloads.verification import script_hash
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import Array, Buffer, Map, StackItem, Struct, type_of
from tests.rpcnode.execution.script_worlds import (
    ABORT,
    DROP,
    RET,
    DictStorage,
    Method,
    Ran,
    SmallWorld,
    arg,
    call,
    caught,
    contract,
    native,
    notify,
    push,
    put,
    syscall,
)

THROW = b"\x3a"
READ_ONLY = 5


def test_a_method_gets_its_arguments_and_its_result_is_left() -> None:
    adder = contract(1, Method("add", arg(0) + arg(1) + b"\x9e", count=2))
    assert Ran(call(adder, "add", 30, 12), adder).left == [42]


def test_a_method_that_returns_nothing_leaves_null_to_a_dynamic_call() -> None:
    silent = contract(1, Method("do", b"", returns=False))
    assert Ran(call(silent, "do"), silent).left == [None]


def test_what_a_contract_threw_past_itself_undoes_its_writes_and_events() -> None:
    inner = contract(1, Method("fail", put(b"k", 1) + notify("Inner", push(1)) + push("boo") + THROW))
    outer = contract(2, Method("go", put(b"k", 2) + notify("Outer", push(2)) + caught(call(inner, "fail"))))
    ran = Ran(call(outer, "go"), inner, outer)
    assert ran.left == [b"boo"]
    assert ran.storage.entries == {(2, b"k"): b"\x02"}
    assert ran.events == [("Outer", [2])]


def test_what_a_contract_threw_and_caught_itself_undoes_nothing() -> None:
    brave = contract(1, Method("go", caught(put(b"k", 1) + notify("Tried", push(1)) + push("boo") + THROW)))
    ran = Ran(call(brave, "go"), brave)
    assert (ran.left, ran.storage.entries, ran.events) == ([b"boo"], {(1, b"k"): b"\x01"}, [("Tried", [1])])


def test_writes_of_a_contract_that_returned_go_when_its_caller_throws() -> None:
    inner = contract(1, Method("write", put(b"k", 1) + push(1)))
    outer = contract(2, Method("fail", call(inner, "write") + push("boo") + THROW))
    ran = Ran(caught(call(outer, "fail")), inner, outer)
    assert (ran.left, ran.storage.entries) == ([b"boo"], {})


def test_a_script_that_faults_writes_nothing() -> None:
    writer = contract(1, Method("write", put(b"k", 1), returns=False))
    ran = Ran(call(writer, "write") + ABORT, writer)
    assert (ran.execution.halted, ran.storage.entries) == (False, {})


def test_initialize_runs_before_the_method_and_shares_its_static_fields() -> None:
    initialize = Method("_initialize", b"\x56\x01" + push(7) + b"\x60", returns=False)  # INITSSLOT 1, STSFLD0
    fielded = contract(1, initialize, Method("read", b"\x58"))  # LDSFLD0
    assert Ran(call(fielded, "read"), fielded).left == [7]


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (call(contract(3), "do"), "Called Contract Does Not Exist: 0x0303030303030303030303030303030303030303.do"),
        (call(contract(1), "no"), 'Method "no" with 0 parameter(s) doesn\'t exist in the contract 0x01'),
        (call(contract(1), "do", 1), 'Method "do" with 1 parameter(s) doesn\'t exist in the contract 0x01'),
        (call(contract(1), "_initialize"), "Method name '_initialize' cannot start with underscore."),
        (call(contract(1), "do", flags=16), "Invalid call flags: 16"),
        (call(contract(1), "write", flags=READ_ONLY), "Cannot call this SYSCALL with the flag 5."),
        (call(contract(1), "safe"), "Cannot call this SYSCALL with the flag 5."),
        (call(contract(2), "forbidden"), "Cannot Call Method do Of Contract 0x01"),
    ],
    ids=[
        "no contract",
        "no method",
        "wrong number of arguments",
        "a name with an underscore",
        "unknown flags",
        "a write without the flag",
        "a write in a safe method",
        "a call without permission",
    ],
)
def test_a_call_fails_with_neos_words(script: bytes, message: str) -> None:
    one = contract(
        1,
        Method("_initialize", b"", returns=False),
        Method("do", push(1)),
        Method("write", put(b"k", 1), returns=False),
        Method("safe", put(b"k", 1), returns=False, safe=True),
    )
    two = contract(2, Method("forbidden", call(one, "do")), permissions=[{"contract": "*", "methods": ["write"]}])
    execution = Ran(script, one, two).execution
    assert not execution.halted
    assert (execution.exception or "").startswith(message)


def test_a_permission_may_name_a_contract_or_a_group_of_it() -> None:
    key = "02b3622bf4017bdfe317c58aed5f4c753f206b7db896046fa7d774bbc4bf7f8dc2"
    called = contract(1, Method("do", push(5)), groups=[{"pubkey": key, "signature": ""}])
    for named in (str(called.script_hash), key):
        caller = contract(2, Method("go", call(called, "do")), permissions=[{"contract": named, "methods": ["do"]}])
        assert Ran(call(caller, "go"), called, caller).left == [5]


def test_a_script_that_spends_all_its_gas_faults() -> None:
    # A dynamic call costs 2^15 * 30 datoshi, a loop of JMP -> itself never ends.
    assert Ran(b"\x22\x00", gas=1000).execution.exception == "Insufficient GAS."
    one = contract(1, Method("do", push(1)))
    assert Ran(call(one, "do"), one, gas=32768 * 30 - 1000).execution.exception == "Insufficient GAS."
    assert Ran(call(one, "do"), one, gas=32768 * 30 + 1_000_000).left == [1]


@pytest.mark.parametrize("name", ["Runtime.GetRandom", "Runtime.GasLeft", "Contract.CallNative"])
def test_what_is_not_built_is_no_fault_of_the_script(name: str) -> None:
    with pytest.raises(NotModelled):
        Ran(caught(syscall(name)))


def test_a_native_contract_goes_on_when_what_it_called_has_returned() -> None:
    paid = contract(1, Method("paid", notify("Paid", arg(0)), count=1, returns=False))
    told: list[str] = []

    class Paying(SmallWorld):
        def call_native(
            self, run: ScriptRun, native: Context, method: str, args: list[StackItem], reply: Reply
        ) -> None:
            def go_on() -> None:
                told.append("returned")
                reply(True)

            told.append("called")
            run.call_from_native(native, paid, "paid", [7], go_on)

    bank = native(UInt160(b"\x77" * 20), ("pay", 0))
    run = ScriptRun(Paying(paid, bank), DictStorage(), 10**8, SERVICES)
    execution = run.execute_script(call(bank, "pay") + DROP + push(3))
    assert (told, execution.stack) == (["called", "returned"], (3,))
    assert [(event.event_name, event.state) for event in execution.notifications] == [("Paid", (7,))]


def test_one_method_runs_as_the_script_that_calls_it() -> None:
    asking = contract(1, Method("caller", syscall("Runtime.GetCallingScriptHash") + arg(0) + b"\x8b", count=1))
    run = ScriptRun(SmallWorld(asking), DictStorage(), 10**8, SERVICES)
    execution = run.execute_method(asking, "caller", [b"!"])
    # The script of System.Contract.Call with these arguments, hashed.
    entry = script_hash(call(asking, "caller", b"!"))
    assert execution.stack == (Buffer(bytes(entry) + b"!"),)


KEY = ECPoint.parse("02b3622bf4017bdfe317c58aed5f4c753f206b7db896046fa7d774bbc4bf7f8dc2")
HASHES = [UInt160(b"\x51" * 20), UInt256(b"\x52" * 32), KEY]
VALUE = b"\xce"  # PICKITEM


@pytest.mark.parametrize("given", HASHES, ids=lambda given: type(given).__name__)
@pytest.mark.parametrize(
    ("body", "of_bytes"),
    [
        (b"", lambda data: data),
        (b"\xdb\x30", Buffer),  # CONVERT
        (b"\xd9\x28", lambda data: True),  # ISTYPE ByteString
    ],
    ids=["handed back", "as a Buffer", "its type"],
)
def test_a_hash_or_key_that_a_plugin_calls_with_is_a_byte_string(
    given: bytes, body: bytes, of_bytes: Callable[[bytes], StackItem]
) -> None:
    called = contract(1, Method("go", arg(0) + body, count=1))
    storage = DictStorage()
    set_runs(storage, called.contract_id, is_run=True)
    invocation = State(0, {called.script_hash: [called]}, storage).call(called.script_hash, "go", [given])
    (answer,) = invocation.stack
    assert (type_of(answer), answer) == (type_of(of_bytes(bytes(given))), of_bytes(bytes(given)))


@pytest.mark.parametrize(
    ("given", "pick"),
    [
        (Array([Struct([HASHES[0]])]), push(0) + VALUE + push(0) + VALUE),
        (Map([(b"k", HASHES[0])]), push(b"k") + VALUE),
        (Map([(HASHES[0], None)]), b"\xcc" + push(0) + VALUE),  # KEYS
    ],
    ids=["in arrays", "in a map", "a map's key"],
)
def test_a_hash_within_an_argument_is_a_byte_string(given: StackItem, pick: bytes) -> None:
    called = contract(1, Method("go", arg(0) + pick, count=1))
    run = ScriptRun(SmallWorld(called), DictStorage(), 10**8, SERVICES)
    (answer,) = run.execute_method(called, "go", [given]).stack
    assert (type(answer), answer) == (bytes, b"\x51" * 20)


def test_a_run_changes_copies_of_the_arguments_it_is_asked_with() -> None:
    grow = arg(0) + b"\x4a" + push(9) + b"\xcf\xca"  # DUP, APPEND SIZE
    growing = contract(1, Method("grow", grow, count=1))
    argument = Array([1])
    for _ in range(2):
        run = ScriptRun(SmallWorld(growing), DictStorage(), 10**8, SERVICES)
        assert run.execute_method(growing, "grow", [argument]).stack == (2,)
    assert argument.items == [1]


def test_what_a_run_left_names_its_transaction_and_the_gas_that_instructions_took() -> None:
    ran = Ran(push(1) + DROP + RET)
    transaction = ran.run.world.transaction
    assert transaction is not None
    # neo, ApplicationEngine.OpCodePrices: PUSH1 1, DROP 2, RET 0; an execution fee factor of 30.
    assert (ran.execution.container, ran.execution.gas_consumed) == (transaction.hash, 90)
