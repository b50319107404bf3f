"""The check that recorded witnesses are held to."""

import pytest

from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.hashes import hash160
from rpcnode.primitives.keys import derive_private_key, public_key_of, sign
from rpcnode.primitives.uint import UInt160
from tests.rpcnode.payloads.witnesses.testchain_keys import (
    COMMITTEE,
    FOUR_OF_SIX,
    KEYS,
    SINGLE,
    THREE_OF_FOUR,
    VALIDATORS,
)
from tests.rpcnode.payloads.witnesses.witness_signatures import Signatories, is_signed_by, signatories_of

SCRIPTS = ACCOUNT_SCRIPTS["n3"]


@pytest.mark.parametrize(
    ("script", "signatories"),
    [
        (SINGLE, Signatories(1, (COMMITTEE[2],))),
        (THREE_OF_FOUR, Signatories(3, tuple(VALIDATORS))),
        (FOUR_OF_SIX, Signatories(4, tuple(COMMITTEE))),
    ],
)
def test_standard_scripts_name_their_signatories(script: str, signatories: Signatories) -> None:
    assert signatories_of(bytes.fromhex(script)) == signatories


@pytest.mark.parametrize(
    "script",
    [
        "",
        "11",
        SINGLE[2:],
        SINGLE + "40",
        "0c21" + "02" + "00" * 31 + "01" + "4156e7b327",
        "0c21" + KEYS[2] + "419ed0dc3a",
        THREE_OF_FOUR.replace("14419ed0dc3a", "15419ed0dc3a"),
        "10" + THREE_OF_FOUR[2:],
        "15" + THREE_OF_FOUR[2:],
        "419ed0dc3a",
        "11419ed0dc3a",
        "1111419ed0dc3a",
        THREE_OF_FOUR[:-10] + "4156e7b327",
    ],
)
def test_other_scripts_have_no_signatories(script: str) -> None:
    assert signatories_of(bytes.fromhex(script)) is None


PRIVATE = sorted(
    (derive_private_key("signatories", index) for index in range(3)), key=lambda key: public_key_of(key).sort_key
)
TWO_OF_THREE = SCRIPTS.multisig(2, [public_key_of(key) for key in PRIVATE])


@pytest.mark.parametrize(
    ("signers", "accepted"),
    [
        ((0, 1), True),
        ((0, 2), True),
        ((1, 2), True),
        ((1, 0), False),
        ((1, 1), False),
        ((0,), False),
        ((0, 1, 2), False),
        ((), False),
    ],
)
def test_signatures_come_once_each_in_the_order_of_the_keys(signers: tuple[int, ...], accepted: bool) -> None:
    invocation = SCRIPTS.invocation(sign(PRIVATE[signer], b"data") for signer in signers)
    assert is_signed_by(Witness(invocation, TWO_OF_THREE), UInt160(hash160(TWO_OF_THREE)), b"data") is accepted


def test_a_witness_of_another_account_or_message_is_not_accepted() -> None:
    witness = Witness(SCRIPTS.invocation(sign(PRIVATE[i], b"data") for i in (0, 1)), TWO_OF_THREE)
    assert not is_signed_by(witness, UInt160.ZERO, b"data")
    assert not is_signed_by(witness, witness.script_hash, b"other")


def test_an_invocation_that_does_more_than_push_signatures_is_not_accepted() -> None:
    witness = Witness(SCRIPTS.invocation(sign(PRIVATE[i], b"data") for i in (0, 1)) + b"\x21", TWO_OF_THREE)
    assert not is_signed_by(witness, witness.script_hash, b"data")
