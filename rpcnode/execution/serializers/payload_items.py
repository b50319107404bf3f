"""Blocks, transactions, signers and witness rules as the stack items that scripts get of them.

Source: neo 3.10.2, ToStackItem of Network/P2P/Payloads/{Transaction,Signer,WitnessRule}.cs, Payloads/Conditions/ and
SmartContract/Native/TrimmedBlock.cs.
"""

from rpcnode.payloads.header import Header
from rpcnode.payloads.signer import Signer
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.witness_rule import (
    AndCondition,
    BooleanCondition,
    CalledByContractCondition,
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


def block_item(header: Header, transaction_count: int) -> Array:
    """A block as LedgerContract hands it out: what its header says, and how many transactions there are."""
    return Array(
        [
            bytes(header.hash),
            header.version,
            bytes(header.previous_hash),
            bytes(header.merkle_root),
            header.timestamp_ms,
            header.nonce,
            header.index,
            header.primary_index,
            bytes(header.next_consensus),
            transaction_count,
        ]
    )


def transaction_item(transaction: Transaction) -> Array:
    """A transaction as LedgerContract and GetScriptContainer hand it out.

    Raises VmFault where nobody signs, as in a test invocation without signers.
    """
    if not transaction.signers:
        raise VmFault("Sender is not specified in the transaction.")
    return Array(
        [
            bytes(transaction.hash),
            transaction.version,
            transaction.nonce,
            bytes(transaction.sender),
            transaction.system_fee_datoshi,
            transaction.network_fee_datoshi,
            transaction.valid_until_block,
            transaction.script,
        ]
    )


def signer_item(signer: Signer) -> Array:
    """A signer as LedgerContract and CurrentSigners hand it out; lists whose scope is not set are empty."""
    return Array(
        [
            bytes(signer.account),
            int(signer.scopes),
            Array(map(bytes, signer.allowed_contracts)),
            Array(map(bytes, signer.allowed_groups)),
            Array(map(rule_item, signer.rules)),
        ]
    )


def rule_item(rule: WitnessRule) -> Array:
    """A witness rule: its action, 0 or 1, and its condition."""
    return Array([int(rule.action), condition_item(rule.condition)])


def condition_item(condition: WitnessCondition) -> Array:
    """A condition: the number of its type and what belongs to it."""
    return Array([int(condition.type), *_operands(condition)])


def _operands(condition: WitnessCondition) -> tuple[StackItem, ...]:
    match condition:
        case BooleanCondition(expression):
            return (expression,)
        case NotCondition(inner):
            return (condition_item(inner),)
        case AndCondition(expressions) | OrCondition(expressions):
            return (Array(map(condition_item, expressions)),)
        case ScriptHashCondition(script_hash) | CalledByContractCondition(script_hash):
            return (bytes(script_hash),)
        case GroupCondition(group) | CalledByGroupCondition(group):
            return (bytes(group),)
    return ()
