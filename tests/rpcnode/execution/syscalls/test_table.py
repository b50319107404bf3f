"""The table of system calls, how their arguments are taken, and what those answer that a recording cannot hold."""

from collections.abc import Sequence

import pytest

from rpcnode.execution.application_engine import ApplicationEngine
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.records import Trigger
from rpcnode.execution.syscalls.table import ROW_OF, ROWS, SYSCALLS
from rpcnode.payloads.block import Block
from rpcnode.payloads.header import Header
from rpcnode.payloads.manifest import Event, Parameter
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.engine import VmState
from rpcnode.vm.items import Array, StackItem
from rpcnode.vm.script_builder import ScriptBuilder
from tests.oracles.asking import Mocked
from tests.rpcnode.execution.runs import contract_of_script, engine_of, hardforks_to

HEADER = Header(UInt256.ZERO, UInt256.ZERO, 0, 0, 0, 0, UInt160.ZERO)


def script(*calls: str, items: Sequence[bytes | int | None] = ()) -> bytes:
    """Pushes items, the last on top, then makes the calls."""
    builder = ScriptBuilder()
    for item in items:
        builder.push(item)
    for name in calls:
        builder.syscall(name)
    return builder.to_bytes()


def result(run: ApplicationEngine) -> StackItem:
    assert run.execute() is VmState.HALT, run.fault
    return run.results[-1]


def fault(run: ApplicationEngine) -> str:
    assert run.execute() is VmState.FAULT
    return str(run.fault)


def test_there_are_41_system_calls_four_of_them_since_faun() -> None:
    assert len(ROWS) == len(SYSCALLS) == 41
    assert [row.name for row in ROWS if row.hardfork is Hardfork.Faun] == [
        f"System.Storage.Local.{name}" for name in ("Get", "Find", "Put", "Delete")
    ]


@pytest.mark.parametrize(
    ("number", "name", "parameters"),
    [
        (0x525B7D62, "System.Contract.Call", ("contractHash", "method", "callFlags", "args")),
        (0x27B3E756, "System.Crypto.CheckSig", ("pubkey", "signature")),
        (0x8CEC27F8, "System.Runtime.CheckWitness", ("hashOrPubkey",)),
        (0xF1354327, "System.Runtime.GetNotifications", ("hash",)),
    ],
)
def test_a_call_has_its_number_and_the_names_of_its_parameters(
    number: int, name: str, parameters: tuple[str, ...]
) -> None:
    assert (ROW_OF[number].name, ROW_OF[number].parameters) == (name, parameters)


@pytest.mark.parametrize(
    ("name", "items", "text"),
    [
        ("System.Runtime.CheckWitness", (None,), "The argument `hashOrPubkey` can't be null."),
        ("System.Runtime.CheckWitness", (b"12345",), "Invalid hashOrPubkey length (Parameter 'hashOrPubkey')"),
        ("System.Runtime.BurnGas", (0,), "GAS must be positive."),
        ("System.Runtime.BurnGas", (2**63,), "Value was either too large or too small for an Int64."),
        (
            "System.Iterator.Next",
            (1,),
            "Unable to cast object of type 'Neo.VM.Types.Integer' to type 'Neo.VM.Types.InteropInterface'.",
        ),
        (
            "System.Runtime.LoadScript",
            (1, 16, b""),
            "Object of type 'Neo.VM.Types.Integer' cannot be converted to type 'Neo.VM.Types.Array'.",
        ),
        (
            "System.Runtime.GetNotifications",
            (b"",),
            "Invalid UInt160 length: expected 20 bytes, but got 0 bytes. UInt160 values must be exactly 20 bytes long.",
        ),
        ("System.Contract.CreateMultisigAccount", (0, 1), "Invalid multisig parameters: m=1, publicKeys.Count=0"),
    ],
)
def test_arguments_are_converted_and_refused_in_dotnets_words(
    name: str, items: Sequence[bytes | int | None], text: str
) -> None:
    assert fault(engine_of(script(name, items=items))) == text


def test_an_object_of_another_class_is_refused_once_all_arguments_are_taken() -> None:
    find = script("System.Storage.GetContext", "System.Storage.Find", items=(0, b""))
    put = script("System.Storage.Get", "System.Runtime.Platform")
    text = "Object of type 'Neo.SmartContract.Iterators.StorageIterator' cannot be converted to type "
    run = engine_of(b"", contract=contract_of_script(ScriptBuilder().push(b"key").to_bytes() + find + put))
    assert fault(run) == f"{text}'Neo.SmartContract.StorageContext'."


# Source of the first five: neo, tests/Neo.UnitTests/SmartContract/UT_ApplicationEngine.Runtime.cs.
RANDOMS = [
    271339657438512451304577787170704246350,
    98548189559099075644778613728143131367,
    247654688993873392544380234598471205121,
    291082758879475329976578097236212073607,
    247152297361212656635216876565962360375,
]


def test_random_numbers_are_those_of_neos_own_tests() -> None:
    run = engine_of(script(*["System.Runtime.GetRandom"] * 5))
    assert run.execute() is VmState.HALT
    assert list(run.results) == RANDOMS


def test_the_first_random_number_is_the_same_before_and_after_aspidochelone_the_second_is_not() -> None:
    numbers = []
    for last in (None, Hardfork.Aspidochelone):
        run = engine_of(script(*["System.Runtime.GetRandom"] * 2), hardforks=hardforks_to(last))
        assert run.execute() is VmState.HALT
        numbers.append(list(run.results))
    assert numbers[0][0] == numbers[1][0]
    assert numbers[0][1] != numbers[1][1]


@pytest.mark.parametrize(
    ("trigger", "number"),
    [(Trigger.ON_PERSIST, 1), (Trigger.POST_PERSIST, 2), (Trigger.VERIFICATION, 0x20), (Trigger.APPLICATION, 0x40)],
)
def test_a_trigger_has_its_number(trigger: Trigger, number: int) -> None:
    assert result(engine_of(script("System.Runtime.GetTrigger"), trigger=trigger)) == number


def test_there_is_no_time_without_a_block() -> None:
    run = engine_of(script("System.Runtime.GetTime"), trigger=Trigger.VERIFICATION, is_persisting=False)
    assert fault(run) == "GetTime can only be called with Application trigger."


@pytest.mark.parametrize("container", [None, Block(HEADER, ())], ids=["none", "a block"])
def test_only_a_transaction_can_be_had_as_container(container: object) -> None:
    invalid = "Operation is not valid due to the current state of the object."
    assert fault(engine_of(script("System.Runtime.GetScriptContainer"), container=container)) == invalid
    assert result(engine_of(script("System.Runtime.CurrentSigners"), container=container)) is None


def test_a_transaction_that_nobody_signs_cannot_be_had() -> None:
    unsigned = Mocked(0, 0, 0, 0, (), (), b"\x40")
    assert (
        fault(engine_of(script("System.Runtime.GetScriptContainer"), container=unsigned))
        == "Sender is not specified in the transaction."
    )


def test_a_contract_with_a_fixed_fee_burns_nothing() -> None:
    burn = script("System.Runtime.BurnGas", items=(2**63 - 1,))
    run = engine_of(burn + b"\x11")
    run.context.is_whitelisted = True
    assert result(run) == 1


def test_a_signature_of_no_container_cannot_be_checked() -> None:
    run = engine_of(script("System.Crypto.CheckSig", items=(b"", b"")), container=None)
    assert fault(run) == "Object reference not set to an instance of an object."


def test_a_block_has_a_message_to_sign() -> None:
    run = engine_of(script("System.Crypto.CheckSig", items=(b"", b"\x02")), container=Block(HEADER, ()))
    assert "compressed ECPoint" in fault(run)


EVENTS = (Event("Sent", (Parameter("who", "Hash160"), Parameter("note", "String"))),)


def notifying(name: bytes, *items: bytes | int | None) -> bytes:
    """Sends an event, then lists all."""
    pushed = ScriptBuilder()
    for item in reversed(items):
        pushed.push(item)
    packed = pushed.push(len(items)).to_bytes() + b"\xc0"  # PACK
    send = ScriptBuilder().push(name).syscall("System.Runtime.Notify")
    return packed + send.push(None).syscall("System.Runtime.GetNotifications").to_bytes()


@pytest.mark.parametrize(
    ("name", "items", "text"),
    [
        (b"Lost", (), "Event `Lost` does not exist."),
        (b"Sent", (None,), "The number of the arguments does not match the formal parameters of the event."),
        (b"Sent", (b"short", b""), "The type of the argument `who` does not match the formal parameter."),
        (b"Sent", (None, b"\xff"), "The type of the argument `note` does not match the formal parameter."),
    ],
)
def test_an_event_has_to_be_as_declared_since_basilisk(
    name: bytes, items: Sequence[bytes | int | None], text: str
) -> None:
    contract = contract_of_script(notifying(name, *items), EVENTS)
    assert fault(engine_of(b"", contract=contract)) == text
    before = engine_of(b"", contract=contract, hardforks=hardforks_to(Hardfork.Aspidochelone))
    assert isinstance(result(before), Array)
    assert [event.event_name for event in before.notifications] == [name.decode()]


def test_states_of_events_are_the_same_until_domovoi_and_copies_since() -> None:
    twice = ScriptBuilder().push(None).syscall("System.Runtime.GetNotifications").to_bytes()
    contract = contract_of_script(notifying(b"Sent", None, b"") + twice + b"\x12\xc0", EVENTS)
    shared = []
    for last in (Hardfork.Cockatrice, Hardfork.Domovoi):
        lists = result(engine_of(b"", contract=contract, hardforks=hardforks_to(last)))
        assert isinstance(lists, Array)
        first, second = (events.items[0].items[2] for events in lists.items)  # type: ignore[union-attr]
        assert isinstance(first, Array)
        assert first.read_only
        shared.append(first is second)
    assert shared == [True, False]
