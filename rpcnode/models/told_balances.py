"""What `balanceOf` of a token was told to answer, account by account: by a fixture, or by an older node's recording.

An answer is one item or none, which stands for a call that fails. They stand in storage beside the token's observed
balances, so that the past is kept as for these: under the account, or for every account that has none of its own.
"""

import json
from collections.abc import Sequence
from typing import Final

from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.serializers.item_json import item_from_json, item_to_json
from rpcnode.execution.storage import Storage, write_integer
from rpcnode.models.accounts import account_of
from rpcnode.models.observed import observed_id
from rpcnode.models.token import ACCOUNT, balance_of
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import checked
from rpcnode.vm.items import StackItem

_TOLD: Final = b"\x15"
_NO_LIMIT: Final = 2**31 - 1


class Fails:
    """The answer of a call that fails."""


FAILS: Final = Fails()

Answer = StackItem | Fails


def answer_json(answer: Answer) -> Json:
    """An answer as JSON, null for one that fails."""
    return None if isinstance(answer, Fails) else item_to_json(answer, _NO_LIMIT)


def answer_of(told: Json) -> Answer:
    """What `answer_json` wrote."""
    return FAILS if told is None else item_from_json(told)


def tell(storage: Storage, contract_id: int, account: UInt160 | None, answer: Answer) -> None:
    """Has `balanceOf` answer so for an account from now on, None: for every account without an answer of its own."""
    key = _TOLD + (account or b"")
    storage.put(observed_id(contract_id), key, json.dumps(answer_json(answer)).encode())


def follow(storage: Storage, contract_id: int, account: UInt160, balance: int) -> None:
    """Sets what an account holds, which `balanceOf` answers unless it is told otherwise."""
    storage.delete(observed_id(contract_id), _TOLD + account)
    write_integer(storage, observed_id(contract_id), ACCOUNT + account, balance)


def told_balance_of(contract: ContractState, storage: Storage, args: Sequence[StackItem]) -> StackItem:
    """What `balanceOf` answers; `contract` is as it is asked for observed balances. Raises VmFault where it fails."""
    account = account_of(args[0])
    told = storage.get(contract.contract_id, _TOLD + account)
    if told is None:
        told = storage.get(contract.contract_id, _TOLD)
    if told is None:
        return checked(balance_of(storage, contract.contract_id, account))
    answer = answer_of(json.loads(told))
    if isinstance(answer, Fails):
        raise VmFault(f"balanceOf of {contract.script_hash} fails for {account}")
    return answer
