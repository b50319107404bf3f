"""The script of a declared fungible token, NEP-17 or NEP-5: balances and supply as models/token.py keeps them."""

from rpcnode.models.declared.assembler import Assembler
from rpcnode.models.declared.parts import (
    ACCOUNT,
    change_supply,
    common_methods,
    common_parts,
    expect_account,
    key,
    notify_transfer,
    tell_receiver,
    witness,
)
from rpcnode.vm.opcode import Opcode as Op


def fungible_parts(code: Assembler) -> None:
    """Everything but the owner, symbol and decimals."""
    common_parts(code)
    common_methods(code)
    _transfer(code)
    _mint(code)
    _burn(code)


def _expect_amount(code: Assembler, slot: Op) -> None:
    code.op(slot, Op.PUSH0).jump(Op.JMPLT_L, "bad amount")


def _transfer(code: Assembler) -> None:
    sender, receiver, amount, data = Op.LDARG0, Op.LDARG1, Op.LDARG2, Op.LDARG3
    code.label("transfer").slots(arguments=4)
    expect_account(code, sender, "from")
    expect_account(code, receiver, "to")
    _expect_amount(code, amount)
    code.op(sender)
    witness(code)
    code.jump(Op.JMPIFNOT_L, "no witness")
    code.op(amount).jump(Op.JMPIFNOT_L, "moved")
    key(code, ACCOUNT, sender)
    code.op(Op.DUP).call("read").op(amount, Op.SUB, Op.DUP, Op.PUSH0).jump(Op.JMPLT_L, "overspent").call("write")
    key(code, ACCOUNT, receiver)
    code.op(amount).call("add")
    code.label("moved")
    notify_transfer(code, sender, receiver, amount)
    tell_receiver(code, "transfer", sender, receiver, amount, data)
    code.op(Op.PUSHT, Op.RET)
    code.label("overspent").op(Op.DROP, Op.DROP)
    code.label("no witness").op(Op.PUSHF, Op.RET)


def _mint(code: Assembler) -> None:
    receiver, amount = Op.LDARG0, Op.LDARG1
    code.label("mint").slots(arguments=2).call("owner only")
    expect_account(code, receiver, "to")
    _expect_amount(code, amount)
    key(code, ACCOUNT, receiver)
    code.op(amount).call("add")
    change_supply(code, amount)
    notify_transfer(code, Op.PUSHNULL, receiver, amount)
    tell_receiver(code, "mint", Op.PUSHNULL, receiver, amount, Op.PUSHNULL)
    code.op(Op.RET)


def _burn(code: Assembler) -> None:
    sender, amount = Op.LDARG0, Op.LDARG1
    code.label("burn").slots(arguments=2).call("owner only")
    expect_account(code, sender, "from")
    _expect_amount(code, amount)
    key(code, ACCOUNT, sender)
    code.op(Op.DUP).call("read").op(amount, Op.SUB, Op.DUP, Op.PUSH0).jump(Op.JMPLT_L, "not enough").call("write")
    change_supply(code, amount, Op.NEGATE)
    notify_transfer(code, sender, Op.PUSHNULL, amount)
    code.op(Op.RET)
