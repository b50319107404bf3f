"""Transactions that a node refuses, each for one reason, and why the two nodes may say so differently."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from rpcnode.execution.native_hashes import GAS, POLICY
from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.attribute import (
    Conflicts,
    HighPriority,
    NotaryAssisted,
    NotValidBefore,
    OracleResponse,
    OracleResponseCode,
    TransactionAttribute,
)
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.hashes import hash160
from rpcnode.primitives.keys import sign
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script_builder import ScriptBuilder
from tests.oracles.neogo.code import Code, built
from tests.oracles.neogo.live import NETWORK
from tests.oracles.neogo.people import Contracted, Person, Together
from tests.oracles.neogo.sends.both import Both
from tests.oracles.neogo.teller import ONE_GAS

_SCRIPTS: Final = ACCOUNT_SCRIPTS["n3"]
_ENDLESS: Final = bytes((Opcode.JMP, 0))

FEES: Final = "neo-cli says of every fee that is too low that funds are insufficient (csharp-execution.md, 7)"
WITNESS: Final = "neo-cli says Invalid of every witness that is not made of signatures (csharp-execution.md, 7)"
LIMIT: Final = "neo-cli has no limit to a system fee: a block's is a setting of DBFTPlugin, which blocks alone know"
TRAILING: Final = "neo-cli reads no further than the transaction goes (csharp-execution.md, 7)"
SIZE: Final = "neo-cli looks at the size of the bytes before it reads them (csharp-execution.md, 7)"
ACCOUNT: Final = "neo-cli says Invalid where a witness is of another account (csharp-execution.md, 7)"


class Refusal(NamedTuple):
    """Something to send. `why` the two may answer with other codes: ours, then neo-go's; else the codes are equal."""

    label: str
    data: bytes
    why: str = ""
    codes: tuple[int, int] = (0, 0)


class Refusals:
    """Makes them on a chain of both nodes; the users have GAS."""

    def __init__(self, both: Both) -> None:
        self._both: Final = both
        self._alice, self._bob, self._carol, *_ = both.users
        self._contracts: Final[dict[str, Contracted]] = {}

    def prepare(self) -> None:
        """Deploys the contracts that do not agree, and has one account blocked."""
        both = self._both
        for name, code, returned in (
            ("says no", Code().push(False), "Boolean"),
            ("faults", Code().op(Opcode.ABORT), "Boolean"),
            ("never ends", Code().raw(_ENDLESS), "Boolean"),
            ("answers nothing", Code(), "Void"),
            ("answers a number", Code().push(1), "Integer"),
        ):
            made_of = Code().label("verify").raw(code.to_bytes()).op(Opcode.RET)
            made = built(name, made_of, [("verify", "verify", (), returned)])
            both.send(made.deployment(), [self._alice], fee=25, network_fee=2, label="deploy")
            self._contracts[name] = Contracted(made.hash_of(self._alice.account))
        unverifying = built("no verify", Code().label("main").op(Opcode.RET), [("main", "main", (), "Void")])
        both.send(unverifying.deployment(), [self._alice], fee=25, network_fee=2, label="deploy")
        self._contracts["no verify"] = Contracted(unverifying.hash_of(self._alice.account))
        both.settle()
        block = ScriptBuilder().call(POLICY, "blockAccount", [self._carol.account]).to_bytes()
        both.send(block, [self._alice, both.committee], label="block an account")
        both.settle()

    def all(self) -> Iterator[Refusal]:
        """All of them, each made when it is asked for."""
        for part in (self._of_bytes, self._of_witnesses, self._of_contracts, self._of_time_and_money, self._of_others):
            yield from part()

    def _made(
        self,
        script: bytes = b"\x11",
        people: tuple[Person, ...] = (),
        attributes: tuple[TransactionAttribute, ...] = (),
        network_fee: float = 1,
        **changes: Any,
    ) -> Transaction:
        """A valid transaction, then some fields changed, then signed."""
        both = self._both
        everybody = people or (self._alice,)
        draft = both.draft(script, everybody, attributes=attributes, network_fee=network_fee)
        unsigned = replace(both.signed(draft), witnesses=(), **changes)
        message = NETWORK.to_bytes(4, "little") + unsigned.hash
        return unsigned.with_witnesses(tuple(person.witness(message) for person in everybody))

    # What does not read

    def _of_bytes(self) -> Iterator[Refusal]:
        made = self._made()
        raw = bytearray(made.serialize())
        head = 25  # version, nonce, both fees, the last block
        yield Refusal("version 1", b"\x01" + raw[1:])
        yield Refusal("negative system fee", bytes(raw[:5] + b"\xff" * 8 + raw[13:]))
        yield Refusal("negative network fee", bytes(raw[:13] + b"\xff" * 8 + raw[21:]))
        most = b"\xff" * 7 + b"\x7f"
        yield Refusal("fees that overflow together", bytes(raw[:5] + most * 2 + raw[21:]))
        yield Refusal("no signers", bytes(raw[:head] + b"\x00" + raw[head + 22 :]))
        signer = raw[head + 1 : head + 22]
        yield Refusal("the same signer twice", bytes(raw[:head] + b"\x02" + signer * 2 + raw[head + 22 :]))
        many = b"".join(bytes((number,)) * 20 + b"\x01" for number in range(17))
        yield Refusal("17 signers", bytes(raw[:head] + b"\x11" + many + raw[head + 22 :]))
        for name, scope in (("a scope that is none", 2), ("Global with another scope", 0x81)):
            yield Refusal(name, bytes(raw[: head + 21] + bytes((scope,)) + raw[head + 22 :]))
        for name, attributes in (
            ("an attribute that is none", b"\x01\x77"),
            ("high priority twice", b"\x02\x01\x01"),
            ("17 attributes", b"\x11" + b"".join(b"\x21" + bytes((number,)) * 32 for number in range(17))),
        ):
            yield Refusal(name, bytes(raw[: head + 22] + attributes + raw[head + 23 :]))
        yield Refusal("an empty script", bytes(raw[: head + 23] + b"\x00" + raw[head + 25 :]))
        for cut in (1, 40, len(raw) - 10):
            yield Refusal(f"cut off by {cut} bytes", bytes(raw[:-cut]))
        yield Refusal("trailing bytes", bytes(self._made().serialize() + b"\x00"), TRAILING, (0, -32602))
        yield Refusal("nothing", b"")
        without = made.serialize_unsigned()
        witness = made.witnesses[0].serialize()
        yield Refusal("no witness", without + b"\x00")
        yield Refusal("two witnesses", without + b"\x02" + witness * 2)
        long = b"\x0d" + (1022).to_bytes(2, "little") + bytes(1022)
        size = b"\xfd" + len(long).to_bytes(2, "little")
        script = self._alice.script
        for name, changed in (
            ("an invocation script of 1,025 bytes", size + long + bytes((len(script),)) + script),
            ("a verification script of 1,025 bytes", b"\x00" + size + long),
        ):
            yield Refusal(name, without + b"\x01" + changed)
        yield Refusal("over 102,400 bytes", bytes(raw).ljust(102_401, b"\x00"), SIZE, (-509, -32602))
        for name, script in (
            ("an opcode that is none", b"\x11\xff"),
            ("PUSHDATA1 over the end", b"\x0c\x05ab"),
            ("a jump out of the script", b"\x22\x70"),
            ("a jump into an instruction", b"\x22\x03\x0c\x01\x11"),
            ("a type that is none", b"\x11\xdb\x99"),
        ):
            yield Refusal(name, self._made(script).serialize())

    # Who does not sign

    def _of_witnesses(self) -> Iterator[Refusal]:
        alice, bob, two = self._alice, self._bob, Together(2, (self._alice, self._bob, self._carol))
        made = self._made()
        message = NETWORK.to_bytes(4, "little") + made.hash
        other = (NETWORK + 1).to_bytes(4, "little") + made.hash
        signature = sign(alice.private, message)
        cases: tuple[tuple[str, Witness, str, tuple[int, int]], ...] = (
            ("signed for another network", alice.witness(other), "", (0, 0)),
            ("signed by another account", bob.witness(message), ACCOUNT, (-500, -508)),
            ("one bit of the signature", _with(alice.script, signature[:-1] + bytes((signature[-1] ^ 1,))), "", (0, 0)),
            ("a signature of zeros", _with(alice.script, bytes(64)), "", (0, 0)),
            ("an empty witness", Witness(), WITNESS, (-500, -508)),
            ("no signature", Witness(b"", alice.script), WITNESS, (-500, -508)),
            ("a signature of 63 bytes", Witness(b"\x0c\x3f" + signature[:63], alice.script), WITNESS, (-500, -508)),
            ("two signatures", _with(alice.script, signature, signature), WITNESS, (-500, -508)),
            ("NOP behind the script", _with(alice.script + b"\x21", signature), ACCOUNT, (-500, -508)),
        )
        for label, witness, why, codes in cases:
            yield Refusal(label, made.with_witnesses((witness,)).serialize(), why, codes)
        changed = bytearray(self._made(b"\x11\x12").serialize())
        at = changed.index(b"\x02\x11\x12")
        changed[at + 1] = 0x13
        yield Refusal("one byte of the script", bytes(changed))
        shared = self._shared(two)
        message = NETWORK.to_bytes(4, "little") + shared.hash
        ordered = sorted(two.keys, key=lambda key: key.public.sort_key)
        signatures = [sign(key.private, message) for key in ordered]
        for label, given in (
            ("signatures of the wrong order", (signatures[1], signatures[0])),
            ("a stranger among the signatures", (signatures[0], sign(self._both.users[3].private, message))),
            ("the same signature twice", (signatures[0], signatures[0])),
        ):
            yield Refusal(label, shared.with_witnesses((_with(two.script, *given),)).serialize())
        for label, few in (("one signature of two", signatures[:1]), ("three signatures of two", signatures)):
            yield Refusal(label, shared.with_witnesses((_with(two.script, *few),)).serialize(), WITNESS, (-500, -508))

    def _shared(self, two: Together) -> Transaction:
        both = self._both
        script = ScriptBuilder().call(GAS, "transfer", [self._alice.account, two.account, 50 * ONE_GAS, None])
        both.send(script.to_bytes(), [self._alice], label="fund")
        both.settle()
        return self._made(people=(two,))

    def _of_contracts(self) -> Iterator[Refusal]:
        for name, contract in self._contracts.items():
            made = self._made(people=(self._alice, contract))
            yield Refusal(f"a contract {name}", made.serialize(), WITNESS, (-500, -508))
        missing = Contracted(UInt160(b"\x09" * 20))
        yield Refusal("no contract", self._made(people=(self._alice, missing)).serialize(), WITNESS, (-500, -508))
        for name, script in (
            ("says no", b"\x10"),
            ("leaves nothing", b"\x21"),
            ("leaves two", b"\x11\x11"),
            ("aborts", b"\x38"),
            ("never ends", _ENDLESS),
            ("writes", ScriptBuilder().call(GAS, "transfer", [UInt160.ZERO] * 2 + [0, None]).to_bytes()),
        ):
            of_script = Contracted(UInt160(hash160(script)), Witness(b"", script))
            made = self._made(people=(self._alice, of_script))
            yield Refusal(f"a script that {name}", made.serialize(), WITNESS, (-500, -508))

    # When, and for what

    def _of_time_and_money(self) -> Iterator[Refusal]:
        height = self._both.node.height
        for label, last in (("last week", 0), ("just over", height - 1), ("far ahead", 2**32 - 1)):
            yield Refusal(f"valid until {label}", self._made(valid_until_block=last).serialize())
        yield Refusal("valid too long", self._made(valid_until_block=height + 86_450).serialize())
        yield Refusal("a network fee that nobody has", self._made(network_fee_datoshi=200_000 * ONE_GAS).serialize())
        fee = int(self._both.own.call("calculatenetworkfee", _text(self._made()))["networkfee"])
        cases: tuple[tuple[str, Mapping[str, Any], str, tuple[int, int]], ...] = (
            ("a system fee that nobody has", {"system_fee_datoshi": 200_000 * ONE_GAS}, LIMIT, (-511, -505)),
            ("a system fee over a block's", {"system_fee_datoshi": 9_001 * ONE_GAS}, LIMIT, (0, -505)),
            ("no network fee", {"network_fee_datoshi": 0}, FEES, (-511, -504)),
            ("a network fee for the size alone", {"network_fee_datoshi": 300_000}, FEES, (-511, -500)),
            ("one datoshi too little", {"network_fee_datoshi": fee - 1}, FEES, (-511, -500)),
        )
        for label, changed, why, codes in cases:
            yield Refusal(label, self._made(**changed).serialize(), why, codes)

    # Who else is there

    def _of_others(self) -> Iterator[Refusal]:
        both, height = self._both, self._both.node.height
        before = self._made()
        both.send_bytes("valid", before.serialize())
        yield Refusal(
            "a conflict of another account", self._made(b"\x12", (self._bob,), (Conflicts(before.hash),)).serialize()
        )
        yield Refusal("a conflict that pays no more", self._made(b"\x12", (), (Conflicts(before.hash),)).serialize())
        yield Refusal("what waits", before.serialize())
        both.settle()
        both.wait(1)
        both.follow()
        yield Refusal("what is in a block", before.serialize())
        yield Refusal(
            "a conflict with what is in a block", self._made(b"\x13", (), (Conflicts(before.hash),)).serialize()
        )
        named = self._made(b"\x14")
        both.send_bytes("valid", self._made(b"\x15", (), (Conflicts(named.hash),)).serialize())
        both.wait(2)
        both.follow()
        yield Refusal("what a block names as a conflict", named.serialize())
        response = OracleResponse(7, OracleResponseCode.Success, b"x")
        for label, attribute in (
            ("high priority without the committee", HighPriority()),
            ("not valid before a thousand blocks", NotValidBefore(height + 1000)),
            ("an answer that nobody asked for", response),
            ("assisted by no notary", NotaryAssisted(1)),
        ):
            yield Refusal(label, self._made(b"\x17", (), (attribute,)).serialize())
        twice = Conflicts(UInt256(b"\x07" * 32))
        yield Refusal("a conflict named twice", self._made(b"\x16", (), (twice, twice)).serialize())
        yield Refusal("a blocked account that pays", self._made(people=(self._carol,)).serialize())
        yield Refusal("a blocked account that signs too", self._made(people=(self._alice, self._carol)).serialize())


def _with(script: bytes, *signatures: bytes) -> Witness:
    return Witness(_SCRIPTS.invocation(signatures), script)


def _text(transaction: Transaction) -> str:
    return b64encode(transaction.serialize()).decode()
