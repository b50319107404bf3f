"""Contracts that come, call each other, change and go; contracts that do nothing but storage."""

from collections.abc import Mapping, Sequence
from typing import Final

from rpcnode.execution.native_hashes import GAS, NEO
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script_builder import Pushable, ScriptBuilder
from tests.oracles.neogo.code import Built, Code
from tests.oracles.neogo.differences import seeing
from tests.oracles.neogo.people import Key
from tests.oracles.neogo.teller import ONE_GAS, Teller
from tests.oracles.neogo.weaving.contracts import random_contract, random_script

Deployed = dict[UInt160, tuple[Key, str]]
"""Who has deployed a contract, and its name."""

STORAGE: Final[Mapping[str, float]] = {
    **dict.fromkeys(("put", "delete", "copy", "count", "find"), 8),
    **dict.fromkeys(("compound", "std", "call", "recurse"), 2),
}


def storm(teller: Teller) -> None:
    """Deploys, updates and destroys random contracts while others call them."""
    teller.open()
    owners: Deployed = {}
    for round_number in range(30):
        deploy(teller, owners, f"storm{round_number}", 2)
        for _ in range(8):
            call(teller, owners)
        change(teller, owners)
        if teller.rng.random() < 0.3:
            teller.wait(2)
        teller.settle()


def rows(teller: Teller) -> None:
    """Storage: few keys, many writers, iterators, rows of the largest size."""
    teller.open()
    rng, owners = teller.rng, Deployed()
    for round_number in range(28):
        if round_number < 10:
            deploy(teller, owners, f"rows{round_number}", 1, STORAGE, size=8)
        for _ in range(10):
            call(teller, owners, STORAGE)
        if owners and rng.random() < 0.1:
            code = Code().push(rng.randbytes(rng.choice((1000, 30000)))).push(b"data")
            code.contract(rng.choice([*owners]), "m0", 2).op(Opcode.DROP)
            teller.send(code.to_bytes(), [rng.choice(teller.users)], fee=0.2, network_fee=3, label="no such method")
        if rng.random() < 0.3:
            change(teller, owners, STORAGE, can_destroy=False)
        if round_number == 0:
            watching = deploy_one(teller, seeing(), teller.users[0])
            seen = seeing().hash_of(teller.users[0].account)
        elif watching is not None:
            script = ScriptBuilder().call(seen, rng.choice(("early", "late", "caught")), [round_number]).to_bytes()
            teller.send(script, [rng.choice(teller.users)], fee=2, label="where they differ")
        teller.settle()


def deploy(
    teller: Teller,
    owners: Deployed,
    name: str,
    count: int,
    weights: Mapping[str, float] | None = None,
    size: int = 3,
) -> None:
    """Deploys so many, waits, keeps those that are there, and gives them NEO and GAS, as far as they take them."""
    rng, sent = teller.rng, list[tuple[UInt160, Key, str, Transaction | None]]()
    for number in range(count):
        owner, full = rng.choice(teller.users), f"{name}.{number}"
        made = random_contract(rng, full, teller.users, [*owners], weights, size)
        sent.append((made.hash_of(owner.account), owner, full, deploy_one(teller, made, owner)))
        if rng.random() < 0.1:
            teller.send(made.deployment(), [owner], fee=12, label="deploy twice")
    teller.settle()
    for contract, owner, full, transaction in sent:
        if teller.halted(transaction):
            owners[contract] = owner, full
            fund(teller, contract)


def deploy_one(teller: Teller, made: Built, owner: Key) -> Transaction | None:
    """Deploys; now and then with too little GAS."""
    fee = 9.99 if teller.rng.random() < 0.03 else 25
    return teller.send(made.deployment(b"data"), [owner], fee=fee, network_fee=2, label="deploy")


def call(teller: Teller, owners: Deployed, weights: Mapping[str, float] | None = None) -> None:
    """One transaction that calls some of them."""
    rng = teller.rng
    script = random_script(rng, teller.users, [*owners], calls=rng.randrange(1, 4), weights=weights)
    people = rng.sample([*teller.users], 2)
    teller.send(script, people, fee=rng.choice((0.1, 1, 2, 3, 3)), label="calls")


def change(
    teller: Teller, owners: Deployed, weights: Mapping[str, float] | None = None, *, can_destroy: bool = True
) -> None:
    """Updates one of them, or destroys one."""
    rng = teller.rng
    if owners and rng.random() < 0.5:
        contract, (owner, name) = rng.choice([*owners.items()])
        other = random_contract(rng, name if rng.random() < 0.9 else "other", teller.users, [*owners], weights)
        args: list[Pushable] = [other.nef.serialize(), other.manifest_text, b"again"]
        if rng.random() < 0.3:
            args[rng.randrange(2)] = None
        script = ScriptBuilder().call(contract, "update", args).to_bytes()
        teller.send(script, [owner], fee=rng.choice((1, 3, 6)), label="update")
    if can_destroy and len(owners) > 6 and rng.random() < 0.4:
        gone: Sequence[UInt160] = rng.sample([*owners], 1)
        script = ScriptBuilder().call(gone[0], "destroy", []).to_bytes()
        teller.send(script, [teller.users[0]], fee=2, label="destroy")
        if rng.random() < 0.7:
            del owners[gone[0]]


def fund(teller: Teller, contract: UInt160) -> None:
    """Gives a contract NEO and GAS."""
    for token, amount in ((GAS, 3 * ONE_GAS), (NEO, 100)):
        user = teller.rng.choice(teller.users)
        script = ScriptBuilder().call(token, "transfer", [user.account, contract, amount, None]).to_bytes()
        teller.send(script, [user], fee=0.5, label="fund")
