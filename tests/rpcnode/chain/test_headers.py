"""Headers that nobody stored: their bytes, hashes and links, in each profile's layout."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from struct import unpack

import pytest

from rpcnode.chain.blocks import NewBlock
from rpcnode.chain.headers import GENESIS_NONCE, header_nonce
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.network import VALIDATOR_PUBLIC_KEY, network_defaults
from rpcnode.payloads import block as n3_block
from rpcnode.payloads.neo2 import block as neo2_block
from rpcnode.payloads.preview2 import block as preview2_block
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.keys import verify
from rpcnode.primitives.uint import UInt256
from tests.rpcnode.chain.described_ledgers import (
    DECLARED,
    EMPTY_ROOTS,
    GENESIS_MS,
    HASHED_SIZE,
    HASHES,
    HEIGHT,
    MAGIC,
    MS_PER_BLOCK,
    PROFILES,
    LedgerMaker,
    hashed_part,
)

SIGNED: dict[ProfileName, Callable[[bytes], bytes]] = {
    "n3": lambda part: MAGIC["n3"] + sha256(part).digest(),
    "n3-preview": lambda part: MAGIC["n3-preview"] + part,
    "n2": lambda part: part,
}
"""What each profile's validators sign."""

ENDS: dict[ProfileName, bytes] = {"n3": b"", "n3-preview": b"\0", "n2": b"\0"}
"""What stands behind the witness of a header by itself."""

TIME_OF: dict[ProfileName, Callable[[bytes], int]] = {
    "n3": lambda part: int(unpack("<Q", part[68:76])[0]),
    "n3-preview": lambda part: int(unpack("<Q", part[68:76])[0]),
    "n2": lambda part: int(unpack("<I", part[68:72])[0]) * 1000,
}


@pytest.fixture(scope="module", params=PROFILES)
def ledger(request: pytest.FixtureRequest) -> Iterator[Ledger]:
    """A chain of each profile that tests only read."""
    maker = LedgerMaker()
    yield maker(request.param)
    maker.close()


def test_each_header_names_the_hash_of_the_one_before(ledger: Ledger) -> None:
    previous = bytes(32)
    for index in range(HEIGHT + 1):
        part = hashed_part(ledger, index)
        assert part[4:36] == previous, f"header {index}"
        previous = HASHES[ledger.profile](part)
        assert ledger.block_hash(index) == previous


def test_an_empty_blocks_merkle_root_is_the_profiles(ledger: Ledger) -> None:
    for index in (1, 2, DECLARED[0], 512, HEIGHT):
        assert hashed_part(ledger, index)[36:68] == EMPTY_ROOTS[ledger.profile](header_nonce(index))


def test_times_count_on_from_the_genesis_block(ledger: Ledger) -> None:
    for index in (0, 1, 3, 599, 600, 601, HEIGHT):
        assert ledger.timestamp_ms(index) == GENESIS_MS + index * MS_PER_BLOCK
        assert TIME_OF[ledger.profile](hashed_part(ledger, index)) == GENESIS_MS + index * MS_PER_BLOCK


@pytest.mark.parametrize("profile", PROFILES)
def test_times_count_on_from_the_last_stored_block(make: LedgerMaker, profile: ProfileName) -> None:
    ledger = make(profile, 5)
    late_ms = GENESIS_MS + 9 * MS_PER_BLOCK + 500
    ledger.apply_block(NewBlock(8, late_ms, ledger.headers.merkle_root(8, []), (), (), ledger.new_storage()))
    ledger.advance(10)
    assert [ledger.timestamp_ms(index) for index in (7, 8, 9, 10)] == [
        GENESIS_MS + 7 * MS_PER_BLOCK,
        late_ms,
        late_ms + MS_PER_BLOCK,
        late_ms + 2 * MS_PER_BLOCK,
    ]


def test_a_block_declared_empty_is_the_one_that_nobody_declared(make: LedgerMaker, ledger: Ledger) -> None:
    undeclared = make(ledger.profile, HEIGHT, [])
    for index in (*DECLARED, HEIGHT):
        assert undeclared.block_hash(index) == ledger.block_hash(index)


def test_headers_are_signed_by_the_validator_over_what_the_profile_signs(ledger: Ledger) -> None:
    scripts = ledger.layout.account_scripts
    size = HASHED_SIZE[ledger.profile]
    key = ECPoint.parse(VALIDATOR_PUBLIC_KEY)
    for index in (1, DECLARED[1], HEIGHT):
        data = ledger.header(index).serialize()
        witness = Witness.parse(data[size + 1 : len(data) - len(ENDS[ledger.profile])])
        assert data.endswith(ENDS[ledger.profile])
        assert witness.verification == scripts.bft([key])
        assert verify(key, SIGNED[ledger.profile](data[:size]), witness.invocation[-64:])
        assert data[size - 20 : size] == ledger.validators == witness.script_hash


READERS: dict[ProfileName, Callable[[bytes], object]] = {
    "n3": n3_block.Block.parse,
    "n3-preview": lambda data: preview2_block.Preview2Block.parse(data, network_defaults("n3-preview").magic),
    "n2": neo2_block.Neo2Block.parse,
}


def test_blocks_read_back_and_their_merkle_roots_hold(ledger: Ledger) -> None:
    for index in (0, 1, DECLARED[0], HEIGHT):
        block = ledger.block(index)
        assert READERS[ledger.profile](block.serialize()) == block
        assert block.hash == ledger.block_hash(index)
        assert block.index == index


def test_the_first_nonce_is_neos_and_no_two_are_alike(ledger: Ledger) -> None:
    assert header_nonce(0) == GENESIS_NONCE == 2083236893
    nonces = [header_nonce(index) for index in range(HEIGHT)]
    assert len({nonce & 0xFFFFFFFF for nonce in nonces}) == HEIGHT  # n2's miner transactions have the low half


@pytest.mark.parametrize("profile", PROFILES)
def test_hashes_do_not_depend_on_the_order_of_the_questions(make: LedgerMaker, profile: ProfileName) -> None:
    upwards, downwards = make(profile), make(profile)
    indexes = [0, 1, 5, 511, 512, 513, 600, 1024, HEIGHT]
    asked_upwards = [upwards.block_hash(index) for index in indexes]
    assert [downwards.block_hash(index) for index in reversed(indexes)] == asked_upwards[::-1]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_hash_that_was_handed_out_has_its_index(make: LedgerMaker, profile: ProfileName) -> None:
    ledger = make(profile)
    for index in (0, DECLARED[0], 4, HEIGHT):
        block_hash = ledger.block_hash(index)
        assert block_hash is not None
        assert ledger.block_index(block_hash) == index


@pytest.mark.parametrize("profile", PROFILES)
def test_a_hash_that_another_node_handed_out_has_its_index(make: LedgerMaker, profile: ProfileName) -> None:
    known = {index: make(profile).block_hash(index) for index in (1, 513, 601, HEIGHT)}
    ledger = make(profile)
    assert {ledger.block_index(block_hash): block_hash for block_hash in known.values() if block_hash} == known


@pytest.mark.parametrize("profile", PROFILES)
def test_a_block_that_came_after_a_search_is_found_by_the_next(make: LedgerMaker, profile: ProfileName) -> None:
    grown = make(profile).block_hash(HEIGHT)
    assert grown is not None
    ledger = make(profile, 700)
    assert ledger.block_index(grown) is None
    ledger.advance(HEIGHT)
    assert ledger.block_index(grown) == HEIGHT


def test_an_unknown_hash_has_no_index(ledger: Ledger) -> None:
    assert ledger.block_index(UInt256(b"\x01" * 32)) is None
    assert ledger.block_index(UInt256(b"\x01" * 32)) is None


def test_there_is_no_hash_above_the_newest_header(ledger: Ledger) -> None:
    assert ledger.block_hash(HEIGHT + 1) is None
    assert ledger.block_hash(-1) is None


@pytest.mark.parametrize("profile", PROFILES)
def test_a_block_in_the_place_of_a_header_changes_every_hash_from_there_on(
    make: LedgerMaker, profile: ProfileName
) -> None:
    ledger = make(profile, 5)
    ledger.advance(5, header_height=20)
    before = [ledger.block_hash(index) for index in range(21)]
    time_ms = ledger.timestamp_ms(8) + 1000
    root = ledger.headers.merkle_root(8, [UInt256(b"\x01" * 32)])
    ledger.apply_block(NewBlock(8, time_ms, root, (), (), ledger.new_storage()))
    after = [ledger.block_hash(index) for index in range(21)]
    assert after[:8] == before[:8]
    assert not set(after[8:]) & set(before[8:])
    stale, fresh = before[12], after[12]
    assert stale is not None
    assert fresh is not None
    assert ledger.block_index(stale) is None
    assert ledger.block_index(fresh) == 12


def test_the_validators_account_differs_with_the_profiles_script(make: LedgerMaker) -> None:
    assert len({make(profile, 0, []).validators for profile in PROFILES}) == 3


def test_neo2s_own_transactions_are_found_by_their_hashes(make: LedgerMaker) -> None:
    ledger = make("n2")
    for index in (0, 1, DECLARED[0], HEIGHT):
        own = ledger.block(index).transactions[0]
        assert own.hash == UInt256(EMPTY_ROOTS["n2"](header_nonce(index)))
        assert ledger.transaction(own.hash) == (own, index)
    assert ledger.transaction(UInt256(EMPTY_ROOTS["n2"](header_nonce(HEIGHT + 1)))) is None


@pytest.mark.parametrize("profile", ["n3", "n3-preview"])
def test_later_profiles_have_no_transactions_of_their_own(make: LedgerMaker, profile: ProfileName) -> None:
    ledger = make(profile)
    assert list(ledger.block(1).transactions) == []
    assert ledger.transaction(UInt256(EMPTY_ROOTS["n2"](header_nonce(1)))) is None
