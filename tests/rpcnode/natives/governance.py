"""Random states of governance: committees, candidates, votes, GAS per block, hardforks at any height."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from hypothesis import strategies as st

from rpcnode.execution.block_run import run_block
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.records import Execution
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Place, Snapshot
from rpcnode.natives.committee import COMMITTEE_KEY, NEO_ID, Member, key_account, members_row
from rpcnode.natives.neo.candidates import (
    CANDIDATE_PREFIX,
    GAS_PER_VOTE_PREFIX,
    TOTAL_NEO,
    VOTERS_COUNT_KEY,
    Candidate,
)
from rpcnode.natives.neo.rewards import GAS_PER_BLOCK_PREFIX
from rpcnode.natives.neo_token import MAX_GAS_PER_BLOCK
from rpcnode.natives.policy_values import BLOCKED_PREFIX, POLICY_ID
from rpcnode.natives.registry import NATIVES
from rpcnode.payloads.block import Block
from rpcnode.payloads.header import Header
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.keys import derive_private_key, public_key_of
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import integer_bytes
from tests.oracles.world import Rows
from tests.rpcnode.natives.neo.token_chain import NoBlocks

KEYS: Final[tuple[ECPoint, ...]] = tuple(
    public_key_of(derive_private_key("governance", number)) for number in range(30)
)
SIZES: Final = {1: 1, 3: 1, 7: 4, 21: 7}
"""Validators of a committee of each size."""


@dataclass(frozen=True)
class Governance:
    """The rows before a block that is not genesis: those that genesis writes, and some changed or added."""

    size: int
    hardforks: Mapping[Hardfork, int]
    first: int
    changed: Mapping[Place, bytes] = field(default_factory=dict)

    @property
    def settings(self) -> ProtocolSettings:
        """The network's."""
        return settings_of(self.size, self.hardforks)

    def snapshot(self) -> Snapshot:
        """A new layer over the rows."""
        return Snapshot(Rows({**after_genesis(self.size, self.hardforks), **self.changed}))


def time_ms_of(index: int) -> int:
    """When a block is made."""
    return 1_000_000 + 15_000 * index


def block_at(index: int) -> Block:
    """A block without transactions, with a header that looks like a real one."""
    header = Header(
        UInt256(bytes([7] * 32)), UInt256.ZERO, time_ms_of(index), 12345, index, 0, UInt160(bytes([9] * 20))
    )
    return Block(header, ())


def one_by_one(
    snapshot: Snapshot, settings: ProtocolSettings, first: int, count: int
) -> list[tuple[Execution, Execution]]:
    """Executes each block of a stretch."""
    done = []
    for index in range(first, first + count):
        ledger = NoBlocks(index - 1)
        before, after = run_block(block_at(index), snapshot, settings, NATIVES, ledger)
        done.append((before, after))
    return done


def settings_of(size: int, hardforks: Mapping[Hardfork, int]) -> ProtocolSettings:
    """A network whose standby committee are the first keys."""
    return ProtocolSettings(
        network=42,
        address_version=53,
        ms_per_block=15_000,
        max_traceable_blocks=2_102_400,
        max_valid_until_block_increment=5_760,
        max_transactions_per_block=512,
        initial_gas=5_200_000_000_000_000,
        standby_committee=KEYS[:size],
        validators_count=SIZES[size],
        hardforks=hardforks,
    )


@cache
def _genesis(size: int, hardforks: tuple[tuple[Hardfork, int], ...]) -> Mapping[Place, bytes]:
    """The rows that the first block writes."""
    snapshot = Snapshot(Rows({}))
    one_by_one(snapshot, settings_of(size, dict(hardforks)), 0, 1)
    return {place: row for place, row in snapshot.changes().items() if row is not None}


def after_genesis(size: int, hardforks: Mapping[Hardfork, int]) -> Mapping[Place, bytes]:
    """The rows that the first block of a network writes."""
    known = tuple((hardfork, min(height, 1)) for hardfork, height in hardforks.items())
    return _genesis(size, known)


_VOTES: Final = st.integers(0, 10) | st.integers(0, TOTAL_NEO)
_GAS: Final = st.sampled_from((0, 1, 9, 100_000_000)) | st.integers(0, MAX_GAS_PER_BLOCK)


@st.composite
def hardfork_heights(draw: st.DrawFn, first: int, last: int) -> dict[Hardfork, int]:
    """Heights in order: some hardforks come before a stretch, some within it, the others after it or never."""
    before, within = draw(st.integers(0, len(Hardfork))), draw(st.integers(0, 3))
    heights = [0] * before + sorted(draw(st.lists(st.integers(first, last), min_size=within, max_size=within)))
    if draw(st.booleans()):
        heights += [last + 100] * len(Hardfork)
    return dict(zip(Hardfork, heights, strict=False))


@st.composite
def governances(draw: st.DrawFn, most: int = 70) -> tuple[Governance, int]:
    """A state, and how many empty blocks are to follow."""
    size = draw(st.sampled_from(tuple(SIZES)))
    first = draw(st.integers(1, 50) | st.integers(1, 7_000_000))
    count = draw(st.integers(0, most))
    hardforks = draw(hardfork_heights(first, first + most))
    rows: dict[Place, bytes] = {}
    keys = draw(st.permutations(KEYS))
    for key in keys[: draw(st.integers(0, len(KEYS)))]:
        rows[NEO_ID, CANDIDATE_PREFIX + key] = Candidate(draw(st.integers(0, 4)) > 0, draw(_VOTES)).to_row()
        if draw(st.booleans()):
            rows[NEO_ID, GAS_PER_VOTE_PREFIX + key] = integer_bytes(draw(st.integers(0, 2**100)))
        if not draw(st.integers(0, 7)):
            rows[POLICY_ID, BLOCKED_PREFIX + key_account(key)] = b""
    rows[NEO_ID, VOTERS_COUNT_KEY] = integer_bytes(draw(st.sampled_from((0, TOTAL_NEO // 5 - 1, TOTAL_NEO // 5))))
    if draw(st.booleans()):
        seated = keys[:size]
        rows[NEO_ID, COMMITTEE_KEY] = members_row(tuple(Member(key, draw(_VOTES)) for key in seated))
    for _ in range(draw(st.integers(0, 4))):
        since = draw(st.integers(0, first) | st.integers(max(first - 2, 0), first + most))
        rows[NEO_ID, GAS_PER_BLOCK_PREFIX + since.to_bytes(4, "big")] = integer_bytes(draw(_GAS))
    return Governance(size, hardforks, first, rows), count
