import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.primitives.push_neo2 import push_data, push_integer


@pytest.mark.parametrize(
    ("value", "code"),
    [
        # neo-vm 2.4, OpCode: PUSHM1 0x4f, PUSH0 0x00, PUSH1 0x51 ... PUSH16 0x60; any other number is pushed as bytes,
        # as few as its two's complement takes.
        (-1, "4f"),
        (0, "00"),
        (1, "51"),
        (16, "60"),
        (17, "0111"),
        (-2, "01fe"),
        (127, "017f"),
        (128, "028000"),
        (-128, "0180"),
        (-129, "027fff"),
        (0x713FB300, "0400b33f71"),
        (0x80000000, "050000008000"),
    ],
)
def test_numbers_are_pushed_as_wallets_push_them(value: int, code: str) -> None:
    assert push_integer(value).hex() == code


@pytest.mark.parametrize(
    ("size", "prefix"),
    [
        (0, "00"),
        (1, "01"),
        (75, "4b"),
        (76, "4c4c"),
        (255, "4cff"),
        (256, "4d0001"),
        (65535, "4dffff"),
        (65536, "4e00000100"),
    ],
)
def test_the_instruction_follows_from_the_length(size: int, prefix: str) -> None:
    assert push_data(bytes(size)) == bytes.fromhex(prefix) + bytes(size)


@given(st.integers(-(2**255), 2**255 - 1).filter(lambda value: not -1 <= value <= 16))
def test_a_pushed_number_reads_back_and_has_no_byte_to_spare(value: int) -> None:
    size, data = push_integer(value)[0], push_integer(value)[1:]
    assert (len(data), int.from_bytes(data, "little", signed=True)) == (size, value)
    assert size == 1 or int.from_bytes(data[:-1], "little", signed=True) != value
