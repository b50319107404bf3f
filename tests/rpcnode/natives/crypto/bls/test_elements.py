from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rpcnode.natives.crypto.bls import elements
from rpcnode.natives.crypto.bls.elements import G1Point, G2Point, Gt, add, deserialize, equal, multiply, pair, serialize
from rpcnode.natives.crypto.bls.groups import ORDER
from rpcnode.primitives.errors import VmFault
from tests import part_of

# The generators, draft-irtf-cfrg-pairing-friendly-curves-11, 4.2.1, compressed.
FIRST = bytes.fromhex(
    "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"
)
SECOND = bytes.fromhex(
    "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
    "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
)
P1, P2 = deserialize(FIRST), deserialize(SECOND)
INFINITE_1 = b"\xc0" + bytes(47)
INFINITE_2 = b"\xc0" + bytes(95)

BAD_FORMAT = "One of the identified items was in an invalid format."
OVERFLOW = "Overflow or underflow in the arithmetic operation."
LENGTH = "Invalid BLS12-381 point length"
MISMATCH = "BLS12-381 type mismatch"

scalars = st.integers(0, ORDER - 1).map(lambda number: number.to_bytes(32, "little"))


def scalar(number: int) -> bytes:
    return number.to_bytes(32, "little")


def times(element: object, number: int) -> elements.Element:
    return multiply(element, scalar(number), negative=False)


@pytest.mark.parametrize(
    ("factor", "negative", "data"),
    [
        (1, False, FIRST.hex()),
        (1, True, "b7" + FIRST.hex()[2:]),
        (0, False, INFINITE_1.hex()),
        (
            2,
            False,
            "a572cbea904d67468808c8eb50a9450c9721db309128012543902d0ac358a62ae28f75bb8f1c7c42c39a8c5529bf0f4e",
        ),
        (
            3,
            False,
            "89ece308f9d1f0131765212deca99697b112d61f9be9a5f1f3780a51335b3ff981747a0b2ca2179b96d2c0c9024e5224",
        ),
        (
            0x48A24EFA0C62136AB8BE0B1B6B19A93BBD1BCFE4CFE4C59AF9EA021B85EA033B,
            False,
            "8f246ad4d54316e3be1f9774fb877063db56a50a0d2655e4669f803f97d2dca6ef9d05105361eaee09cb8075bb9553a3",
        ),
    ],
)
def test_multiples_of_the_first_generator_are_those_of_neo_cli(factor: int, negative: bool, data: str) -> None:
    assert serialize(multiply(P1, scalar(factor), negative=negative)).hex() == data


def test_three_times_the_second_generator_is_what_neo_cli_answers() -> None:
    assert serialize(times(P2, 3)).hex() == (
        "89380275bbc8e5dcea7dc4dd7e0550ff2ac480905396eda55062650f8d251c96eb480673937cc6d9d6a44aaa56ca66dc"
        "122915c824a0857e2ee414a3dccb23ae691ae54329781315a0c75df1c04d6d7a50a030fc866f09d516020ef82324afae"
    )


@pytest.mark.parametrize(
    ("factor", "negative", "digest"),
    [
        (1, False, "300e47c99502f3af33ad2080847d528cabd90365a90ab98bc174565c27928591"),
        (2, False, "067894e43096b5a855549fd6d19955d3922f402680ca82cb02ebc545f65779a7"),
        (3, False, "aad5ac496dd4b1ea2a6353051e81950185d56882c75664792ab71164820d386d"),
        (3, True, "093045052599f392c56cd56d3387374465965ed818d3c4b22052908f4397adc1"),
    ],
)
def test_the_generators_pairing_and_its_powers_are_neo_clis(factor: int, negative: bool, digest: str) -> None:
    # SHA-256 of the 576 bytes that a neo-cli 3.10.2 node answers.
    data = serialize(multiply(pair(P1, P2), scalar(factor), negative=negative))
    assert sha256(data).hexdigest() == digest
    assert serialize(deserialize(data)) == data


@settings(max_examples=5, deadline=None)
@given(scalars, scalars)
def test_the_pairing_is_bilinear(a: bytes, b: bytes) -> None:
    product = int.from_bytes(a, "little") * int.from_bytes(b, "little") % ORDER
    left = pair(multiply(P1, a, negative=False), multiply(P2, b, negative=False))
    assert equal(left, times(pair(P1, P2), product))


@settings(max_examples=part_of(10), deadline=None)
@given(st.sampled_from([P1, P2]), scalars, scalars)
def test_points_are_a_group_and_survive_their_bytes(generator: object, a: bytes, b: bytes) -> None:
    both = (int.from_bytes(a, "little") + int.from_bytes(b, "little")) % ORDER
    left, right = multiply(generator, a, negative=False), multiply(generator, b, negative=False)
    assert equal(add(left, right), times(generator, both))
    assert equal(add(left, multiply(generator, a, negative=True)), times(generator, 0))
    if any(a):  # that at infinity has bytes in the first group only
        assert serialize(deserialize(serialize(left))) == serialize(left)


@pytest.mark.parametrize("generator", [P1, P2])
def test_a_point_is_added_to_itself_and_to_that_at_infinity(generator: elements.Element) -> None:
    assert equal(add(generator, generator), times(generator, 2))
    assert equal(add(generator, times(generator, 0)), times(generator, 1))


def test_a_pairing_with_the_point_at_infinity_is_one() -> None:
    one = bytes(575) + b"\x01"
    assert serialize(pair(times(P1, 0), P2)) == one
    assert serialize(pair(P1, times(P2, 0))) == one
    assert serialize(times(pair(P1, P2), 0)) == one


# Texts of a neo-cli 3.10.2 node.
@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", LENGTH),
        (bytes(47), LENGTH),
        (bytes(192), LENGTH),
        (b"\x17" + FIRST[1:], BAD_FORMAT),  # not compressed
        (b"\xd7" + FIRST[1:], BAD_FORMAT),  # infinite, and x
        (b"\xe0" + bytes(47), BAD_FORMAT),  # infinite, and the larger y
        (b"\x40" + bytes(47), BAD_FORMAT),  # infinite, and not compressed
        (b"\x80" + bytes(47), BAD_FORMAT),  # x = 0: on the curve, not in the group
        (b"\xff" * 48, BAD_FORMAT),  # x above the prime
        (b"\x80" + bytes(46) + b"\x07", OVERFLOW),  # no y
        (b"\xa0" + bytes(46) + b"\x02", OVERFLOW),
        (INFINITE_2, OVERFLOW),
        (bytes(96), OVERFLOW),
        (b"\x80" + bytes(94) + b"\x02", BAD_FORMAT),  # not in the group
        (b"\x80" + bytes(94) + b"\x03", OVERFLOW),
        (SECOND[:48] + b"\x82" + SECOND[49:], BAD_FORMAT),
        (b"\x1b" + bytes(575), BAD_FORMAT),
    ],
)
def test_what_is_no_element_fails_in_the_words_of_the_real_node(data: bytes, text: str) -> None:
    with pytest.raises(VmFault) as caught:
        deserialize(data)
    assert str(caught.value) == text


def test_the_first_groups_point_at_infinity_has_bytes_that_are_read_and_the_seconds_has_not() -> None:
    assert deserialize(INFINITE_1) == G1Point(None, is_affine=True)
    assert serialize(times(P2, 0)) == INFINITE_2


def test_bytes_of_the_target_group_are_not_checked_and_a_negative_power_is_no_inverse_then() -> None:
    two = deserialize(bytes(575) + b"\x02")
    assert isinstance(two, Gt)
    assert serialize(add(two, two)) == bytes(575) + b"\x04"
    power = multiply(two, scalar(ORDER - 3), negative=True)
    assert serialize(power) == bytes(575) + b"\x08"  # the order less (the order less 3)
    assert serialize(times(deserialize(bytes(576)), 5)) == bytes(576)
    assert serialize(times(deserialize(bytes(576)), 0)) == bytes(575) + b"\x01"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (bytes(31), "The argument `data` must contain 32 bytes."),
        (bytes(33), "The argument `data` must contain 32 bytes."),
        (scalar(ORDER), BAD_FORMAT),
        (b"\xff" * 32, BAD_FORMAT),
    ],
)
def test_a_scalar_is_32_bytes_below_the_order_before_the_element_is_looked_at(data: bytes, text: str) -> None:
    for element in (P1, object()):
        with pytest.raises(VmFault) as caught:
            multiply(element, data, negative=False)
        assert str(caught.value) == text


def test_a_point_that_was_read_equals_none_that_was_computed() -> None:
    with pytest.raises(VmFault, match=MISMATCH):
        equal(P1, times(P1, 1))
    assert times(P1, 1) != P1
    assert times(P1, 1) == times(P1, 1)
    assert isinstance(P2, G2Point)
    assert deserialize(SECOND) == P2


@pytest.mark.parametrize(("left", "right"), [(P1, P2), (P2, P1), (P1, Gt(pair(P1, P2).value)), (object(), object())])
def test_unlike_elements_do_not_mix(left: object, right: object) -> None:
    for function in (equal, add):
        with pytest.raises(VmFault, match=MISMATCH):
            function(left, right)
    if not isinstance(left, G1Point) or not isinstance(right, G2Point):
        with pytest.raises(VmFault, match=MISMATCH):
            pair(left, right)


def test_an_object_of_another_kind_is_no_element() -> None:
    with pytest.raises(VmFault, match=MISMATCH):
        serialize(object())
    with pytest.raises(VmFault, match=MISMATCH):
        times(object(), 1)
