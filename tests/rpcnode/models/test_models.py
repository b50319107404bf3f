"""Tests of models/token.py and nft.py: what the models of tokens answer."""

import pytest

from rpcnode.execution.storage import write_integer
from rpcnode.models.nft import DIVISIBLE_METHODS, INDIVISIBLE_METHODS, move_token
from rpcnode.models.token import FUNGIBLE_METHODS, TOTAL_SUPPLY, move
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.equality import Comparisons
from rpcnode.vm.items import Map, StackItem, type_of
from rpcnode.vm.limits import DEFAULT_LIMITS
from tests.rpcnode.models.dict_storage import DictStorage, Method, contract

HOLDER = UInt160(b"\x51" * 20)
COIN = contract(1)
PICTURE = contract(2)
SHARE = contract(3, Method("balanceOf", b"", count=2))


@pytest.fixture
def storage() -> DictStorage:
    """Where the holder has 1 of the coin, the picture "a" and 1 of the share "a"."""
    storage = DictStorage()
    move(storage, COIN.contract_id, None, HOLDER, 1)
    move_token(storage, PICTURE, None, HOLDER, 1, b"a")
    move_token(storage, SHARE, None, HOLDER, 1, b"a")
    return storage


@pytest.mark.parametrize("args", [[bytes(HOLDER)], [bytearray(HOLDER)]], ids=["a ByteString", "a Buffer"])
def test_a_balance_is_an_integer(storage: DictStorage, args: list[StackItem]) -> None:
    answers = [
        FUNGIBLE_METHODS["balanceOf", 1](COIN, storage, args),
        INDIVISIBLE_METHODS["balanceOf", 1](PICTURE, storage, args),
        DIVISIBLE_METHODS["balanceOf", 2](SHARE, storage, [*args, b"a"]),
    ]
    assert [(type(answer), answer) for answer in answers] == [(int, 1)] * 3


def test_the_owner_is_a_byte_string(storage: DictStorage) -> None:
    owner = INDIVISIBLE_METHODS["ownerOf", 1](PICTURE, storage, [b"a"])
    assert type_of(owner).name == "ByteString"  # a hash is none
    assert owner == HOLDER


def test_properties_are_a_map_of_texts(storage: DictStorage) -> None:
    properties = INDIVISIBLE_METHODS["properties", 1](PICTURE, storage, [b"a"])
    assert isinstance(properties, Map)
    assert [*properties.pairs()] == [(b"name", b"a")]


@pytest.mark.parametrize(("method", "args"), [("tokens", []), ("tokensOf", [bytes(HOLDER)])])
def test_an_iterator_equals_no_other_over_the_same_tokens(
    storage: DictStorage, method: str, args: list[StackItem]
) -> None:
    """neo's StorageIterator has no Equals of its own."""
    one, other = (INDIVISIBLE_METHODS[method, len(args)](PICTURE, storage, args) for _ in range(2))
    assert not Comparisons(DEFAULT_LIMITS).equals(one, other)
    assert Comparisons(DEFAULT_LIMITS).equals(one, one)


@pytest.mark.parametrize("account", [None, b"\x51" * 19, b"", 5])
def test_an_argument_that_is_no_account_is_a_fault(storage: DictStorage, account: StackItem) -> None:
    with pytest.raises(VmFault):
        FUNGIBLE_METHODS["balanceOf", 1](COIN, storage, [account])


@pytest.mark.parametrize("supply", [2**255, -(2**255) - 1])
def test_a_supply_past_256_bits_is_a_fault(storage: DictStorage, supply: int) -> None:
    write_integer(storage, COIN.contract_id, TOTAL_SUPPLY, supply)
    with pytest.raises(VmFault, match="Integer size 33 bytes exceeds"):
        FUNGIBLE_METHODS["totalSupply", 0](COIN, storage, [])
