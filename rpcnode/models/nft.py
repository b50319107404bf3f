"""A non-fungible token in Python: NEP-11, divisible and not, as far as its ledger goes.

Storage: the supply and each account's total under the prefixes of fungible tokens; then what an account holds of a
token, who owns an indivisible token, and each token's properties as the JSON of a map of texts.
"""

import json
from collections.abc import Sequence

from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.storage import Storage, read_integer, write_integer
from rpcnode.models.accounts import account_of
from rpcnode.models.token import ACCOUNT, TOTAL_SUPPLY, Overspent, SafeMethod, decimals_of, symbol_of, total_supply
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import checked, to_bytes
from rpcnode.vm.items import InteropInterface, Map, StackItem

HELD = b"\x15"
OWNER = b"\x16"
PROPERTIES = b"\x17"
MAX_TOKEN_ID_SIZE = 64


def held_key(account: UInt160, token_id: bytes) -> bytes:
    """Where the amount stands that an account holds of a token."""
    return HELD + account + token_id


def move_token(
    storage: Storage,
    contract: ContractState,
    sender: UInt160 | None,
    receiver: UInt160 | None,
    amount: int,
    token_id: bytes,
) -> None:
    """Moves `amount` of a token; no sender mints, no receiver burns. An indivisible token moves as 1, and is minted
    once.

    Raises VmFault where a contract would.
    """
    contract_id = contract.contract_id
    if sender is None and storage.get(contract_id, PROPERTIES + token_id) is None:
        put_properties(storage, contract, token_id, {"name": _text_of(token_id)})
    if not contract.is_divisible:
        if amount != 1:
            raise VmFault(f"an indivisible token moves as 1, not as {amount}")
        owner = storage.get(contract_id, OWNER + token_id)
        if sender is None and owner is not None:
            raise VmFault(f"token {token_id.hex()} is there already")
    if sender is not None:
        held = read_integer(storage, contract_id, held_key(sender, token_id))
        if held < amount:
            raise Overspent(sender, f"has {held} of token {token_id.hex()}")
    observe_token(storage, contract, sender, receiver, amount, token_id)


def observe_token(
    storage: Storage,
    contract: ContractState,
    sender: UInt160 | None,
    receiver: UInt160 | None,
    amount: int,
    token_id: bytes,
) -> None:
    """Follows a Transfer that a real node recorded: as `move_token`, without its checks."""
    contract_id = contract.contract_id
    for account, change in ((sender, -amount), (receiver, amount)):
        if account is not None:
            for key in (ACCOUNT + account, held_key(account, token_id)):
                write_integer(storage, contract_id, key, read_integer(storage, contract_id, key) + change)
    if sender is None or receiver is None:
        minted = (amount if sender is None else 0) - (amount if receiver is None else 0)
        supply = read_integer(storage, contract_id, TOTAL_SUPPLY)
        write_integer(storage, contract_id, TOTAL_SUPPLY, supply + minted)
    if not contract.is_divisible:
        if receiver is None:
            storage.delete(contract_id, OWNER + token_id)
        else:
            storage.put(contract_id, OWNER + token_id, receiver)


def put_properties(storage: Storage, contract: ContractState, token_id: bytes, properties: dict[str, str]) -> None:
    """Writes what `properties` answers for a token."""
    storage.put(contract.contract_id, PROPERTIES + token_id, json.dumps(properties).encode())


def _text_of(token_id: bytes) -> str:
    """A token id as a text, where it is one, or in hex."""
    try:
        text = token_id.decode()
    except UnicodeDecodeError:
        return token_id.hex()
    return text if text.isprintable() else token_id.hex()


def _token_id(item: StackItem) -> bytes:
    token_id = bytes(to_bytes(item))
    if len(token_id) > MAX_TOKEN_ID_SIZE:
        raise VmFault(f"a token id has at most {MAX_TOKEN_ID_SIZE} bytes, got {len(token_id)}")
    return token_id


def _balance_of(contract: ContractState, storage: Storage, args: Sequence[StackItem]) -> StackItem:
    return checked(read_integer(storage, contract.contract_id, ACCOUNT + account_of(args[0])))


def _held_of(contract: ContractState, storage: Storage, args: Sequence[StackItem]) -> StackItem:
    key = held_key(account_of(args[0]), _token_id(args[1]))
    return checked(read_integer(storage, contract.contract_id, key))


def _owner_of(contract: ContractState, storage: Storage, args: Sequence[StackItem]) -> StackItem:
    token_id = _token_id(args[0])
    owner = storage.get(contract.contract_id, OWNER + token_id)
    if owner is None:
        raise VmFault(f"no token {token_id.hex()}")
    return bytes(owner)


def _properties(contract: ContractState, storage: Storage, args: Sequence[StackItem]) -> StackItem:
    token_id = _token_id(args[0])
    text = storage.get(contract.contract_id, PROPERTIES + token_id)
    exists = contract.is_divisible or storage.get(contract.contract_id, OWNER + token_id) is not None
    if text is None or not exists:
        raise VmFault(f"no token {token_id.hex()}")
    return Map((name.encode(), str(value).encode()) for name, value in json.loads(text).items())


def _tokens_of(contract: ContractState, storage: Storage, args: Sequence[StackItem]) -> StackItem:
    prefix = HELD + account_of(args[0])
    return InteropInterface(iter([key[len(prefix) :] for key, _ in storage.find(contract.contract_id, prefix)]))


def _tokens(contract: ContractState, storage: Storage, args: Sequence[StackItem]) -> StackItem:
    prefix = PROPERTIES if contract.is_divisible else OWNER
    return InteropInterface(iter([key[1:] for key, _ in storage.find(contract.contract_id, prefix)]))


INDIVISIBLE_METHODS: dict[tuple[str, int], SafeMethod] = {
    ("symbol", 0): symbol_of,
    ("decimals", 0): decimals_of,
    ("totalSupply", 0): total_supply,
    ("balanceOf", 1): _balance_of,
    ("ownerOf", 1): _owner_of,
    ("properties", 1): _properties,
    ("tokensOf", 1): _tokens_of,
    ("tokens", 0): _tokens,
}
DIVISIBLE_METHODS: dict[tuple[str, int], SafeMethod] = {
    **{key: method for key, method in INDIVISIBLE_METHODS.items() if key != ("ownerOf", 1)},
    ("balanceOf", 2): _held_of,
}
"""What can be asked of a modelled NEP-11 token."""
