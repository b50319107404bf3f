"""What a fixture says that `balanceOf` of a token answers: one answer, or one by account."""

from collections.abc import Mapping
from typing import Final

from rpcnode.chain.description import Contract
from rpcnode.contracts.told_balances import FAILS, Answer
from rpcnode.dev.fixture_errors import nearest, shown
from rpcnode.dev.fixture_items import ItemReader
from rpcnode.dev.fixture_names import Names
from rpcnode.dev.fixture_schema import ContractData
from rpcnode.dev.place import Place
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160

_DEFAULT: Final = "default"
_FORMS: Final = "an answer is {throws: true} or {returns: an item}"

Told = tuple[tuple[UInt160 | None, Answer], ...]


def read_balance_of(contract: Contract, data: ContractData, names: Names, profile: ProfileName) -> Told:
    """The answers of a contract; None of them where the fixture says none. Raises FixtureError.

    `default` is for every account that has none of its own; without it, those answer what they hold.
    """
    told = data.balance_of
    if told is None:
        return ()
    place = data.place.member("balance_of")
    if profile == "n3":
        raise place.error("is for the older profiles; on n3 give a compiled contract that answers so")
    if contract.standard not in ("NEP-5", "NEP-17"):
        raise place.error(f"{contract.key} is {contract.standard}; only a fungible token is asked so")
    if not isinstance(told, dict):
        raise place.error(f"{shown(told)} stands where an answer belongs, or answers by account; {_FORMS}")
    items = ItemReader(names, profile)
    if told.keys() & {"throws", "returns"}:
        return ((None, _answer(told, place, items)),)
    answers: dict[UInt160 | None, Answer] = {}
    for written, answer in told.items():
        inner = place.member(written)
        account = None if written == _DEFAULT else names.account(written, inner)
        if account in answers:
            raise inner.error("is the account of another answer here; each account has one")
        if not isinstance(answer, dict):
            raise inner.error(f"{shown(answer)} is no answer; {_FORMS}")
        answers[account] = _answer(answer, inner, items)
    return tuple(answers.items())


def _answer(told: Mapping[str, Json], place: Place, items: ItemReader) -> Answer:
    for key in told:
        if key not in ("throws", "returns"):
            raise place.member(key).error(f"unknown key; {nearest(key, ['throws', 'returns'])}")
    if len(told) != 1:
        raise place.error(f"has both throws and returns; {_FORMS}" if told else f"is empty; {_FORMS}")
    if "returns" in told:
        return items.read(told["returns"], place.member("returns"))
    if told["throws"] is not True:
        raise place.member("throws").error(f"{shown(told['throws'])} stands where true belongs")
    return FAILS
