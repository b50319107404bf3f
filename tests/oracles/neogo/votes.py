"""A committee of three that votes change, and all that it may set."""

from collections.abc import Sequence
from random import Random
from typing import Final

from rpcnode.execution.native_hashes import (
    CONTRACT_MANAGEMENT,
    CRYPTO_LIB,
    GAS,
    NEO,
    NOTARY,
    ORACLE,
    POLICY,
    ROLE_MANAGEMENT,
    TREASURY,
)
from rpcnode.payloads.signer import WitnessScope
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.script_builder import Pushable, ScriptBuilder
from tests.oracles.neogo.people import Key, Person
from tests.oracles.neogo.storms import Deployed, call, deploy
from tests.oracles.neogo.teller import ONE_GAS, Teller

Action = tuple[UInt160, str, Sequence[Pushable]]
"""A contract, a method, its arguments."""

ROLES: Final = (4, 8, 16, 32)


def votes(teller: Teller) -> None:
    """Candidates come and go for good, votes move, the committee changes the rules under way."""
    _votes(teller, set())


def returns(teller: Teller) -> None:
    """The same since Gorgon, and candidates may come back: `reasons/rules.py` says where state parts then."""
    _votes(teller, None)


def _votes(teller: Teller, gone: set[Key] | None) -> None:
    teller.open(neo=8_000_000)
    owners: Deployed = {}
    deploy(teller, owners, "votes", 3, {"vote": 10, "transfer": 5, "neo_state": 5, "getter": 5})
    set_(teller, NEO, "setRegisterPrice", [20 * ONE_GAS])
    teller.settle()
    for user in teller.users[:4]:
        register(teller, user, user)
    teller.settle()
    for round_number in range(34):
        for _ in range(7):
            _of_voter(teller, owners, gone)
        for _ in range(2):
            of_committee(teller, owners)
        call(teller, owners, {"vote": 5, "getter": 5, "neo_state": 5, "transfer": 3})
        if round_number % 3 == 0:
            teller.wait(1)
        teller.settle()


def register(teller: Teller, candidate: Key, payer: Key) -> None:
    """As a candidate, by a call or by paying."""
    people = [payer] if candidate is payer else [payer, candidate]
    if teller.rng.random() < 0.6:
        script = ScriptBuilder().call(NEO, "registerCandidate", [candidate.public]).to_bytes()
        teller.send(script, people, fee=30, label="register")
    else:
        price = teller.rng.choice((20, 20, 20, 19)) * ONE_GAS
        script = ScriptBuilder().call(GAS, "transfer", [payer.account, NEO, price, candidate.public]).to_bytes()
        teller.send(script, people, fee=1, label="register by paying")


def _of_voter(teller: Teller, owners: Deployed, gone: set[Key] | None) -> None:
    rng = teller.rng
    user, other = rng.choice(teller.users), rng.choice([*teller.keys.values()])
    builder = ScriptBuilder()
    chance = rng.random()
    if chance < 0.45:
        key = NEO if rng.random() < 0.05 else rng.choice((other.public, other.public, other.public, None))
        builder.call(NEO, "vote", [user.account, key])
        teller.send(builder.to_bytes(), [user], fee=1, label="vote")
    elif chance < 0.6:
        candidate = rng.choice([*teller.keys.values()])
        if candidate not in (gone or ()):
            register(teller, candidate, user)
    elif chance < (0.68 if gone is None else 0.64):
        if gone is not None:
            gone.add(user)
        builder.call(NEO, "unregisterCandidate", [user.public])
        teller.send(
            builder.to_bytes(), [user if rng.random() < 0.8 else rng.choice(teller.users)], fee=1, label="unregister"
        )
    elif chance < 0.9:
        to = rng.choice((other.account, user.account, *owners, TREASURY))
        amount = rng.choice((0, 1, 1000, 2_000_000, 10**9))
        builder.call(NEO, "transfer", [user.account, to, amount, None])
        builder.call(NEO, "unclaimedGas", [other.account, teller.node.height + 1])
        teller.send(builder.to_bytes(), [user], fee=1, label="move NEO")
    else:
        builder.call(NEO, "getAllCandidates", []).call(NEO, "getCandidates", [])
        builder.call(NEO, "getCandidateVote", [user.public]).call(NEO, "getAccountState", [user.account])
        teller.send(builder.to_bytes(), [user], fee=4, label="look at votes")


def set_(teller: Teller, contract: UInt160, method: str, args: Sequence[Pushable], signed: bool = True) -> None:
    """A call that only the committee may make."""
    script = ScriptBuilder().call(contract, method, args).to_bytes()
    user = teller.rng.choice(teller.users)
    people: list[Person] = [user, teller.committee] if signed else [user]
    teller.send(script, people, fee=1, label=method, scope=WitnessScope.CalledByEntry)


def of_committee(teller: Teller, owners: Deployed) -> None:
    """Something that the committee decides; some of it is out of range."""
    rng = teller.rng
    contract, method, args = committee_action(rng, [*teller.keys.values()], teller.users, [*owners])
    set_(teller, contract, method, args, signed=rng.random() < 0.92)
    if method == "blockAccount":  # as soon as what others send next has met it
        teller.settle()
        if rng.random() < 0.7:
            set_(teller, POLICY, "unblockAccount", args)


def committee_action(rng: Random, keys: Sequence[Key], users: Sequence[Key], owners: Sequence[UInt160]) -> Action:
    """A call that takes the committee's witness."""
    target = rng.choice(owners) if owners else GAS
    user = rng.choice(users)
    roles = [key.public for key in rng.sample([*keys], rng.randrange(1, 4))]
    method = rng.choice(("m0", "m1", "m2", "m3", "missing"))
    actions: tuple[Action, ...] = (
        (NEO, "setGasPerBlock", [rng.choice((0, ONE_GAS, 5 * ONE_GAS, 10 * ONE_GAS, 11 * ONE_GAS))]),
        (NEO, "setRegisterPrice", [rng.choice((20, 20, 20, 0)) * ONE_GAS]),
        (POLICY, "setFeePerByte", [rng.choice((0, 1000, 1500, -1))]),
        (POLICY, "setExecFeeFactor", [rng.choice((1, 250_001, 300_000, 299_999, 0))]),
        (POLICY, "setStoragePrice", [rng.choice((1, 1000, 100_000, 99_999, 0))]),
        (POLICY, "setAttributeFee", [rng.choice((1, 0x11, 0x20, 0x21, 0x22, 5)), rng.choice((0, 1000, 10**7))]),
        (POLICY, "setMillisecondsPerBlock", [rng.choice((100, 101, 110, 0))]),
        (POLICY, "setMaxValidUntilBlockIncrement", [rng.choice((5760, 5000, 0, 86400))]),
        (POLICY, "setMaxTraceableBlocks", [rng.choice((199_999, 150_000, 200_000, 0))]),
        (POLICY, "blockAccount", [rng.choice((user.account, target, GAS))]),
        (POLICY, "unblockAccount", [rng.choice((*(u.account for u in users), *owners))]),
        (POLICY, "setWhitelistFeeContract", [target, method, 1, rng.choice((0, 1000, 10**6, -1))]),
        (POLICY, "setWhitelistFeeContract", [target, method, 1, rng.choice((0, 1000, 10**6, -1))]),
        (POLICY, "removeWhitelistFeeContract", [target, method, 1]),
        (POLICY, "recoverFund", [user.account, GAS]),
        (POLICY, "getBlockedAccounts", []),
        (ROLE_MANAGEMENT, "designateAsRole", [rng.choice((*ROLES, 5)), roles]),
        (CONTRACT_MANAGEMENT, "setMinimumDeploymentFee", [rng.choice((0, ONE_GAS, 10 * ONE_GAS, -1))]),
        (ORACLE, "setPrice", [rng.choice((1, 50_000_000, 0))]),
        (NOTARY, "setMaxNotValidBeforeDelta", [rng.choice((140, 20, 5, 0))]),
        (CRYPTO_LIB, "setPrice", [1]),
    )
    return rng.choice(actions)
