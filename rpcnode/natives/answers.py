"""What native contracts answer scripts without being run: what follows from arguments, contracts and heights alone."""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from rpcnode.execution.accounts import account_of
from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.engine import NotModelled
from rpcnode.execution.native_hashes import (
    CONTRACT_MANAGEMENT,
    CRYPTO_LIB,
    GAS,
    LEDGER,
    NEO,
    POLICY,
    STD_LIB,
    native_metadata,
)
from rpcnode.execution.serializers.contract_items import contract_value
from rpcnode.natives.pure_answers import pure_answer
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import to_int32, to_text
from rpcnode.vm.items import StackItem

NEO_SUPPLY: Final = 100_000_000


class Surroundings(Protocol):
    """What the answers are made of. What is not known raises NotModelled."""

    @property
    def current_index(self) -> int:
        """The newest block that is done."""

    @property
    def current_hash(self) -> bytes:
        """Its hash."""

    def contract(self, script_hash: UInt160) -> ContractState | None:
        """The contract with a hash, if it stands."""

    def contract_by_id(self, contract_id: int) -> ContractState | None:
        """The contract with an id, if it stands."""

    def native_balance(self, token: UInt160, account: UInt160) -> int:
        """What an account holds of NEO or GAS."""

    def gas_supply(self) -> int:
        """How much GAS there is."""

    def is_blocked(self, account: UInt160) -> bool:
        """Whether PolicyContract has blocked an account."""


Answer = Callable[[Surroundings, Sequence[StackItem]], StackItem]


def answer(surroundings: Surroundings, native: UInt160, method: str, args: Sequence[StackItem]) -> StackItem:
    """What a method answers that changes nothing. Raises VmFault where it fails, NotModelled where it is not built."""
    if native in (STD_LIB, CRYPTO_LIB):
        return pure_answer(native, method, args)
    found = _ANSWERS.get((native, method, len(args)))
    if found is None:
        raise NotModelled(f"{method} of the native contract {native}")
    return found(surroundings, args)


def _contract(surroundings: Surroundings, args: Sequence[StackItem]) -> StackItem:
    contract = surroundings.contract(account_of(args[0]))
    return None if contract is None else contract_value(contract)


def _contract_by_id(surroundings: Surroundings, args: Sequence[StackItem]) -> StackItem:
    contract = surroundings.contract_by_id(to_int32(args[0]))
    return None if contract is None else contract_value(contract)


def _is_contract(surroundings: Surroundings, args: Sequence[StackItem]) -> StackItem:
    return surroundings.contract(account_of(args[0])) is not None


def _has_method(surroundings: Surroundings, args: Sequence[StackItem]) -> StackItem:
    contract = surroundings.contract(account_of(args[0]))
    return contract is not None and contract.has_method(to_text(args[1]), to_int32(args[2]))


def _token_answers(token: UInt160) -> dict[tuple[UInt160, str, int], Answer]:
    metadata = native_metadata(token)
    assert metadata is not None
    symbol, decimals = metadata
    return {
        (token, "symbol", 0): lambda surroundings, args: symbol,
        (token, "decimals", 0): lambda surroundings, args: decimals,
        (token, "balanceOf", 1): lambda surroundings, args: surroundings.native_balance(token, account_of(args[0])),
    }


_ANSWERS: Final[dict[tuple[UInt160, str, int], Answer]] = {
    (CONTRACT_MANAGEMENT, "getContract", 1): _contract,
    (CONTRACT_MANAGEMENT, "getContractById", 1): _contract_by_id,
    (CONTRACT_MANAGEMENT, "isContract", 1): _is_contract,
    (CONTRACT_MANAGEMENT, "hasMethod", 3): _has_method,
    (LEDGER, "currentIndex", 0): lambda surroundings, args: surroundings.current_index,
    (LEDGER, "currentHash", 0): lambda surroundings, args: surroundings.current_hash,
    (NEO, "totalSupply", 0): lambda surroundings, args: NEO_SUPPLY,
    (GAS, "totalSupply", 0): lambda surroundings, args: surroundings.gas_supply(),
    (POLICY, "isBlocked", 1): lambda surroundings, args: surroundings.is_blocked(account_of(args[0])),
    **_token_answers(NEO),
    **_token_answers(GAS),
}
