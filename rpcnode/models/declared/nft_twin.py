"""The methods of declared NEP-11 tokens in Python, step by step as nft_script.py has them."""

from collections.abc import Sequence
from typing import Any, Final

from rpcnode.execution.records import Notification
from rpcnode.execution.serializers.binary import serialize
from rpcnode.models.declared.fungible_twin import COMMON_WORK, Work
from rpcnode.models.declared.parts import MAX_TOKEN_ID_SIZE, SERIALIZE
from rpcnode.models.declared.plan import IsWitness, Plan, Uncertain, is_account
from rpcnode.models.declared.rows import owners_key
from rpcnode.models.declared.templates import Constants
from rpcnode.models.nft import HELD, OWNER, PROPERTIES
from rpcnode.models.token import ACCOUNT, TOTAL_SUPPLY
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Map


def _is_id(item: object) -> bool:
    return type(item) is bytes and 1 <= len(item) <= MAX_TOKEN_ID_SIZE


def _describe(plan: Plan, token_id: bytes) -> None:
    key = PROPERTIES + token_id
    if plan.get(key) is None:
        plan.ask(SERIALIZE)
        plan.put(key, None, serialize(Map(((b"name", token_id),))))
    else:
        plan.way.append("described")


def _change_indivisible(plan: Plan, account: bytes, token_id: bytes, amount: int) -> None:
    plan.add(ACCOUNT + account, amount)
    plan.add(HELD + account + token_id, amount)


def _change_divisible(plan: Plan, account: bytes, token_id: bytes, amount: int) -> None:
    plan.add(ACCOUNT + account, amount)
    key = HELD + account + token_id
    old = plan.get(key)
    held = plan.number(old) + amount
    owners = owners_key(token_id, account)
    plan.write(owners, plan.get(owners), 1 if held else 0)
    plan.write(key, old, held)


def _transfer_indivisible(
    plan: Plan, token: UInt160, constants: Constants, args: Sequence[Any], is_witness: IsWitness
) -> bool:
    receiver, token_id, _ = args
    if not is_account(receiver) or not _is_id(token_id):
        raise Uncertain
    key = OWNER + token_id
    sender = plan.get(key)
    if sender is None or not is_account(sender):
        raise Uncertain
    if not is_witness(sender):
        plan.way.append("no witness")
        return False
    if sender == receiver:
        plan.way.append("moved")
    else:
        plan.put(key, sender, receiver)
        _change_indivisible(plan, sender, token_id, -1)
        _change_indivisible(plan, receiver, token_id, 1)
    plan.events.append(Notification(token, "Transfer", (sender, receiver, 1, token_id)))
    plan.tell(receiver, "transfer done")
    return True


def _mint_indivisible(
    plan: Plan, token: UInt160, constants: Constants, args: Sequence[Any], is_witness: IsWitness
) -> None:
    receiver, amount, token_id = args
    if not is_account(receiver) or not _is_one(amount) or not _is_id(token_id) or not is_witness(constants.owner):
        raise Uncertain
    key = OWNER + token_id
    if plan.get(key) is not None:
        raise Uncertain
    plan.put(key, None, receiver)
    _change_indivisible(plan, receiver, token_id, 1)
    plan.add(TOTAL_SUPPLY, 1)
    _describe(plan, token_id)
    plan.events.append(Notification(token, "Transfer", (None, receiver, 1, token_id)))
    plan.tell(receiver, "mint done")


def _burn_indivisible(
    plan: Plan, token: UInt160, constants: Constants, args: Sequence[Any], is_witness: IsWitness
) -> None:
    sender, amount, token_id = args
    if not is_account(sender) or not _is_one(amount) or not _is_id(token_id) or not is_witness(constants.owner):
        raise Uncertain
    key = OWNER + token_id
    if plan.get(key) != sender:
        raise Uncertain
    plan.delete(key)
    _change_indivisible(plan, sender, token_id, -1)
    plan.add(TOTAL_SUPPLY, -1)
    plan.events.append(Notification(token, "Transfer", (sender, None, 1, token_id)))


def _transfer_divisible(
    plan: Plan, token: UInt160, constants: Constants, args: Sequence[Any], is_witness: IsWitness
) -> bool:
    sender, receiver, amount, token_id, _ = args
    if not is_account(sender) or not is_account(receiver) or not _is_amount(amount) or not _is_id(token_id):
        raise Uncertain
    if not is_witness(sender):
        plan.way.append("no witness")
        return False
    if plan.number(plan.get(HELD + sender + token_id)) < amount:
        plan.way.append("overspent")
        return False
    if amount:
        _change_divisible(plan, sender, token_id, -amount)
        _change_divisible(plan, receiver, token_id, amount)
    else:
        plan.way.append("moved")
    plan.events.append(Notification(token, "Transfer", (sender, receiver, amount, token_id)))
    plan.tell(receiver, "transfer done")
    return True


def _mint_divisible(
    plan: Plan, token: UInt160, constants: Constants, args: Sequence[Any], is_witness: IsWitness
) -> None:
    receiver, amount, token_id = args
    if not is_account(receiver) or not _is_amount(amount) or not _is_id(token_id) or not is_witness(constants.owner):
        raise Uncertain
    _change_divisible(plan, receiver, token_id, amount)
    plan.add(TOTAL_SUPPLY, amount)
    _describe(plan, token_id)
    plan.events.append(Notification(token, "Transfer", (None, receiver, amount, token_id)))
    plan.tell(receiver, "mint done")


def _burn_divisible(
    plan: Plan, token: UInt160, constants: Constants, args: Sequence[Any], is_witness: IsWitness
) -> None:
    sender, amount, token_id = args
    if not is_account(sender) or not _is_amount(amount) or not _is_id(token_id) or not is_witness(constants.owner):
        raise Uncertain
    if plan.number(plan.get(HELD + sender + token_id)) < amount:
        raise Uncertain
    _change_divisible(plan, sender, token_id, -amount)
    plan.add(TOTAL_SUPPLY, -amount)
    plan.events.append(Notification(token, "Transfer", (sender, None, amount, token_id)))


def _balance_of_id(plan: Plan, token: UInt160, constants: Constants, args: Sequence[Any], is_witness: IsWitness) -> int:
    account, token_id = args
    if not is_account(account) or not _is_id(token_id):
        raise Uncertain
    return plan.number(plan.get(HELD + account + token_id))


def _is_one(item: object) -> bool:
    return type(item) is int and item == 1


def _is_amount(item: object) -> bool:
    return type(item) is int and item >= 0


INDIVISIBLE_WORK: Final[dict[str, Work]] = {
    **COMMON_WORK,
    "transfer": _transfer_indivisible,
    "mint": _mint_indivisible,
    "burn": _burn_indivisible,
}
DIVISIBLE_WORK: Final[dict[str, Work]] = {
    **COMMON_WORK,
    "balanceOf id": _balance_of_id,
    "transfer": _transfer_divisible,
    "mint": _mint_divisible,
    "burn": _burn_divisible,
}
"""What each method does, by the label at which it begins."""
