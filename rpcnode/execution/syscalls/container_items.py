"""Transactions and their signers as the stack items that scripts get of them.

Source: neo 3.10.2, the ToStackItem of Transaction, Signer, WitnessRule and the conditions.
"""

from collections.abc import Callable
from typing import Any, Final

from rpcnode.payloads.signer import Signer
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.witness_rule import (
    AndCondition,
    BooleanCondition,
    CalledByContractCondition,
    CalledByEntryCondition,
    CalledByGroupCondition,
    GroupCondition,
    NotCondition,
    OrCondition,
    ScriptHashCondition,
    WitnessCondition,
    WitnessRule,
)
from rpcnode.primitives.errors import VmFault
from rpcnode.vm.items import Array, StackItem


def transaction_item(transaction: Transaction) -> Array:
    """Hash, version, nonce, sender, system fee, network fee, valid-until block, script.

    Raises VmFault where nobody signs, as in a test invocation without signers.
    """
    if not transaction.signers:
        raise VmFault("Sender is not specified in the transaction.")
    return Array(
        (
            bytes(transaction.hash),
            transaction.version,
            transaction.nonce,
            bytes(transaction.sender),
            transaction.system_fee_datoshi,
            transaction.network_fee_datoshi,
            transaction.valid_until_block,
            transaction.script,
        )
    )


def signer_item(signer: Signer) -> Array:
    """Account, scopes, allowed contracts, allowed groups, rules."""
    return Array(
        (
            bytes(signer.account),
            int(signer.scopes),
            Array(map(bytes, signer.allowed_contracts)),
            Array(map(bytes, signer.allowed_groups)),
            Array(map(_rule_item, signer.rules)),
        )
    )


def _rule_item(rule: WitnessRule) -> Array:
    return Array((int(rule.action), condition_item(rule.condition)))


def condition_item(condition: WitnessCondition) -> Array:
    """The condition's type, then what it holds."""
    return Array((int(condition.type), *_HELD[type(condition)](condition)))


_HELD: Final[dict[type[WitnessCondition], Callable[[Any], tuple[StackItem, ...]]]] = {
    BooleanCondition: lambda condition: (condition.expression,),
    NotCondition: lambda condition: (condition_item(condition.expression),),
    AndCondition: lambda condition: (Array(map(condition_item, condition.expressions)),),
    OrCondition: lambda condition: (Array(map(condition_item, condition.expressions)),),
    ScriptHashCondition: lambda condition: (bytes(condition.hash),),
    GroupCondition: lambda condition: (bytes(condition.group),),
    CalledByEntryCondition: lambda condition: (),
    CalledByContractCondition: lambda condition: (bytes(condition.hash),),
    CalledByGroupCondition: lambda condition: (bytes(condition.group),),
}
