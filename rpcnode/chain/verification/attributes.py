"""Whether a transaction may have its attributes, and what they cost.

Source: neo 3.10.2, Network/P2P/Payloads/{HighPriorityAttribute,OracleResponse,NotValidBefore,Conflicts,
NotaryAssisted}.cs.
"""

from collections.abc import Callable
from typing import Any, Final

from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.native_hashes import NATIVES_OF_N3
from rpcnode.execution.test_invocation import ExecutionState
from rpcnode.natives.committee import committee_address, validators_account
from rpcnode.natives.oracle_requests import request_of
from rpcnode.natives.policy_values import attribute_fee
from rpcnode.natives.roles import Role, designated
from rpcnode.payloads.attribute import (
    Conflicts,
    HighPriority,
    NotaryAssisted,
    NotValidBefore,
    OracleResponse,
    TransactionAttribute,
)
from rpcnode.payloads.signer import WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.script_builder import ScriptBuilder

_NOTARY: Final = NATIVES_OF_N3["Notary"]
ORACLE_SCRIPT: Final = ScriptBuilder().call(NATIVES_OF_N3["OracleContract"], "finish", ()).to_bytes()
"""The only script of a transaction that answers an oracle request."""

_SIGNERS_WITH_NOTARY: Final = 2


def attribute_holds(attribute: TransactionAttribute, transaction: Transaction, state: ExecutionState) -> bool:
    """Whether the transaction may have the attribute in the block after a state."""
    return _CHECKS[type(attribute)](attribute, transaction, state)


def attributes_fee(transaction: Transaction, state: ExecutionState) -> int:
    """What the attributes of a transaction cost of its network fee, in datoshi."""
    return sum(_fee(attribute, transaction, state) for attribute in transaction.attributes)


def _fee(attribute: TransactionAttribute, transaction: Transaction, state: ExecutionState) -> int:
    fee = attribute_fee(state.storage, attribute.type)
    if isinstance(attribute, Conflicts):
        return fee * len(transaction.signers)
    return fee * (attribute.key_count + 1) if isinstance(attribute, NotaryAssisted) else fee


def _has_signer(transaction: Transaction, account: UInt160) -> bool:
    return any(signer.account == account for signer in transaction.signers)


def _high_priority(attribute: HighPriority, transaction: Transaction, state: ExecutionState) -> bool:
    return _has_signer(transaction, committee_address(state.storage))


def _oracle_response(attribute: OracleResponse, transaction: Transaction, state: ExecutionState) -> bool:
    if any(signer.scopes != WitnessScope.None_ for signer in transaction.signers):
        return False
    request = request_of(state.storage, attribute.id) if transaction.script == ORACLE_SCRIPT else None
    fees = transaction.network_fee_datoshi + transaction.system_fee_datoshi
    if request is None or fees != request.gas_for_response:
        return False
    nodes = designated(state.storage, Role.Oracle, state.ledger.current_index + 1)
    return bool(nodes) and _has_signer(transaction, validators_account(nodes))


def _not_valid_before(attribute: NotValidBefore, transaction: Transaction, state: ExecutionState) -> bool:
    return state.ledger.current_index >= attribute.height


def _conflicts(attribute: Conflicts, transaction: Transaction, state: ExecutionState) -> bool:
    # neo-cli 3.10.2 refuses a hash that is named twice, which its sources of April 2026 do not.
    if transaction.attributes.count(attribute) > 1:
        return False
    return state.ledger.transaction(attribute.hash) is None


def _notary_assisted(attribute: NotaryAssisted, transaction: Transaction, state: ExecutionState) -> bool:
    if not state.settings.is_enabled(Hardfork.Echidna, state.ledger.current_index):
        return False
    if transaction.sender == _NOTARY:
        return len(transaction.signers) == _SIGNERS_WITH_NOTARY
    return _has_signer(transaction, _NOTARY)


_CHECKS: Final[dict[type[TransactionAttribute], Callable[[Any, Transaction, ExecutionState], bool]]] = {
    HighPriority: _high_priority,
    OracleResponse: _oracle_response,
    NotValidBefore: _not_valid_before,
    Conflicts: _conflicts,
    NotaryAssisted: _notary_assisted,
}
