"""Ledgers of described chains, and what their headers are by each profile's rules."""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

from rpcnode.chain.db.schema import CHAIN_MIGRATIONS
from rpcnode.chain.db.store import Store
from rpcnode.chain.declaration import DeclaredBlock, DeclaredChain, Network
from rpcnode.chain.described.described import parameters_of
from rpcnode.chain.described.played import described_chain
from rpcnode.chain.headers import SPAN
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.network import network_defaults
from rpcnode.primitives.errors import ProfileName

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
"""How each profile hashes a header. Source: Header and BlockBase of neo 3.10.2, 3.0.0-preview2 and 2.12."""

EMPTY_ROOTS: dict[ProfileName, Callable[[int], bytes]] = {
    "n3": lambda nonce: bytes(32),
    # hash256 of the consensus data: primary 0, nonce
    "n3-preview": lambda nonce: double(b"\0" + nonce.to_bytes(8, "little")),
    # the hash of the miner transaction: type and version 00, the nonce's low half, no attributes, inputs, outputs
    "n2": lambda nonce: double(bytes(2) + (nonce & 0xFFFFFFFF).to_bytes(4, "little") + bytes(3)),
}
"""The merkle root of a block without transactions."""


class LedgerMaker:
    """Makes ledgers of a height and declared empty blocks; closes their stores."""

    def __init__(self) -> None:
        self._made: list[Ledger] = []

    def __call__(self, profile: ProfileName, height: int = HEIGHT, declared: Sequence[int] = DECLARED) -> Ledger:
        network = Network(ms_per_block=MS_PER_BLOCK, genesis_time_ms=GENESIS_MS)
        ledger = Ledger(Store.in_memory([CHAIN_MIGRATIONS]), profile, parameters_of(profile, network))
        self._made.append(ledger)
        blocks = tuple(DeclaredBlock(index, None, (), f"block {index}") for index in declared)
        described_chain(ledger, DeclaredChain(network, height, height, (), (), blocks)).play()
        return ledger

    def close(self) -> None:
        for ledger in self._made:
            ledger.store.close()


def hashed_part(ledger: Ledger, block_index: int) -> bytes:
    """What is hashed of a header, from its bytes on the wire."""
    return ledger.header(block_index).serialize()[: HASHED_SIZE[ledger.profile]]


def hashed_parts(ledger: Ledger, stop: int) -> Iterator[bytes]:
    """What is hashed of each header below `stop`; at both ends of each span it is held against the wire.

    On the wire a header has a witness, and to sign it takes ten times as long as all else.
    """
    for block_index in range(stop):
        part = ledger.headers.hashed_part_of(block_index)
        if block_index % SPAN in (0, 1, SPAN - 1) or block_index == stop - 1:
            assert part == hashed_part(ledger, block_index)
        yield part
