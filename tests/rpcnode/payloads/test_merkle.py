import pytest

from rpcnode.payloads.merkle import merkle_root
from rpcnode.primitives.hashes import hash256
from rpcnode.primitives.uint import UInt256

A, B, C, D, E = (UInt256(bytes([value]) * 32) for value in range(1, 6))


def test_no_transactions_have_the_zero_root() -> None:
    assert merkle_root([]) == UInt256.ZERO


def test_one_transaction_is_its_own_root() -> None:
    assert merkle_root([A]) == A


@pytest.mark.parametrize(
    ("leaves", "root"),
    [
        ([A, B], hash256(A + B)),
        ([A, B, C], hash256(hash256(A + B) + hash256(C + C))),
        ([A, B, C, D], hash256(hash256(A + B) + hash256(C + D))),
        (
            [A, B, C, D, E],
            hash256(
                hash256(hash256(A + B) + hash256(C + D)) + hash256(hash256(E + E) + hash256(E + E)),
            ),
        ),
    ],
    ids=["2", "3", "4", "5"],
)
def test_the_last_of_an_odd_level_pairs_with_itself(leaves: list[UInt256], root: bytes) -> None:
    assert merkle_root(leaves) == root
