"""The rows of NEO's accounts and candidates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.execution.serializers.binary import serialize
from rpcnode.natives.fungible_token import balance_in
from rpcnode.natives.neo.accounts import NeoAccountState
from rpcnode.natives.neo.candidates import Candidate
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import VmFault
from rpcnode.vm.items import Array, StackItem, Struct
from tests.rpcnode.natives.neo.token_chain import KEYS

numbers = st.integers(0, 2**130)


@given(numbers, st.integers(0, 2**32 - 1), st.sampled_from((None, *KEYS)), numbers)
def test_an_accounts_row_is_a_struct_of_four(balance: int, height: int, vote_to: ECPoint | None, last: int) -> None:
    row = serialize(Struct((balance, height, None if vote_to is None else bytes(vote_to), last)))
    read = NeoAccountState.parse(row)
    assert (read.balance, read.balance_height, read.vote_to, read.last_gas_per_vote) == (balance, height, vote_to, last)
    assert read.to_row() == row
    assert balance_in(row) == balance


@pytest.mark.parametrize(
    "item", [Struct((b"\x05", True, bytes(KEYS[0]), b"")), Struct((5, 1, bytes(KEYS[0]), 0, None))]
)
def test_a_row_of_other_items_is_read_as_the_node_reads_it(item: StackItem) -> None:
    read = NeoAccountState.parse(serialize(item))
    assert (read.balance, read.balance_height, read.vote_to, read.last_gas_per_vote) == (5, 1, KEYS[0], 0)


@pytest.mark.parametrize("item", [Struct((5,)), Array((5, 1, None, 0)), 5, Struct((5, 1, Array(), 0))])
def test_a_row_that_is_no_account_fails(item: StackItem) -> None:
    with pytest.raises(VmFault):
        NeoAccountState.parse(serialize(item))


@given(st.booleans(), numbers)
def test_a_candidates_row_is_a_struct_of_two(is_registered: bool, votes: int) -> None:
    row = serialize(Struct((is_registered, votes)))
    assert Candidate.parse(row) == (is_registered, votes)
    assert Candidate(is_registered, votes).to_row() == row


def test_a_candidates_row_of_other_items_is_read_as_the_node_reads_it() -> None:
    assert Candidate.parse(serialize(Struct((5, b"\x07")))) == (True, 7)
    with pytest.raises(VmFault):
        Candidate.parse(serialize(Array((True, 7))))
