"""Notary: deposits, what is paid from them, and who verifies. Source: neo 3.10.2, SmartContract/Native/Notary.cs."""

import pytest

from rpcnode.execution.records import Execution
from rpcnode.natives.committee import committee_address, key_account
from rpcnode.natives.gas_token import GAS
from rpcnode.natives.notary import NOTARY
from rpcnode.natives.role_management import ROLE_MANAGEMENT
from rpcnode.natives.roles import Role
from rpcnode.payloads.attribute import NotaryAssisted, TransactionAttribute
from rpcnode.payloads.signer import WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.keys import public_key_of, sign
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Array, StackItem
from rpcnode.vm.script_builder import ScriptBuilder
from tests.rpcnode.natives.native_world import PRIVATE_KEYS, NativeWorld, result, transaction

OWNER = UInt160(b"\x11" * 20)
OTHER = UInt160(b"\x22" * 20)
DEPOSIT_KEY = b"\x01" + OWNER
NOTARIES = tuple(map(public_key_of, PRIVATE_KEYS[:2]))


@pytest.fixture
def world() -> NativeWorld:
    """A chain at height 100 with two notaries, and GAS for OWNER and OTHER."""
    made = NativeWorld()
    signers = [committee_address(made.storage)]
    nodes = Array(map(bytes, NOTARIES))
    result(made.call(ROLE_MANAGEMENT, "designateAsRole", Role.P2PNotary.value, nodes, signers=signers))
    made.credit(OWNER, 1_000_000_000)
    made.credit(OTHER, 1_000_000_000)
    made.height = 100
    return made


def deposit(world: NativeWorld, amount: int, data: StackItem, sender: UInt160 = OWNER) -> Execution:
    return world.call(GAS, "transfer", sender, NOTARY.hash, amount, data, signers=[sender])


def state(world: NativeWorld) -> tuple[StackItem, StackItem]:
    return result(world.call(NOTARY, "balanceOf", OWNER)), result(world.call(NOTARY, "expirationOf", OWNER))


def out_of_range(what: str) -> str:
    return f"Specified argument was out of the range of valid values. (Parameter '{what}')"


def test_a_deposit_is_a_struct_of_amount_and_height(world: NativeWorld) -> None:
    assert result(deposit(world, 20_000_000, Array((None, 102)))) is True
    # Struct of 2: Integer 20000000 (00 2d 31 01), Integer 102
    assert world.storage.get(NOTARY.id, DEPOSIT_KEY) == bytes.fromhex("41022104002d3101210166")
    assert state(world) == (20_000_000, 102)


@pytest.mark.parametrize(
    ("amount", "data", "text"),
    [
        (20_000_000, None, "`data` parameter should be an array of 2 elements"),
        (20_000_000, Array((None,)), "`data` parameter should be an array of 2 elements"),
        (20_000_000, Array((None, 101)), out_of_range("`till` shouldn't be less than the chain's height 101 + 1")),
        (19_999_999, Array((None, 102)), out_of_range("first deposit can not be less than 20000000, got 19999999")),
        (20_000_000, Array((b"\x01" * 7, 102)), "Position 0 + Wanted 8 is exceeded boundary(7)"),
        (20_000_000, Array((b"\x01" * 19, 102)), "Position 16 + Wanted 4 is exceeded boundary(19)"),
        (20_000_000, Array((None, 2**32)), "Value was either too large or too small for a UInt32."),
    ],
)
def test_bad_deposits_are_refused(world: NativeWorld, amount: int, data: StackItem, text: str) -> None:
    assert deposit(world, amount, data).exception == text


def test_only_the_owner_chooses_the_height_and_never_a_lower_one(world: NativeWorld) -> None:
    deposit(world, 20_000_000, Array((bytes(OWNER), 500)), OTHER)
    assert state(world) == (20_000_000, 100 + 5760)
    deposit(world, 1, Array((None, 6000)))
    assert state(world) == (20_000_001, 6000)
    deposit(world, 1, Array((bytes(OWNER), 7000)), OTHER)
    assert state(world) == (20_000_002, 6000)
    lower = deposit(world, 1, Array((None, 5999)))
    assert lower.exception == out_of_range("`till` shouldn't be less than the previous value 6000")


def test_a_deposit_is_locked_by_its_owner_alone(world: NativeWorld) -> None:
    deposit(world, 20_000_000, Array((None, 200)))
    asked = [(OTHER, 300), (OWNER, 199), (OWNER, 101), (OWNER, 300)]
    answers = [result(world.call(NOTARY, "lockDepositUntil", OWNER, till, signers=[by])) for by, till in asked]
    assert answers == [False, False, False, True]
    assert state(world) == (20_000_000, 300)


def test_a_deposit_is_withdrawn_once_its_height_is_reached(world: NativeWorld) -> None:
    deposit(world, 20_000_000, Array((None, 200)))
    for height, signer, answer in ((199, OWNER, False), (200, OTHER, False), (200, OWNER, True), (200, OWNER, False)):
        world.height = height
        assert result(world.call(NOTARY, "withdraw", OWNER, OTHER, signers=[signer])) is answer
    assert world.storage.get(NOTARY.id, DEPOSIT_KEY) is None
    assert result(world.call(GAS, "balanceOf", OTHER)) == 1_020_000_000


def sent_by_notary(fees: tuple[int, int], key_count: int = 1) -> Transaction:
    return transaction(signers=[NOTARY.hash, OWNER], attributes=[NotaryAssisted(key_count)], fees=fees)


def test_a_block_takes_fees_from_deposits_and_pays_the_notaries(world: NativeWorld) -> None:
    deposit(world, 20_000_000, Array((None, 200)))
    assisted = transaction(signers=[OTHER], attributes=[NotaryAssisted(2)])
    run = world.on_persist(NOTARY, [sent_by_notary((4, 5)), transaction(signers=[OTHER]), assisted])
    assert state(world) == (19_999_991, 200)
    # (1 + 1) + (2 + 1) fees of 0.1 GAS for two notaries
    expected = [(None, bytes(key_account(key)), 25_000_000) for key in sorted(NOTARIES, key=lambda key: key.sort_key)]
    assert [event.state for event in run.notifications] == expected


def test_a_deposit_that_is_used_up_is_gone(world: NativeWorld) -> None:
    deposit(world, 20_000_000, Array((None, 200)))
    world.on_persist(NOTARY, [sent_by_notary((20_000_000, 0))])
    assert world.storage.get(NOTARY.id, DEPOSIT_KEY) is None


@pytest.mark.parametrize("amount", [0, 20_000_000])
def test_a_block_whose_transaction_is_not_paid_for_fails(world: NativeWorld, amount: int) -> None:
    if amount:
        deposit(world, amount, Array((None, 200)))
    with pytest.raises(VmFault, match="does not pay"):
        world.on_persist(NOTARY, [sent_by_notary((20_000_001, 0))])


def verified(world: NativeWorld, container: Transaction, private_key: bytes) -> StackItem:
    """What `verify` answers in a transaction to a signature of its own."""
    signature = sign(private_key, container.sign_data(world.settings.network))
    script = ScriptBuilder().call(NOTARY.hash, "verify", [signature]).to_bytes()
    return result(world.run(container, script))


NONE, GLOBAL = WitnessScope.None_, WitnessScope.Global


@pytest.mark.parametrize(
    ("signers", "attributes", "scopes", "private_key", "answer"),
    [
        ([OTHER], [NotaryAssisted(1)], GLOBAL, PRIVATE_KEYS[1], True),
        ([OTHER], [NotaryAssisted(1)], GLOBAL, PRIVATE_KEYS[2], False),
        ([OTHER], [], GLOBAL, PRIVATE_KEYS[1], False),
        ([OTHER, NOTARY.hash], [NotaryAssisted(1)], GLOBAL, PRIVATE_KEYS[1], False),
        ([OTHER, NOTARY.hash], [NotaryAssisted(1)], NONE, PRIVATE_KEYS[1], True),
        ([NOTARY.hash], [NotaryAssisted(1)], NONE, PRIVATE_KEYS[1], False),
        ([NOTARY.hash, OTHER], [NotaryAssisted(1)], NONE, PRIVATE_KEYS[1], False),
        ([NOTARY.hash, OWNER], [NotaryAssisted(1)], NONE, PRIVATE_KEYS[1], True),
    ],
    ids=["notary", "no notary", "no attribute", "scope", "no scope", "no payer", "no deposit", "deposit"],
)
def test_a_notary_signs_what_its_attribute_allows(
    world: NativeWorld,
    signers: list[UInt160],
    attributes: list[TransactionAttribute],
    scopes: WitnessScope,
    private_key: bytes,
    answer: bool,
) -> None:
    deposit(world, 20_000_000, Array((None, 200)))
    container = transaction(signers=signers, attributes=attributes, scopes=scopes, fees=(20_000_000, 0))
    assert verified(world, container, private_key) is answer
