from hashlib import sha256

import pytest

from rpcnode.payloads.header import Header
from rpcnode.payloads.witness import NO_WITNESS, Witness
from rpcnode.primitives.address import script_hash_of
from rpcnode.primitives.errors import EndOfData, FormatError
from rpcnode.primitives.uint import UInt256

# Block 0 of Neo's main network.
GENESIS = Header(
    previous_hash=UInt256.ZERO,
    merkle_root=UInt256.ZERO,
    timestamp_ms=1468595301000,
    nonce=2083236893,
    index=0,
    primary_index=0,
    next_consensus=script_hash_of("NVg7LjGcUSrgxgjX3zEgqaksfMaiS8Z6e1", 0x35),
    witness=Witness(b"", b"\x11"),
)
GENESIS_HASH = "0x1f4d1defa46faa5e7b9b8d3f79a06bec777d7c26c4aa5f6f5899a291daa87c15"


def test_the_hash_of_main_nets_first_block_recomputes() -> None:
    assert str(GENESIS.hash) == GENESIS_HASH


def test_the_hash_is_a_single_sha256_of_109_bytes() -> None:
    unsigned = GENESIS.serialize_unsigned()
    assert len(unsigned) == 109
    assert GENESIS.hash == sha256(unsigned).digest()


def test_the_fields_stand_in_neos_order() -> None:
    header = Header(
        version=0,
        previous_hash=UInt256(b"\x01" * 32),
        merkle_root=UInt256(b"\x02" * 32),
        timestamp_ms=3,
        nonce=4,
        index=5,
        primary_index=6,
        next_consensus=GENESIS.next_consensus,
        witness=Witness(b"\x08", b"\x09"),
    )
    unsigned = "00000000" + "01" * 32 + "02" * 32 + "030000000000000004000000000000000500000006"
    assert header.serialize().hex() == unsigned + GENESIS.next_consensus.hex() + "0101080109"
    assert Header.parse(header.serialize()) == header


def test_the_json_has_neo_clis_members_in_its_order() -> None:
    json = GENESIS.to_json(0x35)
    assert json == {
        "hash": GENESIS_HASH,
        "size": 109 + 1 + 1 + 2,
        "version": 0,
        "previousblockhash": "0x" + "00" * 32,
        "merkleroot": "0x" + "00" * 32,
        "time": 1468595301000,
        "nonce": "000000007C2BAC1D",
        "index": 0,
        "primary": 0,
        "nextconsensus": "NVg7LjGcUSrgxgjX3zEgqaksfMaiS8Z6e1",
        "witnesses": [{"invocation": "", "verification": "EQ=="}],
    }
    assert " ".join(json) == (
        "hash size version previousblockhash merkleroot time nonce index primary nextconsensus witnesses"
    )


def test_a_witness_does_not_change_the_hash() -> None:
    unsigned = Header.parse_unsigned(GENESIS.serialize_unsigned())
    assert unsigned.witness == NO_WITNESS
    assert unsigned.hash == GENESIS.hash
    assert unsigned.with_witness(GENESIS.witness) == GENESIS


@pytest.mark.parametrize("count", ["00", "020000"])
def test_a_header_has_one_witness(count: str) -> None:
    with pytest.raises(FormatError, match="a header has one witness, got"):
        Header.parse(GENESIS.serialize_unsigned() + bytes.fromhex(count + "0000"))


def test_another_version_is_refused() -> None:
    with pytest.raises(FormatError, match="`version`\\(1\\) in Header must be 0"):
        Header.parse(b"\x01" + GENESIS.serialize()[1:])


@pytest.mark.parametrize("size", [0, 3, 108, 109, 110, 112])
def test_a_cut_off_header_is_the_end_of_data(size: int) -> None:
    with pytest.raises(EndOfData):
        Header.parse(GENESIS.serialize()[:size])
