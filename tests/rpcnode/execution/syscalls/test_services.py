"""Tests of execution/syscalls and execution/witness_scopes.py."""

import pytest

from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.verification import script_hash
from rpcnode.payloads.witness_rule import (
    AndCondition,
    BooleanCondition,
    CalledByContractCondition,
    CalledByEntryCondition,
    CalledByGroupCondition,
    GroupCondition,
    NotCondition,
    OrCondition,
    ScriptHashCondition,
    WitnessCondition,
    WitnessRule,
    WitnessRuleAction,
)
from rpcnode.primitives.address import script_hash_of
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Array, StackItem
from tests.rpcnode.execution.script_worlds import (
    DROP,
    SIGNER,
    Method,
    Ran,
    arg,
    call,
    contract,
    notify,
    push,
    put,
    syscall,
)

KEY = ECPoint.parse("02b3622bf4017bdfe317c58aed5f4c753f206b7db896046fa7d774bbc4bf7f8dc2")
OTHER_KEY = ECPoint.parse("02103a7f7dd016558597f7960d27c516a4394fd968b9e65155eb4b013e4040406e")
TO_BUFFER = b"\xdb\x30"


@pytest.mark.parametrize(
    ("service", "answer"),
    [
        ("Runtime.Platform", b"NEO"),
        ("Runtime.GetNetwork", 42),
        ("Runtime.GetAddressVersion", 0x35),
        ("Runtime.GetTrigger", 0x40),
        ("Runtime.GetTime", 1_600_000_000_123),
        ("Runtime.GetCallingScriptHash", None),
        ("Runtime.GetInvocationCounter", 1),
        ("Contract.GetCallFlags", 15),
    ],
)
def test_a_service_tells_an_entry_script(service: str, answer: object) -> None:
    assert Ran(syscall(service)).left == [answer]


def test_an_entry_script_is_known_by_its_own_hash() -> None:
    script = syscall("Runtime.GetExecutingScriptHash") + syscall("Runtime.GetEntryScriptHash")
    assert Ran(script).left == [bytes(script_hash(script))] * 2


def test_the_script_container_is_the_transaction() -> None:
    nonce, sender = (syscall("Runtime.GetScriptContainer") + push(index) + b"\xce" for index in (2, 3))
    assert Ran(nonce + sender).left == [7, bytes(SIGNER)]


def test_an_invocation_counter_counts_the_calls_of_one_contract() -> None:
    one = contract(1, Method("count", syscall("Runtime.GetInvocationCounter")))
    two = contract(2, Method("count", syscall("Runtime.GetInvocationCounter")))
    assert Ran(call(one, "count") + call(two, "count") + call(one, "count"), one, two).left == [1, 1, 2]


def test_the_account_of_one_key_and_that_of_several() -> None:
    """The two addresses that neo-go's documentation gives its test validator."""
    single = push(bytes(KEY)) + syscall("Contract.CreateStandardAccount")
    multiple = push([bytes(KEY)]) + push(1) + syscall("Contract.CreateMultisigAccount")
    expected = [
        bytes(script_hash_of(address, 0x35))
        for address in ("Nhfg3TbpwogLvDGVvAvqyThbsHgoSUKwtn", "NfgHwwTi3wHAS8aFAN243C5vGbkYDpqLHP")
    ]
    assert Ran(single + multiple).left == expected


def test_an_event_holds_copies_with_bytes_in_the_place_of_buffers() -> None:
    buffer = contract(1, Method("tell", notify("Told", push(b"\x01\x02") + TO_BUFFER, push(5)), returns=False))
    (event,) = Ran(call(buffer, "tell"), buffer).execution.notifications
    assert event.state == (b"\x01\x02", 5)
    assert [*map(type, event.state)] == [bytes, int]


def test_an_event_stays_as_it_was_when_the_script_changes_what_it_notified() -> None:
    kept, add = b"\x11\xc3\x70", b"\x68" + push(7) + b"\xcf"  # PUSH1 NEWARRAY STLOC0; LDLOC0, APPEND
    keeping = contract(1, Method("tell", b"\x57\x01\x00" + kept + notify("Told", b"\x68") + add, returns=False))
    ran = Ran(call(keeping, "tell"), keeping)
    assert ran.execution.halted, ran.execution.exception
    assert [_plain(*event.state) for event in ran.execution.notifications] == [[None]]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (notify("E" * 33, push(1)), "Event name size 33 exceeds maximum allowed size of 32 bytes"),
        (notify("E", push(b"x" * 1024)), "Operation is not valid due to the current state of the object."),
        (notify("E", syscall("Storage.GetContext")), "Specified method is not supported."),
    ],
    ids=["a long name", "a large state", "an interface"],
)
def test_a_notification_is_refused(body: bytes, message: str) -> None:
    one = contract(1, Method("tell", body, returns=False))
    assert Ran(call(one, "tell"), one).execution.exception == message


def test_an_entry_script_notifies_nothing() -> None:
    expected = "Notifications are not allowed in dynamic scripts."
    assert Ran(notify("E", push(1))).execution.exception == expected


def test_notifications_so_far_are_those_of_one_contract_or_of_all() -> None:
    one = contract(1, Method("tell", notify("A", push(1)), returns=False))
    two = contract(2, Method("tell", notify("B", push(2)), returns=False))
    told = call(one, "tell") + DROP + call(two, "tell") + DROP
    size = syscall("Runtime.GetNotifications") + b"\xca"
    assert Ran(told + push(None) + size + push(one.script_hash) + size, one, two).left == [2, 1]


@pytest.mark.parametrize("picked", [b"", push(0) + b"\xce"], ids=["the state", "an array in it"])
def test_notifications_so_far_are_handed_out_as_copies_that_cannot_be_changed(picked: bytes) -> None:
    told = notify("A", push([5]))
    state = push(None) + syscall("Runtime.GetNotifications") + push(0) + b"\xce" + push(2) + b"\xce" + picked
    same, add = b"\x97", push(6) + b"\xcf" + push(None)  # EQUAL: arrays equal only themselves; APPEND
    one = contract(1, Method("twice", told + state + state + same), Method("add", told + state + add))
    assert Ran(call(one, "twice"), one).left == [False]
    assert Ran(call(one, "add"), one).execution.exception == "The array is readonly, can not add item."


def test_a_loaded_script_may_only_read() -> None:
    flags = syscall("Contract.GetCallFlags")
    assert Ran(push([]) + push(15) + push(flags) + syscall("Runtime.LoadScript")).left == [5]


def test_storage_is_read_written_and_deleted() -> None:
    context, get = syscall("Storage.GetContext"), syscall("Storage.Get")
    delete = push(b"a") + context + syscall("Storage.Delete")
    read = push(b"a") + context + get
    one = contract(1, Method("go", put(b"a", 5) + read + delete + read + b"\x12\xc0"))  # PUSH2 PACK: the last on top
    (item,) = Ran(call(one, "go"), one).execution.stack
    assert _plain(item) == [None, b"\x05"]


def test_local_services_need_no_context() -> None:
    local = push(5) + push(b"a") + syscall("Storage.Local.Put") + push(b"a") + syscall("Storage.Local.Get")
    one = contract(1, Method("go", local))
    assert Ran(call(one, "go"), one).left == [b"\x05"]


def test_a_context_that_is_read_only_is_not_written_to() -> None:
    write = (
        push(1) + push(b"k") + syscall("Storage.GetContext") + syscall("Storage.AsReadOnly") + syscall("Storage.Put")
    )
    one = contract(1, Method("go", write, returns=False))
    assert Ran(call(one, "go"), one).execution.exception == "StorageContext is read-only"


DUP, EQUAL = b"\x4a", b"\x97"
CONTEXT, READ_ONLY_CONTEXT = syscall("Storage.GetContext"), syscall("Storage.GetReadOnlyContext")
AS_READ_ONLY = syscall("Storage.AsReadOnly")
SEARCH = push(0) + push(b"p") + CONTEXT + syscall("Storage.Find")


@pytest.mark.parametrize(
    ("two", "are_equal"),
    [
        (CONTEXT + CONTEXT, False),
        (READ_ONLY_CONTEXT + READ_ONLY_CONTEXT, False),
        (CONTEXT + DUP, True),
        (CONTEXT + DUP + AS_READ_ONLY, False),  # a new one
        (READ_ONLY_CONTEXT + DUP + AS_READ_ONLY, True),  # itself
        (CONTEXT + AS_READ_ONLY + DUP + AS_READ_ONLY, True),
        (SEARCH + SEARCH, False),
        (SEARCH + DUP, True),
    ],
    ids=[
        "two contexts",
        "two read-only contexts",
        "one context twice",
        "a context as read-only",
        "a read-only context as read-only",
        "a context as read-only twice",
        "two iterators",
        "one iterator twice",
    ],
)
def test_contexts_and_iterators_are_equal_only_to_themselves(two: bytes, are_equal: bool) -> None:
    """EQUAL asks Equals of what is held, which neither has.

    Source: neo, Neo: SmartContract/StorageContext, Iterators/StorageIterator, ApplicationEngine.Storage: AsReadOnly.
    """
    one = contract(1, Method("go", two + EQUAL))
    assert Ran(call(one, "go"), one).left == [are_equal]


FIELDS = bytes.fromhex("4002 2101 05 2801 78")  # an Array of the Integer 5 and the ByteString "x", serialized


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (0, [[b"pa", b"1"], [b"pb", b"2"]]),
        (1, [b"pa", b"pb"]),
        (1 | 2, [b"a", b"b"]),
        (2, [[b"a", b"1"], [b"b", b"2"]]),
        (4, [b"1", b"2"]),
        (4 | 128, [b"2", b"1"]),
    ],
    ids=["entries", "keys", "keys without prefix", "entries without prefix", "values", "values backwards"],
)
def test_a_search_finds_keys_in_order(options: int, found: list[object]) -> None:
    assert _found(options, put(b"pb", b"2") + put(b"pa", b"1") + put(b"q", b"3"), 2) == found


@pytest.mark.parametrize(("options", "found"), [(4 | 8 | 16, [5]), (4 | 8 | 32, [b"x"])])
def test_a_search_picks_fields_of_serialized_values(options: int, found: list[object]) -> None:
    assert _found(options, put(b"pa", FIELDS), 1) == found


@pytest.mark.parametrize("options", [64, 1 | 4, 1 | 8, 4 | 2, 8 | 16 | 32, 16])
def test_options_that_do_not_go_together_are_refused(options: int) -> None:
    search = push(options) + push(b"p") + syscall("Storage.GetContext") + syscall("Storage.Find")
    one = contract(1, Method("go", search))
    assert Ran(call(one, "go"), one).execution.exception == f"Invalid find options: {options}"


def _found(options: int, writes: bytes, count: int) -> list[object]:
    """What so many steps of an iterator give."""
    search = push(options) + push(b"p") + syscall("Storage.GetContext") + syscall("Storage.Find")
    step = b"\x4a" + syscall("Iterator.Next") + DROP + b"\x4a" + syscall("Iterator.Value") + b"\x50"  # ... SWAP
    one = contract(1, Method("go", writes + search + step * count + DROP + push(count) + b"\xc0"))
    (item,) = Ran(call(one, "go"), one).execution.stack
    assert isinstance(item, Array)
    return [_plain(element) for element in reversed(item.items)]


def _plain(item: StackItem) -> object:
    if isinstance(item, Array):
        return [_plain(element) for element in item.items]
    return item


ONE, TWO = UInt160(b"\x01" * 20), UInt160(b"\x02" * 20)
SCOPE = WitnessScope


def _rule(condition: WitnessCondition, action: WitnessRuleAction = WitnessRuleAction.Allow) -> Signer:
    return Signer(SIGNER, SCOPE.WitnessRules, rules=(WitnessRule(action, condition),))


@pytest.mark.parametrize(
    ("signer", "directly", "through_another"),
    [
        (Signer(SIGNER, SCOPE.Global), True, True),
        (Signer(SIGNER, SCOPE.None_), False, False),
        (Signer(SIGNER, SCOPE.CalledByEntry), True, False),
        (Signer(SIGNER, SCOPE.CustomContracts, allowed_contracts=(ONE,)), True, True),
        (Signer(SIGNER, SCOPE.CustomContracts, allowed_contracts=(TWO,)), False, False),
        (Signer(SIGNER, SCOPE.CustomGroups, allowed_groups=(KEY,)), True, True),
        (Signer(SIGNER, SCOPE.CustomGroups, allowed_groups=(OTHER_KEY,)), False, False),
        (Signer(UInt160.ZERO, SCOPE.Global), False, False),
        (_rule(BooleanCondition(True)), True, True),
        (_rule(BooleanCondition(True), WitnessRuleAction.Deny), False, False),
        (_rule(NotCondition(CalledByEntryCondition())), False, True),
        (_rule(CalledByContractCondition(TWO)), False, True),
        (_rule(CalledByGroupCondition(KEY)), False, False),
        (_rule(GroupCondition(KEY)), True, True),
        (_rule(AndCondition((ScriptHashCondition(ONE), CalledByEntryCondition()))), True, False),
        (_rule(OrCondition((CalledByContractCondition(TWO), CalledByEntryCondition()))), True, True),
    ],
    ids=lambda value: str(value.to_json()) if isinstance(value, Signer) else None,
)
def test_a_signature_counts_where_its_scopes_say(signer: Signer, directly: bool, through_another: bool) -> None:
    check = Method("check", push(bytes(SIGNER)) + syscall("Runtime.CheckWitness"))
    one = contract(1, check, groups=[{"pubkey": str(KEY), "signature": ""}])
    two = contract(2, Method("ask", call(one, "check")))
    assert Ran(call(one, "check") + call(two, "ask"), one, two, signer=signer).left == [directly, through_another]


def test_the_first_rule_that_matches_decides() -> None:
    deny = WitnessRule(WitnessRuleAction.Deny, CalledByEntryCondition())
    allow = WitnessRule(WitnessRuleAction.Allow, BooleanCondition(True))
    check = push(bytes(SIGNER)) + syscall("Runtime.CheckWitness")
    one = contract(1, Method("check", check))
    script = call(one, "check")
    assert Ran(script, one, signer=Signer(SIGNER, SCOPE.WitnessRules, rules=(deny, allow))).left == [False]
    assert Ran(script, one, signer=Signer(SIGNER, SCOPE.WitnessRules, rules=(allow, deny))).left == [True]


def test_the_caller_is_a_witness_whatever_was_signed() -> None:
    one = contract(1, Method("check", arg(0) + syscall("Runtime.CheckWitness"), count=1))
    two = contract(2, Method("ask", call(one, "check", TWO)))
    assert Ran(call(two, "ask"), one, two, signer=Signer(SIGNER, SCOPE.None_)).left == [True]
