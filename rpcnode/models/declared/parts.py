"""What the scripts of declared tokens have in common: services as macros, and the parts that methods call.

A comment like `key -> number` says what a macro or a part takes off the stack and leaves there, the top last.
"""

from typing import Final

from rpcnode.models.declared.assembler import Assembler
from rpcnode.models.nft import HELD, OWNER, PROPERTIES
from rpcnode.models.token import ACCOUNT, TOTAL_SUPPLY
from rpcnode.payloads.flags import CallFlags
from rpcnode.vm.opcode import Opcode as Op

__all__ = ["ACCOUNT", "HELD", "OWNER", "OWNERS", "PROPERTIES", "TOTAL_SUPPLY"]

OWNERS: Final = b"\x18"
"""Of a divisible token: who holds some of an id. Size of the id, id and account follow; the value is True."""

MAX_TOKEN_ID_SIZE: Final = 42
"""Bytes: a storage key has 64, and one of them holds a prefix, an account, an id and its size."""

ACCOUNT_SIZE: Final = 20
GET_CONTRACT, SERIALIZE, DESERIALIZE = range(3)
"""The methods that the NEFs name, by their index."""


def get(code: Assembler) -> None:
    """`key -> value or Null`."""
    code.syscall("System.Storage.GetContext").syscall("System.Storage.Get")


def put(code: Assembler) -> None:
    """`value, key ->`."""
    code.syscall("System.Storage.GetContext").syscall("System.Storage.Put")


def delete(code: Assembler) -> None:
    """`key ->`."""
    code.syscall("System.Storage.GetContext").syscall("System.Storage.Delete")


def find_keys(code: Assembler) -> None:
    """`prefix -> iterator` over what follows the prefix in the keys that have it."""
    code.push(0x03).op(Op.SWAP)  # KeysOnly and RemovePrefix
    code.syscall("System.Storage.GetContext").syscall("System.Storage.Find")


def key(code: Assembler, prefix: bytes, *slots: Op) -> None:
    """`-> key`: the prefix and what is in some slots."""
    code.push(prefix)
    for slot in slots:
        code.op(slot, Op.CAT)


def throw(code: Assembler, label: str, text: str) -> None:
    """Where a method ends that fails; a script that called may catch it."""
    code.label(label).push(text).op(Op.THROW)


def witness(code: Assembler) -> None:
    """`account -> whether it agrees`."""
    code.syscall("System.Runtime.CheckWitness")


def notify_transfer(code: Assembler, sender: Op, receiver: Op, amount: Op, *token_id: Op) -> None:
    """The Transfer event; the parts of it are in slots, or PUSHNULL, or PUSH1."""
    code.op(*token_id, amount, receiver, sender).push(3 + len(token_id)).op(Op.PACK)
    code.push("Transfer").syscall("System.Runtime.Notify")


def tell_receiver(code: Assembler, method: str, sender: Op, receiver: Op, amount: Op, *more: Op) -> None:
    """Calls the receiver if it is a contract; `more` is the token's id, where there is one, and the data.

    Jumps to `<method> done`, which comes next, where it is none.
    """
    hook = "onNEP11Payment" if len(more) == 2 else "onNEP17Payment"
    code.op(receiver).token(GET_CONTRACT).op(Op.ISNULL).jump(Op.JMPIF_L, f"{method} done")
    code.op(*reversed(more), amount, sender).push(2 + len(more)).op(Op.PACK)
    code.push(int(CallFlags.All)).push(hook).op(receiver).syscall("System.Contract.Call").op(Op.DROP)
    code.label(f"{method} done")


def expect_account(code: Assembler, slot: Op, name: str) -> None:
    """Fails unless an argument can be an account."""
    code.op(slot).call("is account").jump(Op.JMPIFNOT_L, f"bad {name}")


def owner_part(code: Assembler, owner: bytes) -> None:
    """Fails unless the owner agrees. It comes first: the owner stands at a fixed place."""
    code.label("owner only").push(owner)
    witness(code)
    code.jump(Op.JMPIFNOT_L, "not owner").op(Op.RET)


def common_parts(code: Assembler) -> None:
    """The parts that methods call, and how they fail."""
    code.label("is account")  # item -> bool
    code.op(Op.DUP, Op.ISNULL).jump(Op.JMPIF_L, "no account").op(Op.SIZE).push(ACCOUNT_SIZE).op(Op.NUMEQUAL, Op.RET)
    code.label("no account").op(Op.DROP, Op.PUSHF, Op.RET)

    code.label("read")  # key -> number
    get(code)
    code.op(Op.DUP, Op.ISNULL).jump(Op.JMPIF_L, "no row").op(Op.RET)
    code.label("no row").op(Op.DROP, Op.PUSH0, Op.RET)

    code.label("write")  # key, number -> ; 0 has no row
    code.op(Op.DUP).jump(Op.JMPIFNOT_L, "nothing left").op(Op.SWAP)
    put(code)
    code.op(Op.RET)
    code.label("nothing left").op(Op.DROP)
    delete(code)
    code.op(Op.RET)

    code.label("add")  # key, amount ->
    code.op(Op.OVER).call("read").op(Op.ADD).call("write").op(Op.RET)

    throw(code, "not owner", "No authorization.")
    throw(code, "bad amount", 'The argument "amount" is invalid.')
    throw(code, "not enough", "The balance is insufficient.")
    for name in ("from", "to", "account", "owner"):
        throw(code, f"bad {name}", f'The argument "{name}" is invalid.')


def change_supply(code: Assembler, *amount: Op) -> None:
    """Adds to the total supply what some instructions leave on the stack."""
    code.push(TOTAL_SUPPLY).op(*amount).call("add")


def common_methods(code: Assembler) -> None:
    """What every token answers, and that it takes other tokens."""
    code.label("balanceOf").slots(arguments=1)
    expect_account(code, Op.LDARG0, "account")
    key(code, ACCOUNT, Op.LDARG0)
    code.call("read").op(Op.PUSH0, Op.ADD, Op.RET)  # an Integer, not the bytes of the row

    code.label("totalSupply").push(TOTAL_SUPPLY).call("read").op(Op.PUSH0, Op.ADD, Op.RET)
    hooks(code)


def hooks(code: Assembler) -> None:
    """The methods by which a contract takes tokens; nothing comes of it."""
    code.label("onNEP17Payment").slots(arguments=3).op(Op.RET)
    code.label("onNEP11Payment").slots(arguments=4).op(Op.RET)
