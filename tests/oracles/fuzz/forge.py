"""Valid transactions of many kinds and valid blocks, on a chain whose keys are all known."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any, Final

from rpcnode.execution.native_hashes import GAS, NEO, STD_LIB
from rpcnode.payloads.attribute import Conflicts, HighPriority, NotValidBefore, TransactionAttribute
from rpcnode.payloads.block import Block
from rpcnode.payloads.header import Header
from rpcnode.payloads.merkle import merkle_root
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.witness import Witness
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
    WitnessRuleAction,
)
from rpcnode.primitives.hashes import hash160
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.testing import LocalNode
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script_builder import ScriptBuilder
from tests.oracles.neogo.code import Built, Code, built
from tests.oracles.neogo.live import NETWORK
from tests.oracles.neogo.people import Contracted, Key, Person, Together, keys_of, majority

ONE_GAS: Final = 100_000_000
STEP_MS: Final = 1000
_PUSH1: Final = b"\x11"
_ANYBODY: Final = Contracted(UInt160(hash160(_PUSH1)), Witness(b"", _PUSH1))


class Forge:
    """Signs for everybody on a chain. `signed` are the hashes of all that it has signed."""

    def __init__(self, own: LocalNode, rng: Random, validator: Key, users: Sequence[Key]) -> None:
        self.own: Final = own
        self.rng: Final = rng
        self.users: Final = users
        self.signed: Final[set[UInt256]] = set()
        self.validators: Final = Together(1, (validator,))
        self._made: Final = _agreeing()
        self._people: Final[tuple[Person, ...]] = (
            *users[1:],
            Together(2, tuple(users[:3])),
            _ANYBODY,
            Contracted(self._made.hash_of(users[0].account)),
        )

    def open(self) -> list[Block]:
        """The blocks with which the chain begins: users have GAS, and there is a contract that agrees."""
        builder = ScriptBuilder()
        for user in self.users:
            builder.call(GAS, "transfer", [self.validators.account, user.account, 50_000 * ONE_GAS, None])
            builder.op(Opcode.ASSERT)
        fund = self.transaction(builder.to_bytes(), (self.validators,))
        first = self.block((fund,))
        deploy = self.transaction(self._made.deployment(), (self.users[0],), system_fee=30 * ONE_GAS)
        return [first, self.block((deploy,), replace(self.next_header((deploy,)), **_behind(first)))]

    @property
    def height(self) -> int:
        """The index of the newest block."""
        return self.own.height

    def transaction(
        self,
        script: bytes,
        people: Sequence[Person],
        signers: Sequence[Signer] = (),
        attributes: Sequence[TransactionAttribute] = (),
        *,
        system_fee: int = ONE_GAS,
        network_fee: int = ONE_GAS,
    ) -> Transaction:
        """A signed transaction."""
        made = Transaction(
            self.rng.getrandbits(32),
            system_fee,
            network_fee,
            self.height + 50,
            tuple(signers) or tuple(Signer(person.account) for person in people),
            tuple(attributes),
            script,
        )
        return self.sign(made, people)

    def sign(self, transaction: Transaction, people: Sequence[Person]) -> Transaction:
        """The transaction with the witnesses of these."""
        self.signed.add(transaction.hash)
        message = transaction.sign_data(NETWORK)
        return replace(transaction, witnesses=tuple(person.witness(message) for person in people))

    def valid(self) -> tuple[Transaction, Sequence[Person]]:
        """Any transaction that a node takes in now, and who signs it."""
        rng = self.rng
        people: list[Person] = [rng.choice(self.users), *rng.sample(self._people, rng.choice((0, 0, 1, 2, 3)))]
        people = list({person.account: person for person in people}.values())
        attributes: list[TransactionAttribute] = []
        if rng.random() < 0.3:
            attributes.append(NotValidBefore(rng.randrange(self.height + 1)))
        if rng.random() < 0.3:
            attributes += [Conflicts(UInt256(rng.randbytes(32))) for _ in range(rng.randrange(1, 4))]
        if rng.random() < 0.2:
            attributes.append(HighPriority())
            people.append(majority(self.validators.keys))
        people = list({person.account: person for person in people}.values())
        signers = [self.signer(person.account) for person in people]
        return self.transaction(self.script(), people, signers, attributes, system_fee=ONE_GAS // 10), people

    def script(self) -> bytes:
        """A script of an ordinary call."""
        rng = self.rng
        sender, receiver = rng.choice(self.users), rng.choice(self.users)
        match rng.randrange(4):
            case 0:
                return ScriptBuilder().call(GAS, "transfer", [sender.account, receiver.account, 1, None]).to_bytes()
            case 1:
                return ScriptBuilder().call(STD_LIB, "itoa", [rng.getrandbits(60)]).to_bytes()
            case 2:
                return ScriptBuilder().call(NEO, "balanceOf", [receiver.account]).to_bytes()
        return Code().push(rng.getrandbits(60)).push(rng.randbytes(rng.randrange(40))).to_bytes()

    def signer(self, account: UInt160) -> Signer:
        """An account with scopes of any kind."""
        rng = self.rng
        if rng.random() < 0.4:
            return Signer(account, rng.choice((WitnessScope.Global, WitnessScope.None_, WitnessScope.CalledByEntry)))
        scopes = WitnessScope.CalledByEntry
        contracts: tuple[UInt160, ...] = ()
        groups: tuple[Any, ...] = ()
        rules: tuple[WitnessRule, ...] = ()
        if rng.random() < 0.5:
            scopes, contracts = scopes | WitnessScope.CustomContracts, (GAS, NEO)[: rng.randrange(1, 3)]
        if rng.random() < 0.5:
            scopes, groups = scopes | WitnessScope.CustomGroups, (rng.choice(self.users).public,)
        if rng.random() < 0.5:
            scopes |= WitnessScope.WitnessRules
            rules = tuple(
                WitnessRule(rng.choice((*WitnessRuleAction,)), self._condition(2)) for _ in range(rng.randrange(1, 4))
            )
        return Signer(account, scopes, contracts, groups, rules)

    def _condition(self, levels: int) -> WitnessCondition:
        rng = self.rng
        key = rng.choice(self.users).public
        choice = rng.randrange(9 if levels else 6)
        if choice == 6:
            return NotCondition(self._condition(levels - 1))
        if choice > 6:
            inner = tuple(self._condition(levels - 1) for _ in range(rng.randrange(1, 4)))
            return AndCondition(inner) if choice == 7 else OrCondition(inner)
        leaves: tuple[WitnessCondition, ...] = (
            BooleanCondition(rng.random() < 0.5),
            ScriptHashCondition(GAS),
            GroupCondition(key),
            CalledByEntryCondition(),
            CalledByContractCondition(NEO),
            CalledByGroupCondition(key),
        )
        return leaves[choice]

    # Blocks

    def next_header(self, transactions: Sequence[Transaction] = ()) -> Header:
        """The header of the next block, which nobody has signed."""
        last = self.own.call("getblockheader", self.height, 1)
        return Header(
            previous_hash=UInt256.parse(last["hash"]),
            merkle_root=merkle_root([transaction.hash for transaction in transactions]),
            timestamp_ms=last["time"] + STEP_MS,
            nonce=self.rng.getrandbits(64),
            index=self.height + 1,
            primary_index=0,
            next_consensus=self.validators.account,
        )

    def block(self, transactions: Sequence[Transaction], header: Header | None = None) -> Block:
        """A signed block, the next one where no other header is given."""
        unsigned = self.next_header(transactions) if header is None else header
        self.signed.add(unsigned.hash)
        witness = self.validators.witness(unsigned.sign_data(NETWORK))
        return Block(replace(unsigned, witness=witness), tuple(transactions))


def _behind(block: Block) -> dict[str, Any]:
    header = block.header
    return {
        "previous_hash": block.hash,
        "timestamp_ms": header.timestamp_ms + STEP_MS,
        "index": header.index + 1,
    }


def _agreeing() -> Built:
    code = Code().label("verify").push(True).op(Opcode.RET)
    return built("agreeing", code, [("verify", "verify", (), "Boolean")])


def people_of(seed: str) -> tuple[Key, tuple[Key, ...]]:
    """The validator and the users of a run."""
    (validator,) = keys_of(f"fuzz/{seed}/key", 1)
    return validator, keys_of(f"fuzz/{seed}/user", 5)


def text(data: bytes) -> str:
    """Bytes as they are sent."""
    return b64encode(data).decode()
