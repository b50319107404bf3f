"""GAS: what moves it, and the rows that hold it."""

import pytest

from rpcnode.execution.application_engine import Call
from rpcnode.execution.serializers.binary import serialize
from rpcnode.natives.committee import key_account, validators_account
from rpcnode.natives.fungible_token import AccountState, balance_in
from rpcnode.natives.gas_token import GAS
from rpcnode.payloads.attribute import NotaryAssisted
from rpcnode.payloads.signer import Signer
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Array, StackItem, Struct
from tests.rpcnode.natives.neo.token_chain import KEYS, TokenChain, finished, settings_for

BANK = validators_account(KEYS[:1])
ALICE, BOB = UInt160(b"\x0a" * 20), UInt160(b"\x0b" * 20)


@pytest.fixture
def chain() -> TokenChain:
    """Alice has 100 datoshi."""
    chain = TokenChain()
    chain.block(lambda run: GAS.transfer(run, BANK, ALICE, 100, None), signed=[BANK])
    return chain


def balance(chain: TokenChain, account: UInt160) -> object:
    return chain.ask(lambda run: GAS.balance_of(run, account))


def test_genesis_has_the_rows_of_a_real_node() -> None:
    # neo-cli 3.10.2, storage of GasToken after block 0 with this committee, all hardforks at 0
    key = ECPoint.parse("02b3622bf4017bdfe317c58aed5f4c753f206b7db896046fa7d774bbc4bf7f8dc2")
    chain = TokenChain(settings_for(committee=(key,)))
    assert {key.hex(): row.hex() for (owner, key), row in chain.rows.rows.items() if owner == GAS.id} == {
        "0b": "80f0cf5b5f7912",
        "14d8cc5a904d526fc9a6cab55ba02c9a6fe789c956": "410121070000d5585f7912",
        "14ee9ea22c27e34bd0148fc4108e08f74e8f5048b2": "4101210480f0fa02",
    }


@pytest.mark.parametrize("amount", [0, 1, 127, 128, 255, 2**63, 2**255 - 1])
def test_an_accounts_row_is_a_struct_of_its_balance(amount: int) -> None:
    row = serialize(Struct((amount,)))
    assert AccountState(amount).to_row() == row
    assert AccountState.parse(row).balance == amount


@pytest.mark.parametrize(
    ("item", "held"), [(Struct((b"\x05",)), 5), (Struct((True,)), 1), (Struct((7, 8, None, 9)), 7)]
)
def test_a_row_of_other_items_is_read_as_the_node_reads_it(item: StackItem, held: int) -> None:
    assert balance_in(serialize(item)) == held


@pytest.mark.parametrize(
    "row", [serialize(Array((5,))), serialize(5), serialize(Struct(())), serialize(Struct((None,)))]
)
def test_a_row_that_is_no_account_fails(row: bytes) -> None:
    with pytest.raises(VmFault):
        balance_in(row)


@pytest.mark.parametrize(
    ("sender", "receiver", "amount", "moved", "after"),
    [
        (ALICE, BOB, 30, True, (70, 30)),
        (ALICE, BOB, 100, True, (0, 100)),
        (ALICE, BOB, 101, False, (100, 0)),
        (ALICE, BOB, 0, True, (100, 0)),
        (ALICE, ALICE, 100, True, (100, 0)),
        (ALICE, ALICE, 101, False, (100, 0)),
        (BOB, ALICE, 1, False, (100, 0)),
        (BOB, ALICE, 0, True, (100, 0)),
    ],
)
def test_a_transfer_moves_what_there_is(
    chain: TokenChain, sender: UInt160, receiver: UInt160, amount: int, moved: bool, after: tuple[int, int]
) -> None:
    results = chain.block(lambda run: GAS.transfer(run, sender, receiver, amount, None), signed=[ALICE, BOB])
    assert results == [moved]
    assert (balance(chain, ALICE), balance(chain, BOB)) == after
    told = [("Transfer", (bytes(sender), bytes(receiver), amount))] if moved else []
    assert chain.events[: len(told)] == told
    assert len(chain.events) == len(told) + 1  # and the committee's reward


def test_an_account_without_gas_has_no_row(chain: TokenChain) -> None:
    chain.block(lambda run: GAS.transfer(run, ALICE, BOB, 100, None), signed=[ALICE])
    assert chain.rows.get(GAS.id, b"\x14" + ALICE) is None


def test_a_transfer_without_the_senders_witness_is_false(chain: TokenChain) -> None:
    assert chain.block(lambda run: GAS.transfer(run, ALICE, BOB, 1, None), signed=[BOB]) == [False]


def test_a_negative_amount_fails_before_anything_is_looked_at(chain: TokenChain) -> None:
    with pytest.raises(VmFault, match=r"^cannot be negative \(Parameter 'amount'\)$"):
        chain.block(lambda run: GAS.transfer(run, ALICE, BOB, -1, None))


def test_a_contract_is_called_when_it_gets_gas_and_nobody_else_is(chain: TokenChain) -> None:
    calls: list[Call] = []
    chain.block(
        lambda run: finished(GAS.transfer(run, ALICE, BOB, 1, b"why"), calls),
        lambda run: finished(GAS.mint(run, BOB, 2, True), calls),
        lambda run: finished(GAS.mint(run, BOB, 3, False), calls),
        lambda run: finished(GAS.transfer(run, ALICE, ALICE, 4, None), calls),
        signed=[ALICE],
        contracts=[BOB],
    )
    assert calls == [
        Call(GAS.hash, BOB, "onNEP17Payment", (bytes(ALICE), 1, b"why")),
        Call(GAS.hash, BOB, "onNEP17Payment", (None, 2, None)),
    ]


def test_the_supply_is_what_was_minted_and_not_burnt(chain: TokenChain) -> None:
    before = chain.ask(GAS.total_supply)
    assert isinstance(before, int)
    chain.block(lambda run: GAS.mint(run, BOB, 7, False), lambda run: GAS.burn(run, ALICE, 60))
    assert chain.ask(GAS.total_supply) == before + 7 - 60 + 50_000_000
    assert chain.events[:2] == [("Transfer", (None, bytes(BOB), 7)), ("Transfer", (bytes(ALICE), None, 60))]


@pytest.mark.parametrize(
    ("account", "amount", "text"),
    [
        (BOB, 1, "Object reference not set to an instance of an object."),
        (ALICE, 101, "Operation is not valid due to the current state of the object."),
        (ALICE, -1, "cannot be negative (Parameter 'amount')"),
    ],
)
def test_burning_what_is_not_there_fails(chain: TokenChain, account: UInt160, amount: int, text: str) -> None:
    with pytest.raises(VmFault) as error:
        chain.block(lambda run: GAS.burn(run, account, amount))
    assert str(error.value) == text


def test_fees_are_burnt_and_network_fees_go_to_who_makes_the_block(chain: TokenChain) -> None:
    chain.rows.rows[-7, b"\x14\x22"] = b"\x02"  # PolicyContract: what NotaryAssisted costs for each key
    plain = Transaction(0, 10, 5, 9, (Signer(ALICE),), (), b"\x40")
    assisted = Transaction(1, 20, 9, 9, (Signer(ALICE),), (NotaryAssisted(3),), b"\x40")
    chain.block(transactions=(plain, assisted))
    assert chain.events[:3] == [
        ("Transfer", (bytes(ALICE), None, 15)),
        ("Transfer", (bytes(ALICE), None, 29)),
        ("Transfer", (None, bytes(key_account(KEYS[0])), 5 + 9 - (3 + 1) * 2)),
    ]


def test_minting_and_burning_nothing_says_nothing(chain: TokenChain) -> None:
    chain.block(lambda run: GAS.mint(run, BOB, 0, True), lambda run: GAS.burn(run, BOB, 0))
    assert [state for _, state in chain.events] == [(None, bytes(key_account(KEYS[2])), 50_000_000)]
