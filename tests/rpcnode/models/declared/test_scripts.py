"""The scripts of declared tokens do what their standards ask for."""

from collections.abc import Mapping
from typing import Any

import pytest

from rpcnode.models.declared.rows import properties_row
from rpcnode.models.nft import PROPERTIES
from rpcnode.payloads.signer import WitnessScope
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import integer_bytes
from rpcnode.vm.script_builder import Pushable, ScriptBuilder
from tests.rpcnode.models.declared.token_world import (
    ALICE,
    ART,
    BOB,
    COIN,
    DEAF,
    IDS,
    OWNER,
    PLAIN,
    SHARE,
    WITHOUT_TWINS,
    Outcome,
    genesis_rows,
    run,
    signers_of,
    transaction_of,
)

HELD = b"\x15"


class Chain:
    """Calls one after the other, each in a transaction of its own; what halts is kept."""

    def __init__(self) -> None:
        self.rows: dict[tuple[int, bytes], bytes] = dict(genesis_rows(0))

    def call(self, token: UInt160, method: str, *args: Pushable, signer: UInt160 = OWNER) -> Outcome:
        script = ScriptBuilder().call(token, method, args).to_bytes()
        signers = signers_of({signer: WitnessScope.CalledByEntry})
        outcome = run(WITHOUT_TWINS, self.rows, transaction_of(script, signers))
        for place, value in outcome.changes.items():
            if value is None:
                del self.rows[place]
            else:
                self.rows[place] = value
        return outcome

    def answer(self, token: UInt160, method: str, *args: Pushable, signer: UInt160 = OWNER) -> Any:
        outcome = self.call(token, method, *args, signer=signer)
        assert outcome.fault == ""
        (item,) = outcome.stack
        return item

    def stored(self, token: UInt160) -> Mapping[bytes, bytes]:
        return {key: value for (contract_id, key), value in self.rows.items() if contract_id == IDS[token]}


@pytest.fixture
def chain() -> Chain:
    return Chain()


def test_a_minted_coin_is_a_balance_and_a_supply_and_an_event(chain: Chain) -> None:
    outcome = chain.call(COIN, "mint", ALICE, 1000)
    assert outcome.state == "HALT" and outcome.stack == [("NoneType", None)]
    event = [("NoneType", None), ("bytes", bytes(ALICE)), ("int", 1000)]
    assert outcome.events == [(str(COIN), "Transfer", event)]
    assert chain.stored(COIN) == {b"\x14" + ALICE: integer_bytes(1000), b"\x0b": integer_bytes(1000)}
    assert chain.answer(COIN, "balanceOf", ALICE) == ("int", 1000)
    assert chain.answer(COIN, "totalSupply") == ("int", 1000)
    assert chain.answer(COIN, "symbol") == ("bytes", b"SYM")
    assert chain.answer(COIN, "decimals") == ("int", 8)


def test_a_transferred_coin_leaves_no_row_where_nothing_is_left(chain: Chain) -> None:
    chain.call(COIN, "mint", ALICE, 1000)
    outcome = chain.call(COIN, "transfer", ALICE, BOB, 1000, None, signer=ALICE)
    assert outcome.stack == [("bool", True)]
    assert outcome.events == [(str(COIN), "Transfer", [("bytes", bytes(ALICE)), ("bytes", bytes(BOB)), ("int", 1000)])]
    assert chain.stored(COIN) == {b"\x14" + BOB: integer_bytes(1000), b"\x0b": integer_bytes(1000)}
    chain.call(COIN, "burn", BOB, 1000)
    assert chain.stored(COIN) == {}


@pytest.mark.parametrize(
    ("amount", "signer"), [(1001, ALICE), (5, BOB)], ids=["more than there is", "somebody else signs"]
)
def test_a_transfer_without_balance_or_right_answers_false(chain: Chain, amount: int, signer: UInt160) -> None:
    chain.call(COIN, "mint", ALICE, 1000)
    outcome = chain.call(COIN, "transfer", ALICE, BOB, amount, None, signer=signer)
    assert outcome.stack == [("bool", False)] and outcome.events == [] and outcome.changes == {}


@pytest.mark.parametrize(
    ("method", "args", "text"),
    [
        ("transfer", (ALICE, b"short", 1, None), 'The argument "to" is invalid.'),
        ("transfer", (None, BOB, 1, None), 'The argument "from" is invalid.'),
        ("transfer", (ALICE, BOB, -1, None), 'The argument "amount" is invalid.'),
        ("mint", (ALICE, -1), 'The argument "amount" is invalid.'),
        ("burn", (ALICE, 1), "The balance is insufficient."),
        ("balanceOf", (b"",), 'The argument "account" is invalid.'),
    ],
)
def test_what_makes_no_sense_throws(chain: Chain, method: str, args: tuple[Pushable, ...], text: str) -> None:
    assert chain.call(COIN, method, *args).fault == f"An unhandled exception was thrown. {text}"


@pytest.mark.parametrize("method", ["mint", "burn"])
@pytest.mark.parametrize("token", [COIN, ART, SHARE])
def test_only_the_owner_mints_and_burns(chain: Chain, token: UInt160, method: str) -> None:
    args: tuple[Pushable, ...] = (ALICE, 1) if token == COIN else (ALICE, 1, b"one")
    text = "An unhandled exception was thrown. No authorization."
    assert chain.call(token, method, *args, signer=ALICE).fault == text


def test_a_contract_is_told_of_what_it_gets_and_one_that_is_deaf_gets_nothing(chain: Chain) -> None:
    chain.call(COIN, "mint", ALICE, 10)
    assert chain.call(COIN, "transfer", ALICE, PLAIN, 4, b"data", signer=ALICE).state == "HALT"
    fault = chain.call(COIN, "transfer", ALICE, DEAF, 4, b"data", signer=ALICE).fault
    assert fault == f'Method "onNEP17Payment" with 3 parameter(s) doesn\'t exist in the contract {DEAF}.'
    assert chain.answer(COIN, "balanceOf", PLAIN) == ("int", 4)


def test_an_indivisible_token_has_one_owner_whose_ids_can_be_listed(chain: Chain) -> None:
    for token_id in (b"cat", b"dog"):
        assert chain.call(ART, "mint", ALICE, 1, token_id).state == "HALT"
    outcome = chain.call(ART, "transfer", BOB, b"cat", None, signer=ALICE)
    event = [("bytes", bytes(ALICE)), ("bytes", bytes(BOB)), ("int", 1), ("bytes", b"cat")]
    assert outcome.events == [(str(ART), "Transfer", event)] and outcome.stack == [("bool", True)]
    assert chain.answer(ART, "ownerOf", b"cat") == ("bytes", bytes(BOB))
    assert chain.answer(ART, "balanceOf", ALICE) == ("int", 1)
    assert chain.answer(ART, "tokensOf", BOB) == [("bytes", b"cat")]
    assert chain.answer(ART, "tokens") == [("bytes", b"cat"), ("bytes", b"dog")]
    assert chain.answer(ART, "properties", b"dog") == [(("bytes", b"name"), ("bytes", b"dog"))]
    assert chain.answer(ART, "totalSupply") == ("int", 2)
    again = chain.call(ART, "mint", ALICE, 1, b"cat").fault
    assert again == "An unhandled exception was thrown. The token exists already."
    chain.call(ART, "burn", BOB, 1, b"cat")
    for method in ("ownerOf", "properties"):
        fault = chain.call(ART, method, b"cat").fault
        assert fault == "An unhandled exception was thrown. The token does not exist."


def test_a_divisible_token_has_owners_who_can_be_listed(chain: Chain) -> None:
    for account, token_id in ((ALICE, b"a"), (BOB, b"ab")):
        chain.call(SHARE, "mint", account, 100, token_id)
    assert chain.answer(SHARE, "transfer", ALICE, BOB, 40, b"a", None, signer=ALICE) == ("bool", True)
    assert chain.answer(SHARE, "balanceOf", ALICE, b"a") == ("int", 60)
    assert chain.answer(SHARE, "balanceOf", BOB) == ("int", 140)
    assert chain.answer(SHARE, "ownerOf", b"a") == [("bytes", bytes(ALICE)), ("bytes", bytes(BOB))]
    assert chain.answer(SHARE, "ownerOf", b"ab") == [("bytes", bytes(BOB))]
    assert chain.answer(SHARE, "tokensOf", BOB) == [("bytes", b"a"), ("bytes", b"ab")]
    assert chain.answer(SHARE, "transfer", ALICE, BOB, 61, b"a", None, signer=ALICE) == ("bool", False)
    chain.call(SHARE, "transfer", ALICE, BOB, 60, b"a", None, signer=ALICE)
    assert chain.answer(SHARE, "ownerOf", b"a") == [("bytes", bytes(BOB))]
    assert chain.answer(SHARE, "tokensOf", ALICE) == []
    for token_id, amount in ((b"a", 100), (b"ab", 100)):
        chain.call(SHARE, "burn", BOB, amount, token_id)
    properties = {PROPERTIES + token_id for token_id in (b"a", b"ab")}
    assert chain.stored(SHARE).keys() == properties


def test_the_longest_id_that_a_storage_key_has_room_for_can_be_minted(chain: Chain) -> None:
    for token in (ART, SHARE):
        assert chain.call(token, "mint", ALICE, 1, b"x" * 42).state == "HALT"
        for token_id in (b"x" * 43, b""):
            fault = chain.call(token, "mint", ALICE, 1, token_id).fault
            text = 'The argument "tokenId" should have 1 to 42 bytes.'
            assert fault == f"An unhandled exception was thrown. {text}"


def test_injected_properties_are_what_a_token_shows(chain: Chain) -> None:
    told = {"name": "Katze", "image": "https://example.org/ä.png"}
    chain.rows[IDS[ART], PROPERTIES + b"cat"] = properties_row(told)
    chain.call(ART, "mint", ALICE, 1, b"cat")
    shown = [(("bytes", name.encode()), ("bytes", value.encode())) for name, value in told.items()]
    assert chain.answer(ART, "properties", b"cat") == shown
