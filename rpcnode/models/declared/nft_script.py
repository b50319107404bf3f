"""The scripts of declared NEP-11 tokens, indivisible and divisible: rows as models/nft.py keeps them.

Properties are a Map in the form of StdLib's serialize. Who holds some of a divisible token has a row more.
"""

from rpcnode.models.declared.assembler import Assembler
from rpcnode.models.declared.parts import (
    ACCOUNT,
    DESERIALIZE,
    HELD,
    MAX_TOKEN_ID_SIZE,
    OWNER,
    OWNERS,
    PROPERTIES,
    SERIALIZE,
    change_supply,
    common_methods,
    common_parts,
    delete,
    expect_account,
    find_keys,
    get,
    key,
    notify_transfer,
    put,
    tell_receiver,
    throw,
    witness,
)
from rpcnode.vm.opcode import Opcode as Op


def indivisible_parts(code: Assembler) -> None:
    """Everything but the contract's owner, symbol and decimals."""
    _nft_parts(code)
    _change_indivisible(code)
    throw(code, "exists", "The token exists already.")
    _indivisible_transfer(code)
    _indivisible_mint(code)
    _indivisible_burn(code)

    code.label("ownerOf").slots(arguments=1)
    key(code, OWNER, Op.LDARG0)
    get(code)
    code.op(Op.DUP, Op.ISNULL).jump(Op.JMPIF_L, "no token").op(Op.RET)

    code.label("tokens").push(OWNER)
    find_keys(code)
    code.op(Op.RET)

    code.label("properties").slots(arguments=1)
    key(code, OWNER, Op.LDARG0)
    get(code)
    code.op(Op.ISNULL).jump(Op.JMPIF_L, "no token")
    _properties(code)


def divisible_parts(code: Assembler) -> None:
    """Everything but the contract's owner, symbol and decimals."""
    _nft_parts(code)
    _change_divisible(code)
    _divisible_transfer(code)
    _divisible_mint(code)
    _divisible_burn(code)

    code.label("balanceOf id").slots(arguments=2)
    expect_account(code, Op.LDARG0, "owner")
    key(code, HELD, Op.LDARG0, Op.LDARG1)
    code.call("read").op(Op.PUSH0, Op.ADD, Op.RET)

    code.label("ownerOf").slots(arguments=1)
    key(code, PROPERTIES, Op.LDARG0)
    get(code)
    code.op(Op.ISNULL).jump(Op.JMPIF_L, "no token")
    _owners_key(code, Op.LDARG0)
    find_keys(code)
    code.op(Op.RET)

    code.label("tokens").push(PROPERTIES)
    find_keys(code)
    code.op(Op.RET)

    code.label("properties").slots(arguments=1)
    _properties(code)


def _nft_parts(code: Assembler) -> None:
    common_parts(code)
    common_methods(code)
    throw(code, "no token", "The token does not exist.")
    throw(code, "bad id", f'The argument "tokenId" should have 1 to {MAX_TOKEN_ID_SIZE} bytes.')

    code.label("tokensOf").slots(arguments=1)
    expect_account(code, Op.LDARG0, "owner")
    key(code, HELD, Op.LDARG0)
    find_keys(code)
    code.op(Op.RET)

    code.label("describe").slots(arguments=1)  # id -> ; a token that nobody has described has its id as its name
    key(code, PROPERTIES, Op.LDARG0)
    get(code)
    code.op(Op.ISNULL).jump(Op.JMPIFNOT_L, "described")
    code.op(Op.NEWMAP, Op.DUP).push("name").op(Op.LDARG0, Op.SETITEM).token(SERIALIZE)
    key(code, PROPERTIES, Op.LDARG0)
    put(code)
    code.label("described").op(Op.RET)


def _properties(code: Assembler) -> None:
    key(code, PROPERTIES, Op.LDARG0)
    get(code)
    code.op(Op.DUP, Op.ISNULL).jump(Op.JMPIF_L, "no token").token(DESERIALIZE).op(Op.RET)


def _owners_key(code: Assembler, token_id: Op) -> None:
    code.push(OWNERS).op(token_id, Op.SIZE, Op.CAT, token_id, Op.CAT)


def _expect_id(code: Assembler, slot: Op) -> None:
    code.op(slot, Op.SIZE).push(1).push(MAX_TOKEN_ID_SIZE + 1).op(Op.WITHIN).jump(Op.JMPIFNOT_L, "bad id")


def _change_indivisible(code: Assembler) -> None:
    account, token_id, amount = Op.LDARG0, Op.LDARG1, Op.LDARG2
    code.label("change").slots(arguments=3)  # amount, id, account ->
    key(code, ACCOUNT, account)
    code.op(amount).call("add")
    key(code, HELD, account, token_id)
    code.op(amount).call("add").op(Op.RET)


def _change_divisible(code: Assembler) -> None:
    account, token_id, amount = Op.LDARG0, Op.LDARG1, Op.LDARG2
    code.label("change").slots(arguments=3)  # amount, id, account ->
    key(code, ACCOUNT, account)
    code.op(amount).call("add")
    key(code, HELD, account, token_id)
    code.op(Op.DUP).call("read").op(amount, Op.ADD)
    _owners_key(code, token_id)
    code.op(account, Op.CAT, Op.OVER, Op.NZ).call("write")
    code.call("write").op(Op.RET)


def _indivisible_transfer(code: Assembler) -> None:
    receiver, token_id, data, sender = Op.LDARG0, Op.LDARG1, Op.LDARG2, Op.LDLOC0
    code.label("transfer").slots(arguments=3, variables=1)
    expect_account(code, receiver, "to")
    key(code, OWNER, token_id)
    get(code)
    code.op(Op.DUP, Op.ISNULL).jump(Op.JMPIF_L, "no token").op(Op.STLOC0, sender)
    witness(code)
    code.jump(Op.JMPIFNOT_L, "no witness")
    code.op(sender, receiver, Op.EQUAL).jump(Op.JMPIF_L, "moved")
    code.op(receiver)
    key(code, OWNER, token_id)
    put(code)
    code.op(Op.PUSHM1, token_id, sender).call("change")
    code.op(Op.PUSH1, token_id, receiver).call("change")
    code.label("moved")
    notify_transfer(code, sender, receiver, Op.PUSH1, token_id)
    tell_receiver(code, "transfer", sender, receiver, Op.PUSH1, token_id, data)
    code.op(Op.PUSHT, Op.RET)
    code.label("no witness").op(Op.PUSHF, Op.RET)


def _indivisible_mint(code: Assembler) -> None:
    receiver, amount, token_id = Op.LDARG0, Op.LDARG1, Op.LDARG2
    code.label("mint").slots(arguments=3).call("owner only")
    expect_account(code, receiver, "to")
    code.op(amount, Op.PUSH1).jump(Op.JMPNE_L, "bad amount")
    _expect_id(code, token_id)
    key(code, OWNER, token_id)
    get(code)
    code.op(Op.ISNULL).jump(Op.JMPIFNOT_L, "exists").op(receiver)
    key(code, OWNER, token_id)
    put(code)
    code.op(Op.PUSH1, token_id, receiver).call("change")
    change_supply(code, Op.PUSH1)
    code.op(token_id).call("describe")
    notify_transfer(code, Op.PUSHNULL, receiver, Op.PUSH1, token_id)
    tell_receiver(code, "mint", Op.PUSHNULL, receiver, Op.PUSH1, token_id, Op.PUSHNULL)
    code.op(Op.RET)


def _indivisible_burn(code: Assembler) -> None:
    sender, amount, token_id = Op.LDARG0, Op.LDARG1, Op.LDARG2
    code.label("burn").slots(arguments=3).call("owner only")
    expect_account(code, sender, "from")
    code.op(amount, Op.PUSH1).jump(Op.JMPNE_L, "bad amount")
    key(code, OWNER, token_id)
    get(code)
    code.op(Op.DUP, Op.ISNULL).jump(Op.JMPIF_L, "no token").op(sender, Op.EQUAL).jump(Op.JMPIFNOT_L, "not enough")
    key(code, OWNER, token_id)
    delete(code)
    code.op(Op.PUSHM1, token_id, sender).call("change")
    change_supply(code, Op.PUSHM1)
    notify_transfer(code, sender, Op.PUSHNULL, Op.PUSH1, token_id)
    code.op(Op.RET)


def _divisible_transfer(code: Assembler) -> None:
    sender, receiver, amount, token_id, data = Op.LDARG0, Op.LDARG1, Op.LDARG2, Op.LDARG3, Op.LDARG4
    code.label("transfer").slots(arguments=5)
    expect_account(code, sender, "from")
    expect_account(code, receiver, "to")
    code.op(amount, Op.PUSH0).jump(Op.JMPLT_L, "bad amount")
    code.op(sender)
    witness(code)
    code.jump(Op.JMPIFNOT_L, "no witness")
    key(code, HELD, sender, token_id)
    code.call("read").op(amount).jump(Op.JMPLT_L, "overspent")
    code.op(amount).jump(Op.JMPIFNOT_L, "moved")
    code.op(amount, Op.NEGATE, token_id, sender).call("change")
    code.op(amount, token_id, receiver).call("change")
    code.label("moved")
    notify_transfer(code, sender, receiver, amount, token_id)
    tell_receiver(code, "transfer", sender, receiver, amount, token_id, data)
    code.op(Op.PUSHT, Op.RET)
    code.label("overspent").op(Op.PUSHF, Op.RET)
    code.label("no witness").op(Op.PUSHF, Op.RET)


def _divisible_mint(code: Assembler) -> None:
    receiver, amount, token_id = Op.LDARG0, Op.LDARG1, Op.LDARG2
    code.label("mint").slots(arguments=3).call("owner only")
    expect_account(code, receiver, "to")
    code.op(amount, Op.PUSH0).jump(Op.JMPLT_L, "bad amount")
    _expect_id(code, token_id)
    code.op(amount, token_id, receiver).call("change")
    change_supply(code, amount)
    code.op(token_id).call("describe")
    notify_transfer(code, Op.PUSHNULL, receiver, amount, token_id)
    tell_receiver(code, "mint", Op.PUSHNULL, receiver, amount, token_id, Op.PUSHNULL)
    code.op(Op.RET)


def _divisible_burn(code: Assembler) -> None:
    sender, amount, token_id = Op.LDARG0, Op.LDARG1, Op.LDARG2
    code.label("burn").slots(arguments=3).call("owner only")
    expect_account(code, sender, "from")
    code.op(amount, Op.PUSH0).jump(Op.JMPLT_L, "bad amount")
    key(code, HELD, sender, token_id)
    code.call("read").op(amount).jump(Op.JMPLT_L, "not enough")
    code.op(amount, Op.NEGATE, token_id, sender).call("change")
    change_supply(code, amount, Op.NEGATE)
    notify_transfer(code, sender, Op.PUSHNULL, amount, token_id)
    code.op(Op.RET)
