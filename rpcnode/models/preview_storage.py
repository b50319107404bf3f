"""What stands in the storage of preview2's native tokens: validators and their votes, supplies, accounts of GAS.

Source: neo 3.0.0-preview2, Neo: SmartContract/Native/Tokens: NeoToken.RegisterValidator, GetRegisteredValidators,
GetValidators; Nep5Token, Nep5AccountState.
"""

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.native_hashes import NATIVE_TOKENS
from rpcnode.execution.serializers.binary import serialize
from rpcnode.execution.storage import Storage, read_integer, write_integer
from rpcnode.models.token import ACCOUNT, TOTAL_SUPPLY, balance_of
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Struct, integer_bytes, integer_of

NEO: Final = NATIVE_TOKENS["n3-preview"]["NEO"]
GAS: Final = NATIVE_TOKENS["n3-preview"]["GAS"]
_VALIDATOR: Final = b"\x21"


class State(Protocol):
    """What is asked of a chain's state."""

    def contract(self, script_hash: UInt160) -> ContractState | None: ...
    def storage_get(self, contract_id: int, key: bytes) -> bytes | None: ...
    def storage_find(self, contract_id: int, prefix: bytes) -> Iterator[tuple[bytes, bytes]]: ...


def register(storage: Storage, neo_id: int, validator: ECPoint, votes: int) -> None:
    """Has a validator registered, with these votes."""
    storage.put(neo_id, _VALIDATOR + validator, integer_bytes(votes))


def registered_validators(state: State) -> list[tuple[ECPoint, int]]:
    """The validators, and the votes of each, in the order of their bytes; none where elections are not told."""
    neo = state.contract(NEO)
    rows = () if neo is None else state.storage_find(neo.contract_id, _VALIDATOR)
    return [(ECPoint(key[len(_VALIDATOR) :]), integer_of(votes)) for key, votes in rows]


def next_validators(state: State, standby: Sequence[ECPoint]) -> list[ECPoint]:
    """Who makes the next block, as far as votes are told: as many as stand by, those with most votes first of all."""
    told = registered_validators(state) or [(key, 0) for key in standby]
    eligible = [(key, votes) for key, votes in told if votes > 0 or key in standby]
    best = sorted(eligible, key=lambda entry: (-entry[1], entry[0].sort_key))[: len(standby)]
    return sorted((key for key, _ in best), key=lambda key: key.sort_key)


def count_supply(storage: Storage, token_id: int, account: UInt160, balance: int) -> None:
    """Lets the supply of a native token follow what an account is about to hold."""
    supply = read_integer(storage, token_id, TOTAL_SUPPLY) + balance - balance_of(storage, token_id, account)
    write_integer(storage, token_id, TOTAL_SUPPLY, supply)


def stored_value(state: State, contract_id: int, key: bytes) -> bytes | None:
    """What a contract has under a key; an account of GAS is a Struct there, of one Integer."""
    value = state.storage_get(contract_id, key)
    gas = state.contract(GAS)
    is_account = len(key) == len(ACCOUNT) + UInt160.SIZE and key.startswith(ACCOUNT)
    if value is not None and is_account and gas is not None and gas.contract_id == contract_id:
        return serialize(Struct([integer_of(value)]))
    return value
