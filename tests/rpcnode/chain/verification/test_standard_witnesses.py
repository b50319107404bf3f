"""Which scripts are accounts of one key and of several, and which invocations only push signatures."""

import pytest

from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.standard_witnesses import (
    SINGLE_KEY_PRICE,
    MultisigScript,
    multisig_of,
    signatures_of,
    single_key_of,
)
from rpcnode.primitives.keys import derive_private_key, public_key_of

SCRIPTS = ACCOUNT_SCRIPTS["n3"]
KEYS = sorted((public_key_of(derive_private_key("keys", index)) for index in range(20)), key=lambda key: key.sort_key)
SINGLE = SCRIPTS.single_key(KEYS[0])
TWO_OF_THREE = SCRIPTS.multisig(2, KEYS[:3])
SIGNATURE = bytes(range(64))
PUSHED = b"\x0c\x40" + SIGNATURE


def test_the_key_of_a_script_is_found() -> None:
    assert single_key_of(SINGLE) == KEYS[0]


@pytest.mark.parametrize(
    "script", [SINGLE[:-1], SINGLE + b"\x40", b"\x0c\x20" + SINGLE[2:], SINGLE[:-1] + b"\x28", TWO_OF_THREE, b""]
)
def test_any_other_script_is_not_of_one_key(script: bytes) -> None:
    assert single_key_of(script) is None


@pytest.mark.parametrize(("required", "count"), [(1, 1), (2, 3), (16, 16), (17, 20), (20, 20)])
def test_the_keys_of_several_are_found(required: int, count: int) -> None:
    found = multisig_of(SCRIPTS.multisig(required, KEYS[:count]))
    assert found == MultisigScript(required, tuple(map(bytes, KEYS[:count])))


def test_a_number_may_be_pushed_in_the_longer_forms() -> None:
    keys = TWO_OF_THREE[1:-6]
    for two, three in ((b"\x00\x02", b"\x00\x03"), (b"\x01\x02\x00", b"\x01\x03\x00")):
        assert multisig_of(two + keys + three + TWO_OF_THREE[-5:]) == multisig_of(TWO_OF_THREE)


@pytest.mark.parametrize(
    "script",
    [
        TWO_OF_THREE[:-1],
        TWO_OF_THREE + b"\x40",
        b"\x10" + TWO_OF_THREE[1:],  # none is required
        b"\x14" + TWO_OF_THREE[1:],  # four of three
        TWO_OF_THREE[:-6] + b"\x12" + TWO_OF_THREE[-5:],  # three keys are said to be two
        TWO_OF_THREE[:-1] + b"\x27",
        SINGLE,
        TWO_OF_THREE[:41],
        b"",
    ],
)
def test_any_other_script_is_not_of_several_keys(script: bytes) -> None:
    assert multisig_of(script) is None


@pytest.mark.parametrize("cut", range(len(TWO_OF_THREE)))
def test_a_script_that_is_cut_off_is_not_of_several_keys(cut: int) -> None:
    assert multisig_of(TWO_OF_THREE[:cut]) is None


def test_prices_are_those_of_the_instructions() -> None:
    # PUSHDATA1 is 8, PUSH1 to PUSH16 are 1, a check of a signature is 32,768.
    assert SINGLE_KEY_PRICE == 8 + 8 + 32_768
    found = multisig_of(TWO_OF_THREE)
    assert found is not None
    assert found.price == 5 * 8 + 2 + 3 * 32_768


@pytest.mark.parametrize(
    ("invocation", "signatures"),
    [
        (b"", ()),
        (PUSHED, (SIGNATURE,)),
        (PUSHED * 3, (SIGNATURE,) * 3),
        (PUSHED[:-1], None),
        (PUSHED + b"\x40", None),
        (b"\x0c\x3f" + SIGNATURE, None),
        (b"\x0d\x40" + SIGNATURE, None),
    ],
)
def test_an_invocation_that_pushes_signatures_alone_is_read(
    invocation: bytes, signatures: tuple[bytes, ...] | None
) -> None:
    assert signatures_of(invocation) == signatures
