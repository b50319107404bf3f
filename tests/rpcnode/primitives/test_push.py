import pytest

from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.push import push_data, push_integer


@pytest.mark.parametrize(
    ("value", "code"),
    [
        # neo-vm, OpCode: PUSHM1 0x0f, PUSH0 0x10 ... PUSH16 0x20; PUSHINT8 0x00, 16 0x01, 32 0x02, 64 0x03, 128 0x04,
        # 256 0x05, the operand little-endian two's complement of exactly that width.
        (-1, "0f"),
        (0, "10"),
        (1, "11"),
        (16, "20"),
        (17, "0011"),
        (-2, "00fe"),
        (127, "007f"),
        (-128, "0080"),
        (128, "018000"),
        (-129, "017fff"),
        (32767, "01ff7f"),
        (-32768, "010080"),
        (32768, "0200800000"),
        (0x7FFFFF, "02ffff7f00"),
        (-0x800000, "02000080ff"),
        (2**31 - 1, "02ffffff7f"),
        (2**31, "030000008000000000"),
        (-(2**31) - 1, "03ffffff7fffffffff"),
        (2**63 - 1, "03" + "ff" * 7 + "7f"),
        (-(2**63), "03" + "00" * 7 + "80"),
        (2**63, "04" + "00" * 7 + "80" + "00" * 8),
        (2**127 - 1, "04" + "ff" * 15 + "7f"),
        (2**127, "05" + "00" * 15 + "80" + "00" * 16),
        (-(2**127) - 1, "05" + "ff" * 15 + "7f" + "ff" * 16),
        (2**255 - 1, "05" + "ff" * 31 + "7f"),
        (-(2**255), "05" + "00" * 31 + "80"),
    ],
)
def test_an_integer_takes_the_shortest_instruction(value: int, code: str) -> None:
    assert push_integer(value).hex() == code


@pytest.mark.parametrize("value", [2**255, -(2**255) - 1, 2**300])
def test_more_than_256_bits_cannot_be_pushed(value: int) -> None:
    with pytest.raises(FormatError, match="at most 256 bits"):
        push_integer(value)


@pytest.mark.parametrize(
    ("size", "start"),
    [(0, "0c00"), (1, "0c01"), (255, "0cff"), (256, "0d0001"), (65535, "0dffff"), (65536, "0e00000100")],
)
def test_data_takes_the_instruction_that_its_length_asks_for(size: int, start: str) -> None:
    assert push_data(b"x" * size) == bytes.fromhex(start) + b"x" * size
