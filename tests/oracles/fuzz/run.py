"""Sends mutants to a node and sees to it that nothing is taken in that nobody has signed, and nothing breaks."""

import logging
import resource
import sys
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from rpcnode.payloads.block import Block
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.binary import BinaryReader
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.uint import UInt256
from rpcnode.testing import LocalNode, RpcCallError
from tests.oracles.fuzz.forge import Forge
from tests.oracles.fuzz.judge import Judge
from tests.oracles.fuzz.mutations import Mutant, Mutations

REFUSALS: Final = frozenset((-32602, *range(-512, -499)))
"""The codes with which a transaction or a block may be refused."""

_BEFORE_A_BLOCK: Final = 100
_BEFORE_A_NEW_CHAIN: Final = 5_000


@dataclass
class Outcome:
    """What came of a run. `wrong` are the cases that must not be, in words."""

    cases: int = 0
    taken: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    codes: Counter[int] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    peaks: list[int] = field(default_factory=list)


class Run:
    """Mutants for one node, and for a live neo-go on an equal chain where there is one, that makes no blocks."""

    def __init__(self, forge: Forge, judge: Judge | None = None) -> None:
        self._forge: Final = forge
        self._own: Final[LocalNode] = forge.own
        self._judge: Final = judge
        self._mutations: Final = Mutations(forge, blocks=0.15 if judge is None else 0.05)
        self._only_ours: Final[set[str]] = set()
        self.outcome: Final = Outcome()

    def open(self) -> None:
        """Begins the chain."""
        for block in self._forge.open():
            self._submit(block)

    def run(self, cases: int) -> Outcome:
        """Sends so many."""
        with _errors_of_ours() as errors:
            for number in range(cases):
                if self._judge is None and number and number % _BEFORE_A_NEW_CHAIN == 0:
                    self._own.call("dev_reset")
                    self._mutations.forget()
                    self.open()
                self._send(self._mutations.any())
                if number % _BEFORE_A_BLOCK == _BEFORE_A_BLOCK - 1:
                    self._mine()
                if number % max(cases // 10, 1) == 0:
                    self.outcome.peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        self.outcome.peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        self.outcome.wrong += errors
        return self.outcome

    def _send(self, mutant: Mutant) -> None:
        outcome, height = self.outcome, self._forge.height
        outcome.cases += 1
        code, words = self._ours(mutant.method, mutant.data)
        if code:
            outcome.refused[mutant.label] += 1
            outcome.codes[code] += 1
        else:
            outcome.taken[mutant.label] += 1
        if code and code not in REFUSALS:
            self._note(mutant, f"answered {code} {words}")
        taken_hash = None if code else _hash_of(mutant)
        if taken_hash is not None and taken_hash not in self._forge.signed:
            self._note(mutant, f"{taken_hash} was taken in, and nobody has signed it")
        if self._judge is None:
            if not code and mutant.method == "submitblock" and self._forge.rng.random() < 0.5:
                self._own.call("dev_rewind", height)
            return
        their_code, their_words = self._theirs(mutant.method, mutant.data)
        if bool(code) is bool(their_code):
            return
        told = f"{mutant.label}: ours {code or 'taken in'} {words}, neo-go {their_code or 'taken in'} {their_words}"
        reason = _known(mutant, code, their_words)
        if reason is None:
            self._note(mutant, told)
        else:
            outcome.known[reason] += 1
        if mutant.method == "submitblock" and code:
            self._judge.take_back()
        elif mutant.method == "submitblock":
            self._own.call("dev_rewind", height)
        elif not code:
            # Only ours has it: no block for both may hold it.
            self._only_ours.add(str(taken_hash))

    def _mine(self) -> None:
        """A block of what waits, for both."""
        waiting = [each for each in self._own.call("getrawmempool") if each not in self._only_ours]
        raw = [self._own.call("getrawtransaction", each) for each in waiting]
        transactions = tuple(Transaction.parse(_bytes(each)) for each in raw)
        self._submit(self._forge.block(transactions))

    def _submit(self, block: Block) -> None:
        for name, (code, words) in (
            ("ours", self._ours("submitblock", block.serialize())),
            ("neo-go", self._theirs("submitblock", block.serialize())),
        ):
            if code:
                raise AssertionError(f"{name} refuses a block of what waits: {code} {words}; {self.outcome.wrong}")
        if self._judge is not None:
            ours, theirs = self._own.call("getstateroot", block.index)["roothash"], self._judge.root(block.index)
            if ours != theirs:
                raise AssertionError(f"after block {block.index} the roots are {ours} and {theirs}")

    def _ours(self, method: str, data: bytes) -> tuple[int, str]:
        try:
            self._own.call(method, b64encode(data).decode())
        except RpcCallError as error:
            return error.code, error.message
        return 0, ""

    def _theirs(self, method: str, data: bytes) -> tuple[int, str]:
        return (0, "") if self._judge is None else self._judge.send(method, data)

    def _note(self, mutant: Mutant, told: str) -> None:
        self.outcome.wrong.append(f"case {self.outcome.cases}, {told}\n    {b64encode(mutant.data).decode()}")


def _bytes(text: Any) -> bytes:
    return b64decode(text)


def _hash_of(mutant: Mutant) -> UInt256 | None:
    kind = Block if mutant.method == "submitblock" else Transaction
    try:
        return kind.read_from(BinaryReader(mutant.data)).hash
    except FormatError:
        return None


def _known(mutant: Mutant, code: int, their_words: str) -> str | None:
    """Why the two decide otherwise."""
    if mutant.method == "submitblock" and code:
        block = Block.parse(mutant.data)
        return "neo-cli alone looks whether a primary index is a validator's" if block.header.primary_index else None
    if code:
        told = _why_unread(mutant.data)
        return "neo-cli reads no Boolean but 0 and 1" if told.startswith("Invalid boolean value") else None
    if "additional data" in their_words:
        return "neo-cli reads no further than a transaction goes"
    if mutant.method == "submitblock" and "transaction" in their_words:
        return "neo-cli verifies the header of a block and believes its transactions"
    return None


def _why_unread(data: bytes) -> str:
    try:
        Transaction.read_from(BinaryReader(data))
    except FormatError as error:
        return str(error)
    return ""


@contextmanager
def _errors_of_ours() -> Iterator[list[str]]:
    """What the node logs as an error meanwhile."""
    found: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.levelno >= logging.ERROR:
                found.append(self.format(record))

    handler = Handler()
    logging.getLogger().addHandler(handler)
    try:
        yield found
    finally:
        logging.getLogger().removeHandler(handler)


def tell(outcome: Outcome) -> int:
    """Prints it; 1 where something is wrong."""
    print(f"{outcome.cases:,} cases: {outcome.taken.total():,} taken in, {outcome.refused.total():,} refused")
    for label in sorted({*outcome.taken, *outcome.refused}):
        print(f"  {label}: {outcome.taken[label]:,} taken in, {outcome.refused[label]:,} refused")
    print("codes: " + ", ".join(f"{code} {count:,}" for code, count in sorted(outcome.codes.items())))
    for reason, count in outcome.known.items():
        print(f"{count} decided otherwise by neo-go: {reason}")
    print("most memory in use, in MB: " + ", ".join(str(peak // 1024) for peak in outcome.peaks))
    print(f"{len(outcome.wrong)} wrong")
    for told in outcome.wrong[:20]:
        print("  " + told, file=sys.stderr)
    return 1 if outcome.wrong else 0
