"""Roots and storage after empty blocks that nobody stored, against the same chain with each of them executed."""

import random
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Final

import pytest

from rpcnode.chain.block_runner import run_block
from rpcnode.chain.db.execution_rows import settled_index
from rpcnode.chain.db.schema import CHAIN_MIGRATIONS
from rpcnode.chain.db.store import Store
from rpcnode.chain.declaration import Network
from rpcnode.chain.described.described import parameters_of
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.persist import OwnBlock, Persist
from rpcnode.chain.trie import state_tries
from rpcnode.chain.trie.state_tries import StateTries, storage_key
from rpcnode.execution.native_hashes import GAS, NEO
from rpcnode.natives.committee import key_account
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.uint import UInt256
from rpcnode.vm.script_builder import ScriptBuilder
from tests.rpcnode.natives.governance import KEYS

NEO_ID: Final = -5
GAS_ID: Final = -6
HEIGHT: Final = 60
HARDFORKS: Final = (
    *((name, 0) for name in ("Aspidochelone", "Basilisk", "Cockatrice", "Domovoi")),
    ("Echidna", 12),
    ("Faun", 25),
    ("Gorgon", 44),
)
NETWORK: Final = Network(
    magic=42, ms_per_block=1000, committee=KEYS[:3], validators_count=1, hardforks=HARDFORKS, initial_gas=52 * 10**14
)
MOVES: Final = ("transfer", "register", "vote", "claim", "transfer")
STORED: Final = dict(zip((3, 9, 20, 31, 50), MOVES, strict=True))
"""What the only transaction of a block does; all other blocks are empty. Hardforks come within stretches."""


class Chain:
    """A ledger, whose empty blocks are executed if `thorough`, and passed if not."""

    def __init__(self, *, thorough: bool) -> None:
        self.ledger: Final = Ledger(Store.in_memory([CHAIN_MIGRATIONS]), "n3", parameters_of("n3", NETWORK))
        self.ledger.set_executed()
        self._persist: Final = Persist(self.ledger)
        self._thorough: Final = thorough
        witness = self.ledger.layout.genesis(self.ledger.parameters.validators).witness
        self.ledger.apply_block(self._persist.genesis((), witness))

    def extend(self, height: int) -> None:
        """Appends blocks up to a height."""
        for index in range(self.ledger.height + 1, height + 1):
            transactions = [(self._transaction(index, STORED[index]), ())] if index in STORED else []
            if transactions or self._thorough:
                own = OwnBlock(index, self.ledger.timestamp_ms(index), transactions)
                block = run_block(self.ledger, self._persist, own)
                assert all(execution.halted for execution in block.executions)
                self.ledger.apply_block(block)
        if self.ledger.height < height:
            self.ledger.advance(height)

    def _transaction(self, index: int, move: str) -> Transaction:
        owner, member = self.ledger.validators, KEYS[3]
        scripts: dict[str, Callable[[ScriptBuilder], object]] = {
            "transfer": lambda builder: builder.call(NEO, "transfer", (owner, key_account(member), index, None)),
            "register": lambda builder: builder.call(NEO, "registerCandidate", (bytes(member),)),
            "vote": lambda builder: builder.call(NEO, "vote", (owner, bytes(member))),
            "claim": lambda builder: builder.call(NEO, "transfer", (owner, owner, 0, None)),
        }
        builder = ScriptBuilder()
        scripts[move](builder)
        return Transaction(
            nonce=index,
            system_fee_datoshi=2000 * 10**8,
            network_fee_datoshi=10**8,
            valid_until_block=5000,
            signers=(Signer(owner, WitnessScope.Global), Signer(key_account(member), WitnessScope.Global)),
            attributes=(),
            script=builder.to_bytes(),
        )

    def roots(self, order: list[int]) -> dict[int, UInt256]:
        """The roots after blocks, asked for in an order."""
        tries = StateTries(self.ledger)
        return {index: tries.root_hash(index) for index in order}


@pytest.fixture(scope="module")
def executed() -> Iterator[Chain]:
    chain = Chain(thorough=True)
    chain.extend(HEIGHT)
    with closing(chain.ledger.store):
        yield chain


@pytest.fixture
def passed() -> Iterator[Chain]:
    chain = Chain(thorough=False)
    with closing(chain.ledger.store):
        yield chain


def in_any_order(height: int) -> list[int]:
    return random.Random(height).sample(range(height + 1), height + 1)


def test_the_roots_after_empty_blocks_are_those_of_executed_ones(executed: Chain, passed: Chain) -> None:
    expected = executed.roots(in_any_order(HEIGHT))
    assert len(set(expected.values())) == HEIGHT + 1
    for height in (2, 12, 13, HEIGHT):
        passed.extend(height)
        assert passed.roots(in_any_order(height)) == {index: expected[index] for index in range(height + 1)}
    assert settled_index(passed.ledger.store.connection, HEIGHT) == 50


def test_tries_that_stand_follow_the_chain_and_begin_anew_after_a_rewind(executed: Chain, passed: Chain) -> None:
    expected = executed.roots(in_any_order(HEIGHT))
    tries = StateTries(passed.ledger)
    for height, back in ((7, 5), (24, 22), (40, 26), (HEIGHT, 49), (55, 10), (HEIGHT, HEIGHT)):
        passed.extend(height)
        for index in in_any_order(height):
            assert tries.root_hash(index) == tries.trie(index).root_hash == expected[index]
        passed.ledger.rewind(back)
        tries.forget()
        assert tries.root_hash(back) == expected[back]


@pytest.mark.parametrize("contract_id", [NEO_ID, GAS_ID, -1, -7, 1])
def test_storage_after_empty_blocks_is_that_of_executed_ones(executed: Chain, passed: Chain, contract_id: int) -> None:
    for height in (6, 14, HEIGHT):
        passed.extend(height)
        for index in range(height + 1):
            rows = dict(executed.ledger.state_at(index).storage_find(contract_id, b""))
            assert dict(passed.ledger.state_at(index).storage_find(contract_id, b"")) == rows
            assert all(passed.ledger.state_at(index).storage_get(contract_id, key) == row for key, row in rows.items())
        newest = executed.ledger.state_at(height).storage_find(contract_id, b"")
        assert list(passed.ledger.state().storage_find(contract_id, b"")) == list(newest)


def test_blocks_that_are_held_back_leave_the_roots_below_as_they_are(executed: Chain, passed: Chain) -> None:
    expected = executed.roots(in_any_order(HEIGHT))
    passed.extend(HEIGHT)
    for height in (48, 17, 35, HEIGHT):
        passed.ledger.stand(height, HEIGHT)
        assert passed.roots(in_any_order(height)) == {index: expected[index] for index in range(height + 1)}


def test_a_root_is_found_among_stored_blocks_first_then_among_empty_ones(
    executed: Chain, passed: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = executed.roots(in_any_order(HEIGHT))
    passed.extend(HEIGHT)
    stored = len(STORED) + 1
    for index, steps in ((20, 3), (0, stored), (58, stored + 2), (1, HEIGHT)):
        tries = StateTries(passed.ledger)
        assert sum(1 for _ in tries.search(expected[index])) == steps
        trie = tries.trie_of(expected[index])
        assert trie is not None and trie.root_hash == expected[index]
        supply = executed.ledger.state_at(index).storage_get(GAS_ID, b"\x0b")
        assert trie.get(storage_key(GAS_ID, b"\x0b")) == supply
    monkeypatch.setattr(state_tries, "MOST_SEARCHED", 30)
    tries = StateTries(passed.ledger)
    assert sum(1 for _ in tries.search(UInt256.ZERO)) == stored + 30
    assert sum(1 for _ in tries.search(UInt256.ZERO)) == 0
    assert tries.trie_of(expected[1]) is None
    assert tries.root_hash(1) == expected[1]
    assert tries.trie_of(expected[1]) is not None


def test_a_search_begins_anew_where_blocks_are_taken_back(executed: Chain, passed: Chain) -> None:
    passed.extend(HEIGHT)
    tries = StateTries(passed.ledger)
    search = tries.search(executed.roots([HEIGHT])[HEIGHT])
    for _ in range(3):
        next(search)
    passed.ledger.rewind(15)
    tries.forget()
    assert sum(1 for _ in search) == 16


def test_a_balance_follows_what_empty_blocks_mint(executed: Chain, passed: Chain) -> None:
    passed.extend(HEIGHT)
    account = bytes(key_account(KEYS[1]))
    balances = []
    for index in range(HEIGHT + 1):
        of_both = [
            chain.ledger.state_at(index).call(GAS, "balanceOf", (account,)).stack for chain in (executed, passed)
        ]
        assert of_both[0] == of_both[1]
        balances.append(of_both[0])
    assert len(set(balances)) > 10
