"""The methods of a declared fungible token in Python, step by step as fungible_script.py has them."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from rpcnode.execution.records import Notification
from rpcnode.models.declared.plan import IsWitness, Plan, Uncertain, is_account
from rpcnode.models.declared.templates import Constants
from rpcnode.models.token import ACCOUNT, TOTAL_SUPPLY
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem

Work: TypeAlias = Callable[[Plan, UInt160, Constants, Sequence[Any], IsWitness], StackItem]
"""What a method does, and what it leaves; takes the token's hash, its constants and the arguments."""


def transfer(plan: Plan, token: UInt160, constants: Constants, args: Sequence[Any], is_witness: IsWitness) -> bool:
    """Moves an amount to what is no contract; False without right or balance."""
    sender, receiver, amount, _ = args
    if not is_account(sender) or not is_account(receiver) or type(amount) is not int or amount < 0:
        raise Uncertain
    if not is_witness(sender):
        plan.way.append("no witness")
        return False
    if amount:
        key = ACCOUNT + sender
        old = plan.get(key)
        rest = plan.number(old) - amount
        if rest < 0:
            plan.way.append("overspent")
            return False
        plan.write(key, old, rest)
        plan.add(ACCOUNT + receiver, amount)
    else:
        plan.way.append("moved")
    plan.events.append(Notification(token, "Transfer", (sender, receiver, amount)))
    plan.tell(receiver, "transfer done")
    return True


def mint(plan: Plan, token: UInt160, constants: Constants, args: Sequence[Any], is_witness: IsWitness) -> None:
    """Makes an amount for what is no contract."""
    receiver, amount = args
    if not is_account(receiver) or type(amount) is not int or amount < 0 or not is_witness(constants.owner):
        raise Uncertain
    plan.add(ACCOUNT + receiver, amount)
    plan.add(TOTAL_SUPPLY, amount)
    plan.events.append(Notification(token, "Transfer", (None, receiver, amount)))
    plan.tell(receiver, "mint done")


def burn(plan: Plan, token: UInt160, constants: Constants, args: Sequence[Any], is_witness: IsWitness) -> None:
    """Takes an amount from an account and from the supply."""
    sender, amount = args
    if not is_account(sender) or type(amount) is not int or amount < 0 or not is_witness(constants.owner):
        raise Uncertain
    key = ACCOUNT + sender
    old = plan.get(key)
    rest = plan.number(old) - amount
    if rest < 0:
        raise Uncertain
    plan.write(key, old, rest)
    plan.add(TOTAL_SUPPLY, -amount)
    plan.events.append(Notification(token, "Transfer", (sender, None, amount)))


def balance_of(plan: Plan, token: UInt160, constants: Constants, args: Sequence[Any], is_witness: IsWitness) -> int:
    """What an account holds; of an NEP-11 token, of all ids together."""
    (account,) = args
    if not is_account(account):
        raise Uncertain
    return plan.number(plan.get(ACCOUNT + account))


def total_supply(plan: Plan, token: UInt160, constants: Constants, args: Sequence[Any], is_witness: IsWitness) -> int:
    """What there is of the token."""
    return plan.number(plan.get(TOTAL_SUPPLY))


COMMON_WORK: Final[dict[str, Work]] = {"balanceOf": balance_of, "totalSupply": total_supply}
"""What all tokens answer alike, by the label at which the method begins."""

FUNGIBLE_WORK: Final[dict[str, Work]] = {**COMMON_WORK, "transfer": transfer, "mint": mint, "burn": burn}
