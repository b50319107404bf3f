"""One change to something valid: to its bytes, to a field that is signed again, to who signs and how."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from rpcnode.payloads.attribute import (
    Conflicts,
    HighPriority,
    NotaryAssisted,
    NotValidBefore,
    OracleResponse,
    OracleResponseCode,
)
from rpcnode.payloads.merkle import merkle_root
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.binary import BinaryWriter
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.hashes import hash160, sha256
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.opcode import Opcode
from tests.oracles.fuzz.forge import Forge
from tests.oracles.neogo.live import NETWORK
from tests.oracles.neogo.people import Person

_EDGES: Final = (0, 1, 2, 0x7F, 0x80, 0xFD, 0xFE, 0xFF)
_NUMBERS: Final = (0, 1, 2**31, 2**32 - 1, 2**63 - 1)


class Mutant(NamedTuple):
    """Something to send, by which method, and what was done to it."""

    label: str
    method: str
    data: bytes


class Mutations:
    """Makes mutants with a forge; so many of all are `blocks`."""

    def __init__(self, forge: Forge, *, blocks: float) -> None:
        self._blocks: Final = blocks
        self._forge: Final = forge
        self._rng: Final = forge.rng
        self._earlier: Final[list[Transaction]] = []
        self._of_transactions: Final[tuple[Callable[[Transaction, Sequence[Person]], bytes], ...]] = (
            self.as_it_is,
            self.bytes_,
            self.bytes_,
            self.bytes_signed_again,
            self.bytes_signed_again,
            self.field,
            self.field,
            self.script,
            self.signers,
            self.attributes,
            self.witnesses,
            self.witnesses,
            self.witness_bytes,
            self.another_account,
        )
        self._of_blocks: Final[tuple[Callable[[], bytes], ...]] = (
            self.block_as_it_is,
            self.block_bytes,
            self.block_header,
            self.block_header,
            self.block_merkle_root,
            self.block_order,
            self.block_transactions,
            self.block_witness,
        )

    def any(self) -> Mutant:
        """A mutant of either kind; one that cannot be made is made anew."""
        while True:
            try:
                if self._rng.random() < self._blocks:
                    change = self._rng.choice(self._of_blocks)
                    return Mutant(change.__name__, "submitblock", change())
                of_transaction = self._rng.choice(self._of_transactions)
                transaction, people = self._forge.valid()
                return Mutant(of_transaction.__name__, "sendrawtransaction", of_transaction(transaction, people))
            except FormatError:
                continue

    def forget(self) -> None:
        """Forgets what was sent: the chain is a new one."""
        self._earlier.clear()
        self._forge.signed.clear()

    # Transactions

    def as_it_is(self, transaction: Transaction, people: Sequence[Person]) -> bytes:
        """Valid, now and then one that was sent before."""
        if self._earlier and self._rng.random() < 0.2:
            return self._rng.choice(self._earlier[-100:]).serialize()
        self._earlier.append(transaction)
        return transaction.serialize()

    def bytes_(self, transaction: Transaction, people: Sequence[Person]) -> bytes:
        """Some bytes of it are others, are missing or are too many."""
        return self._changed(transaction.serialize())

    def bytes_signed_again(self, transaction: Transaction, people: Sequence[Person]) -> bytes:
        """Bytes of what is signed are others, and it is signed so."""
        unsigned = self._changed(transaction.serialize_unsigned())
        try:
            digest = Transaction.parse_unsigned(unsigned).hash
        except FormatError:
            digest = UInt256(sha256(unsigned))
        message = NETWORK.to_bytes(4, "little") + digest
        self._forge.signed.add(digest)
        return unsigned + _witnesses([person.witness(message) for person in people])

    def field(self, transaction: Transaction, people: Sequence[Person]) -> bytes:
        """A number is another."""
        rng = self._rng
        name = rng.choice(("nonce", "system_fee_datoshi", "network_fee_datoshi", "valid_until_block"))
        near = getattr(transaction, name) + rng.choice((-1, 1, -100, 100))
        height = self._forge.height
        numbers = (*_NUMBERS, near, height - 1, height, height + 1, height + 86_400, height + 86_401)
        most = 2**32 - 1 if name in ("nonce", "valid_until_block") else 2**63 - 1
        changes: dict[str, Any] = {name: min(max(rng.choice(numbers), 0), most)}
        return self._signed(replace(transaction, witnesses=(), **changes), people)

    def script(self, transaction: Transaction, people: Sequence[Person]) -> bytes:
        """Its script is changed, and signed."""
        return self._signed(replace(transaction, witnesses=(), script=self._changed(transaction.script)), people)

    def signers(self, transaction: Transaction, people: Sequence[Person]) -> bytes:
        """Other signers than sign, in another order, with other scopes."""
        rng, signers = self._rng, [*transaction.signers]
        everybody = [*people]
        match rng.randrange(5):
            case 0:
                rng.shuffle(signers)
            case 1:
                signers.append(Signer(UInt160(rng.randbytes(20)), WitnessScope.CalledByEntry))
                everybody.append(rng.choice(everybody))
            case 2:
                signers.append(rng.choice(signers))
                everybody.append(everybody[-1])
            case 3:
                signers = [self._forge.signer(signer.account) for signer in signers]
                return replace(transaction, signers=tuple(signers)).serialize()
            case _:
                signers, everybody = signers[::-1], everybody[::-1]
        return self._signed(replace(transaction, witnesses=(), signers=tuple(signers)), everybody)

    def attributes(self, transaction: Transaction, people: Sequence[Person]) -> bytes:
        """One more attribute, or none."""
        rng, height = self._rng, self._forge.height
        known = self._earlier[-1].hash if self._earlier else UInt256.ZERO
        more = rng.choice(
            (
                HighPriority(),
                NotaryAssisted(rng.randrange(256)),
                NotValidBefore(height + rng.choice((0, 1, 2, 1000))),
                Conflicts(rng.choice((known, UInt256.ZERO, transaction.hash))),
                OracleResponse(rng.getrandbits(63), rng.choice((*OracleResponseCode,)), b""),
                None,
            )
        )
        attributes = () if more is None else (*transaction.attributes, more)
        return self._signed(replace(transaction, witnesses=(), attributes=attributes), people)

    def witnesses(self, transaction: Transaction, people: Sequence[Person]) -> bytes:
        """Witnesses that are others, elsewhere, too few, too many, or do more than they should."""
        rng, witnesses = self._rng, [*transaction.witnesses]
        place = rng.randrange(len(witnesses))
        invocation, verification = witnesses[place].invocation, witnesses[place].verification
        signature = invocation[2:66]
        others = (
            Witness(),
            Witness(b"", verification),
            Witness(invocation, b""),
            Witness(invocation + bytes((Opcode.NOP,)), verification),
            Witness(bytes((Opcode.PUSH1,)) + invocation, verification),
            Witness(invocation, verification + bytes((Opcode.NOP,))),
            Witness(b"\x0d\x40\x00" + signature, verification),
            Witness(invocation + invocation, verification),
            Witness(invocation[:-64] + rng.randbytes(64), verification),
            Witness(invocation, rng.choice((b"\x11", b"\x10", b"\x38", b"\x40", b"\x11\x11", b""))),
            Witness(self._changed(invocation)[:1024], verification),
            Witness(invocation, self._changed(verification)[:1024]),
        )
        match rng.randrange(8):
            case 0:
                rng.shuffle(witnesses)
            case 1:
                del witnesses[place]
            case 2:
                witnesses.insert(place, rng.choice(witnesses))
            case _:
                witnesses[place] = rng.choice(others)
        return transaction.serialize_unsigned() + _witnesses(witnesses)

    def witness_bytes(self, transaction: Transaction, people: Sequence[Person]) -> bytes:
        """The bytes of the witnesses are others."""
        unsigned = transaction.serialize_unsigned()
        return unsigned + self._changed(transaction.serialize()[len(unsigned) :])

    def another_account(self, transaction: Transaction, people: Sequence[Person]) -> bytes:
        """One of the signers is the account of a script that may agree, may not, or never ends."""
        rng = self._rng
        scripts = [
            *(b"\x11", b"\x10", b"\x21", b"\x38", b"\x11\x11", b"\x08", b"\x0c\x01\x00", b"\xc2", b"\x11\x21\x40"),
            *(b"\x41" + rng.randbytes(4), rng.randbytes(rng.randrange(1, 40))),
        ]
        if rng.random() < 0.01:
            scripts = [b"\x22\x00"]
        script = rng.choice(scripts)
        signers = (*transaction.signers, Signer(UInt160(hash160(script)), WitnessScope.None_))
        changed = replace(transaction, witnesses=(), signers=signers)
        message = changed.sign_data(NETWORK)
        self._forge.signed.add(changed.hash)
        made = [person.witness(message) for person in people]
        return changed.serialize_unsigned() + _witnesses([*made, Witness(rng.choice((b"", b"", b"\x11")), script)])

    def _signed(self, transaction: Transaction, people: Sequence[Person]) -> bytes:
        self._forge.signed.add(transaction.hash)
        message = transaction.sign_data(NETWORK)
        witnesses = _witnesses([person.witness(message) for person in people])
        return transaction.serialize_unsigned() + witnesses

    def _changed(self, data: bytes) -> bytes:
        rng, changed = self._rng, bytearray(data)
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            at = rng.randrange(len(changed) + 1)
            match rng.randrange(9):
                case 0 if at < len(changed):
                    changed[at] ^= 1 << rng.randrange(8)
                case 1 if at < len(changed):
                    changed[at] = rng.choice(_EDGES)
                case 2:
                    changed[at:at] = rng.randbytes(rng.randrange(1, 5))
                case 3:
                    del changed[at : at + rng.randrange(1, 5)]
                case 4:
                    changed += rng.randbytes(rng.randrange(1, 40))
                case 5 if rng.random() < 0.3:
                    del changed[at:]
                case 6:
                    changed[at:at] = changed[at : at + rng.randrange(1, 40)]
                case 7 if at < len(changed):
                    # The same number, written longer.
                    changed[at : at + 1] = b"\xfd" + changed[at : at + 1] + b"\x00"
                case 8:
                    size = rng.choice((2, 4, 8))
                    changed[at : at + size] = rng.choice(_NUMBERS).to_bytes(8, "little")[:size]
        return bytes(changed)

    # Blocks

    def block_as_it_is(self) -> bytes:
        """Valid."""
        return self._forge.block(self._some()).serialize()

    def block_bytes(self) -> bytes:
        """Some bytes of it are others."""
        return self._changed(self._forge.block(self._some()).serialize())

    def block_header(self) -> bytes:
        """A field of its header is another, and it is signed so."""
        rng, some = self._rng, self._some()
        header = self._forge.next_header(some)
        time = header.timestamp_ms
        changes: tuple[dict[str, Any], ...] = (
            {"previous_hash": UInt256(rng.randbytes(32))},
            {"index": rng.choice((0, header.index - 1, header.index + 1, header.index + 2, 2**32 - 1))},
            {"timestamp_ms": rng.choice((0, time - 1000, time - 1001, time - 999))},
            {"primary_index": rng.choice((1, 2, 255))},
            {"nonce": rng.getrandbits(64)},
        )
        return self._forge.block(some, replace(header, **rng.choice(changes))).serialize()

    def block_merkle_root(self) -> bytes:
        """Its merkle root is not that of its transactions."""
        some = self._some()
        header = replace(self._forge.next_header(some), merkle_root=UInt256(self._rng.randbytes(32)))
        return self._forge.block(some, header).serialize()

    def block_order(self) -> bytes:
        """Transactions in another order, or one twice, under the root of what was before or of what is now."""
        rng, some = self._rng, self._some(2)
        header = self._forge.next_header(some)
        block = self._forge.block(some, header)
        changed = [*some]
        rng.shuffle(changed)
        if rng.random() < 0.4:
            changed.append(rng.choice(changed))
        if rng.random() < 0.5:
            root = merkle_root([transaction.hash for transaction in changed])
            block = self._forge.block(some, replace(header, merkle_root=root))
        writer = BinaryWriter()
        block.header.write_to(writer)
        writer.var_int(len(changed)).array(changed)
        return writer.to_bytes()

    def block_transactions(self) -> bytes:
        """One of its transactions is no valid one."""
        rng = self._rng
        transaction, people = self._forge.valid()
        change = rng.choice((self.field, self.script, self.attributes, self.witnesses, self.as_it_is))
        changed = Transaction.parse(change(transaction, people))
        return self._forge.block((*self._some(), changed)).serialize()

    def block_witness(self) -> bytes:
        """Signed by somebody else, or not at all."""
        rng, forge = self._rng, self._forge
        block = forge.block(self._some())
        message = block.header.sign_data(NETWORK)
        user, witness = rng.choice(forge.users), block.header.witness
        others = (
            user.witness(message),
            Witness(user.witness(message).invocation, witness.verification),
            Witness(),
            Witness(witness.invocation, b"\x11"),
            Witness(witness.invocation + b"\x21", witness.verification),
            Witness(b"", b"\x11"),
        )
        return replace(block, header=replace(block.header, witness=rng.choice(others))).serialize()

    def _some(self, least: int = 0) -> tuple[Transaction, ...]:
        return tuple(self._forge.valid()[0] for _ in range(self._rng.randrange(least, least + 3)))


def _witnesses(witnesses: Sequence[Witness]) -> bytes:
    return BinaryWriter().var_int(len(witnesses)).array(witnesses).to_bytes()
