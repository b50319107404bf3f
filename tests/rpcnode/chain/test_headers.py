"""Headers that nobody stored: their bytes, hashes and links, in each profile's layout."""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from struct import unpack

import pytest

from rpcnode.chain.blocks import NewBlock
from rpcnode.chain.described import DescribedChain, parameters_of
from rpcnode.chain.description import Block, ChainDescription, Network
from rpcnode.chain.headers import GENESIS_NONCE, header_nonce
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.network import VALIDATOR_PUBLIC_KEY, network_defaults
from rpcnode.chain.schema import CHAIN_MIGRATIONS
from rpcnode.chain.searched_hashes import SPAN
from rpcnode.chain.store import Store
from rpcnode.payloads import block as n3_block
from rpcnode.payloads import neo2_block, preview2_block
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.keys import verify
from rpcnode.primitives.uint import UInt256

PROFILES: tuple[ProfileName, ...] = ("n3", "n3-preview", "n2")
GENESIS_MS = 1_600_000_000_000
MS_PER_BLOCK = 15_000
DECLARED = (3, 7, 600)
HEIGHT = 1300

HASHED_SIZE = {"n3": 109, "n3-preview": 100, "n2": 104}
MAGIC = {profile: network_defaults(profile).magic.to_bytes(4, "little") for profile in PROFILES}


def double(data: bytes) -> bytes:
    return sha256(sha256(data).digest()).digest()


HASHES: dict[ProfileName, Callable[[bytes], bytes]] = {
    "n3": lambda part: sha256(part).digest(),
    "n3-preview": lambda part: double(MAGIC["n3-preview"] + part),
    "n2": double,
}
"""How each profile hashes a header. Source: neo-rpc.md, sections 5.5 to 5.7."""

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

EMPTY_ROOTS: dict[ProfileName, Callable[[int], bytes]] = {
    "n3": lambda nonce: bytes(32),
    # hash256 of the consensus data: primary 0, nonce
    "n3-preview": lambda nonce: double(b"\0" + nonce.to_bytes(8, "little")),
    # the hash of the miner transaction: type and version 00, the nonce's low half, no attributes, inputs, outputs
    "n2": lambda nonce: double(bytes(2) + (nonce & 0xFFFFFFFF).to_bytes(4, "little") + bytes(3)),
}
"""The merkle root of a block without transactions."""


def new_ledger(profile: ProfileName, height: int = HEIGHT, declared: Sequence[int] = DECLARED) -> Ledger:
    network = Network(ms_per_block=MS_PER_BLOCK, genesis_time_ms=GENESIS_MS)
    ledger = Ledger(Store.in_memory([CHAIN_MIGRATIONS]), profile, parameters_of(profile, network))
    blocks = tuple(Block(index, None, (), f"block {index}") for index in declared)
    DescribedChain(ledger, ChainDescription(network, height, height, (), (), blocks)).play()
    return ledger


@pytest.fixture(scope="module", params=PROFILES)
def ledger(request: pytest.FixtureRequest) -> Iterator[Ledger]:
    made = new_ledger(request.param)
    yield made
    made.store.close()


@pytest.fixture(scope="module", params=PROFILES)
def long_ledger(request: pytest.FixtureRequest) -> Iterator[Ledger]:
    """A chain that reaches over the edge of a span."""
    made = new_ledger(request.param, 2 * SPAN + 1, [])
    yield made
    made.store.close()


def hashed_part(ledger: Ledger, block_index: int) -> bytes:
    return ledger.header(block_index).serialize()[: HASHED_SIZE[ledger.profile]]


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
def test_times_count_on_from_the_last_stored_block(profile: ProfileName) -> None:
    ledger = new_ledger(profile, 5)
    late_ms = GENESIS_MS + 9 * MS_PER_BLOCK + 500
    ledger.apply_block(NewBlock(8, late_ms, ledger.headers.merkle_root(8, []), (), (), ledger.new_storage()))
    ledger.advance(10)
    assert [ledger.timestamp_ms(index) for index in (7, 8, 9, 10)] == [
        GENESIS_MS + 7 * MS_PER_BLOCK,
        late_ms,
        late_ms + MS_PER_BLOCK,
        late_ms + 2 * MS_PER_BLOCK,
    ]


def test_a_block_declared_empty_is_the_one_that_nobody_declared(ledger: Ledger) -> None:
    undeclared = new_ledger(ledger.profile, HEIGHT, [])
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
    "n3-preview": lambda data: preview2_block.Block.parse(data, network_defaults("n3-preview").magic),
    "n2": neo2_block.Block.parse,
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
def test_hashes_do_not_depend_on_the_order_of_the_questions(profile: ProfileName) -> None:
    upwards, downwards = new_ledger(profile), new_ledger(profile)
    indexes = [0, 1, 5, 511, 512, 513, 600, 1024, HEIGHT]
    asked_upwards = [upwards.block_hash(index) for index in indexes]
    assert [downwards.block_hash(index) for index in reversed(indexes)] == asked_upwards[::-1]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_hash_that_was_handed_out_has_its_index(profile: ProfileName) -> None:
    ledger = new_ledger(profile)
    for index in (0, DECLARED[0], 4, HEIGHT):
        block_hash = ledger.block_hash(index)
        assert block_hash is not None
        assert ledger.block_index(block_hash) == index


@pytest.mark.parametrize("profile", PROFILES)
def test_a_hash_that_another_node_handed_out_has_its_index(profile: ProfileName) -> None:
    known = {index: new_ledger(profile).block_hash(index) for index in (1, 513, 601, HEIGHT)}
    ledger = new_ledger(profile)
    assert {ledger.block_index(block_hash): block_hash for block_hash in known.values() if block_hash} == known


@pytest.mark.parametrize("profile", PROFILES)
def test_a_block_that_came_after_a_search_is_found_by_the_next(profile: ProfileName) -> None:
    grown = new_ledger(profile).block_hash(HEIGHT)
    assert grown is not None
    ledger = new_ledger(profile, 700)
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
def test_a_block_in_the_place_of_a_header_changes_every_hash_from_there_on(profile: ProfileName) -> None:
    ledger = new_ledger(profile, 5)
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


@pytest.mark.slow
def test_a_walk_goes_no_further_than_a_span(long_ledger: Ledger) -> None:
    parts = {index: hashed_part(long_ledger, index) for index in (SPAN - 1, SPAN, SPAN + 1, 2 * SPAN, 2 * SPAN + 1)}
    digest = HASHES[long_ledger.profile]
    assert parts[SPAN + 1][4:36] == digest(parts[SPAN])
    assert parts[2 * SPAN + 1][4:36] == digest(parts[2 * SPAN])
    # Modelled: the first of a span is not linked to the last of the one before.
    assert parts[SPAN][4:36] != digest(parts[SPAN - 1])
    assert parts[SPAN][4:36] != parts[2 * SPAN][4:36]
    assert {index: long_ledger.block_hash(index) for index in parts} == {
        index: digest(part) for index, part in parts.items()
    }


@pytest.mark.slow
def test_of_a_long_chain_the_newest_span_and_the_oldest_are_searched(long_ledger: Ledger) -> None:
    other = new_ledger(long_ledger.profile, 2 * SPAN + 1, [])
    found = {index: long_ledger.block_index(UInt256(other.block_hash(index) or b"")) for index in (1, 2 * SPAN + 1)}
    assert found == {1: 1, 2 * SPAN + 1: 2 * SPAN + 1}


def test_the_validators_account_differs_with_the_profiles_script() -> None:
    assert len({new_ledger(profile, 0, []).validators for profile in PROFILES}) == 3


def test_neo2s_own_transactions_are_found_by_their_hashes() -> None:
    ledger = new_ledger("n2")
    for index in (0, 1, DECLARED[0], HEIGHT):
        own = ledger.block(index).transactions[0]
        assert own.hash == UInt256(EMPTY_ROOTS["n2"](header_nonce(index)))
        assert ledger.transaction(own.hash) == (own, index)
    assert ledger.transaction(UInt256(EMPTY_ROOTS["n2"](header_nonce(HEIGHT + 1)))) is None


@pytest.mark.parametrize("profile", ["n3", "n3-preview"])
def test_later_profiles_have_no_transactions_of_their_own(profile: ProfileName) -> None:
    ledger = new_ledger(profile)
    assert list(ledger.block(1).transactions) == []
    assert ledger.transaction(UInt256(EMPTY_ROOTS["n2"](header_nonce(1)))) is None
