"""Neo 3.0.0-preview2's blocks and transactions."""

import json
import re
from base64 import b64decode
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.payloads.preview2.block import ConsensusData, Preview2Block, Preview2Header, block_merkle_root
from rpcnode.payloads.preview2.transaction import (
    AttributeUsage,
    Cosigner,
    Preview2Attribute,
    Preview2Transaction,
    Preview2Witness,
    WitnessScope,
)
from rpcnode.primitives.address import script_hash_of
from rpcnode.primitives.binary import BinaryReader
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import EndOfData, FormatError
from rpcnode.primitives.keys import verify
from rpcnode.primitives.uint import UInt160, UInt256
from tests import PROJECT
from tests.rpcnode.payloads.older_blocks import PREVIEW2_BLOCK
from tests.rpcnode.payloads.payload_strategies import hashes160, hashes256, public_keys

SHARED_DATA = PROJECT.parent / "shared" / "data"
MAGIC = 5195086
ADDRESS_VERSION = 0x35

# What neo-go's node said of PREVIEW2_BLOCK.
BLOCK_MERKLE_ROOT = "0xc63d8ae3ca44682363d2e232374dd53a45ce8d3bc4573a87d4e818b07afb8973"
BLOCK_TRANSACTIONS = (
    "0x8af9ccb8e7e0f0a73e77b78dc52750e77c50f78b09ecc2f0669c0b459cc7dd89",
    "0xe7cff9e4820e53232dae619a3e6f57a9430dc240b5ed7b5c0ea2cfee3e90c985",
)
VALIDATORS = UInt160.parse("0x4138145d67638db97b402ee0b6751ef16253ecab")

HEADER_MEMBERS = "hash size version previousblockhash merkleroot time index nextconsensus witnesses"
TRANSACTION_MEMBERS = (
    "hash size version nonce sender sys_fee net_fee valid_until_block attributes cosigners script witnesses"
)


@pytest.fixture(scope="module")
def cases() -> dict[str, list[Any]]:
    """Requests and answers of a preview2 node, by name; the file has comments, which the node's own reader allows."""
    path = SHARED_DATA / "rpc-cases-n3-preview2.json"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside this checkout")
    listed: dict[str, list[Any]] = {}
    for case in json.loads(re.sub(r"^\s*//.*$", "", path.read_text("utf-8"), flags=re.MULTILINE)):
        listed.setdefault(case["Name"], []).append(case)
    return listed


def result(cases: dict[str, list[Any]], name: str) -> Any:
    return cases[name][0]["Response"]["result"]


def transaction(**changes: Any) -> Preview2Transaction:
    members: dict[str, Any] = {
        "magic": MAGIC,
        "nonce": 1,
        "sender": UInt160(b"\x02" * 20),
        "system_fee_datoshi": 3,
        "network_fee_datoshi": 4,
        "valid_until_block": 5,
        "attributes": (),
        "cosigners": (),
        "script": b"\x40",
    }
    return Preview2Transaction(**{**members, **changes})


def test_a_nodes_header_reads_and_prints_as_the_node_does(cases: dict[str, list[Any]]) -> None:
    raw, shown = result(cases, "getblockheaderhex"), result(cases, "getblockheader")
    header = Preview2Header.parse(bytes.fromhex(raw), MAGIC)
    assert header.serialize().hex() == raw
    assert header.to_json(ADDRESS_VERSION) == {
        name: value for name, value in shown.items() if name not in {"confirmations", "nextblockhash"}
    }
    assert " ".join(header.to_json(ADDRESS_VERSION)) == HEADER_MEMBERS


def test_a_nodes_transaction_reads_and_prints_as_the_node_does(cases: dict[str, list[Any]]) -> None:
    raw, shown = result(cases, "getrawtransactionhex"), result(cases, "getrawtransaction")
    parsed = Preview2Transaction.parse(bytes.fromhex(raw), MAGIC)
    known_by_the_ledger = {"blockhash", "confirmations", "blocktime", "vm_state"}
    assert parsed.serialize().hex() == raw
    assert parsed.to_json(ADDRESS_VERSION) == {
        name: value for name, value in shown.items() if name not in known_by_the_ledger
    }
    assert " ".join(parsed.to_json(ADDRESS_VERSION)) == TRANSACTION_MEMBERS


def test_a_nodes_block_has_the_contents_it_printed(cases: dict[str, list[Any]]) -> None:
    raw, shown = bytes.fromhex(result(cases, "getblockhex")), result(cases, "getblock")
    reader = BinaryReader(raw)
    header = Preview2Header.read_in_block_from(reader, MAGIC)
    assert reader.var_int() == 2
    block = Preview2Block(header, ConsensusData.read_from(reader), (Preview2Transaction.read_from(reader, MAGIC),))
    reader.expect_end()
    assert block.serialize() == raw
    assert block.to_json(ADDRESS_VERSION) == {
        name: value for name, value in shown.items() if name not in {"confirmations", "nextblockhash"}
    }
    assert " ".join(block.to_json(ADDRESS_VERSION)) == f"{HEADER_MEMBERS} consensus_data tx"


def test_that_blocks_merkle_root_is_of_preview1_and_refused(cases: dict[str, list[Any]]) -> None:
    with pytest.raises(FormatError, match="the header's merkle root is 0x735b68ca"):
        Preview2Block.parse(bytes.fromhex(result(cases, "getblockhex")), MAGIC)


@pytest.mark.parametrize("name", ["sendfrom", "sendmany", "sendtoaddress"])
def test_witnesses_are_in_the_order_of_their_accounts(cases: dict[str, list[Any]], name: str) -> None:
    shown = result(cases, name)
    witnesses = [Preview2Witness(b"", b64decode(witness["verification"])) for witness in shown["witnesses"]]
    made = transaction(
        sender=script_hash_of(shown["sender"], ADDRESS_VERSION),
        cosigners=tuple(Cosigner(UInt160.parse(cosigner["account"])) for cosigner in shown["cosigners"]),
    )
    assert made.accounts_to_sign == tuple(witness.script_hash for witness in witnesses)


def block_parts() -> tuple[Preview2Header, ConsensusData, list[Preview2Transaction]]:
    reader = BinaryReader(PREVIEW2_BLOCK)
    header = Preview2Header.read_in_block_from(reader, MAGIC)
    count = reader.var_int()
    consensus_data = ConsensusData.read_from(reader)
    transactions = [Preview2Transaction.read_from(reader, MAGIC) for _ in range(count - 1)]
    reader.expect_end()
    return header, consensus_data, transactions


def test_a_block_with_transactions_serializes_to_the_bytes_it_came_from() -> None:
    header, consensus_data, transactions = block_parts()
    assert Preview2Block(header, consensus_data, tuple(transactions)).serialize() == PREVIEW2_BLOCK
    assert (header.size, Preview2Block(header, consensus_data, tuple(transactions)).size) == (518, 1681)
    assert [made.size for made in transactions] == [575, 579]


def test_the_merkle_tree_begins_with_the_consensus_data() -> None:
    _, consensus_data, _ = block_parts()
    assert consensus_data == ConsensusData(0, 0x457)
    hashes = [UInt256.parse(text) for text in BLOCK_TRANSACTIONS]
    assert str(block_merkle_root(consensus_data, hashes)) == BLOCK_MERKLE_ROOT


def test_an_empty_blocks_merkle_root_is_the_hash_of_its_consensus_data() -> None:
    # hash256 of primary 0 as one byte and the nonce, little-endian
    expected = sha256(sha256(bytes.fromhex("00" + "1dac2b7c00000000")).digest()).digest()
    assert block_merkle_root(ConsensusData(0, 2083236893), []) == expected


def test_hashes_and_signatures_are_over_magic_and_unsigned_part() -> None:
    made = transaction()
    # version, nonce, sender, fees, valid until block, no attributes, no cosigners, a script of one byte
    unsigned = "00" + "01000000" + "02" * 20 + "0300000000000000" + "0400000000000000" + "05000000" + "0000" + "0140"
    message = bytes.fromhex("4e454f00" + unsigned)  # 5195086 is 0x4f454e
    assert made.sign_data() == message
    assert made.hash == sha256(sha256(message).digest()).digest()


def test_the_same_transaction_has_another_hash_on_another_network() -> None:
    assert transaction().hash != transaction(magic=MAGIC + 1).hash
    assert transaction().serialize() == transaction(magic=MAGIC + 1).serialize()


def test_neo_gos_signatures_verify_over_the_unsigned_part_it_signed() -> None:
    # That network left the magic number out; all else of the message is what sign_data gives.
    _, _, transactions = block_parts()
    witness = transactions[0].witnesses[0]
    keys = [ECPoint(witness.verification[3 + 35 * number : 36 + 35 * number]) for number in range(4)]
    signatures = [witness.invocation[2 + 66 * number : 66 + 66 * number] for number in range(4)]
    message = transactions[0].sign_data()[4:]
    assert [verify(key, message, signature) for key, signature in zip(keys, signatures, strict=True)] == [True] * 4
    assert witness.script_hash == VALIDATORS


def test_a_header_by_itself_ends_with_a_zero_byte_and_has_100_hashed_bytes() -> None:
    header, _, _ = block_parts()
    assert len(header.serialize_unsigned()) == 100
    assert header.serialize() == PREVIEW2_BLOCK[: header.size - 1] + b"\0"
    assert Preview2Header.parse(header.serialize(), MAGIC) == header
    assert Preview2Header.parse_unsigned(header.serialize_unsigned(), MAGIC).with_witness(header.witness) == header
    with pytest.raises(FormatError, match="a header by itself ends with 00, got 03"):
        Preview2Header.parse(header.serialize()[:-1] + b"\x03", MAGIC)


@pytest.mark.parametrize("size", [0, 3, 99, 100, 101, 517])
def test_a_cut_off_header_is_the_end_of_data(size: int) -> None:
    header, _, _ = block_parts()
    with pytest.raises(EndOfData):
        Preview2Header.parse(header.serialize()[:size], MAGIC)


def test_a_block_names_its_consensus_data_and_each_transaction_once() -> None:
    header, consensus_data, transactions = block_parts()
    with pytest.raises(FormatError, match="a block has consensus data, got a header by itself"):
        Preview2Block.parse(header.serialize(), MAGIC)
    twice = Preview2Block(header, consensus_data, (transactions[0], transactions[0]))
    with pytest.raises(FormatError, match="a block has each transaction once"):
        Preview2Block.parse(twice.serialize(), MAGIC)


@pytest.mark.parametrize(
    ("scopes", "text"),
    [
        (0x00, "Global"),
        (0x01, "CalledByEntry"),
        (0x11, "CalledByEntry, CustomContracts"),
        (0x31, "CalledByEntry, CustomContracts, CustomGroups"),
        (0x80, "128"),
    ],
)
def test_scopes_print_as_dotnet_prints_them(scopes: int, text: str) -> None:
    assert Cosigner(UInt160.ZERO, WitnessScope(scopes)).to_json()["scopes"] == text


def test_a_cosigners_lists_stand_where_their_scopes_are_set() -> None:
    group = ECPoint.parse("02103a7f7dd016558597f7960d27c516a4394fd968b9e65155eb4b013e4040406e")
    scopes = WitnessScope.CustomContracts | WitnessScope.CustomGroups
    cosigner = Cosigner(UInt160(b"\x01" * 20), scopes, (UInt160(b"\x02" * 20),), (group,))
    assert cosigner.serialize().hex() == "01" * 20 + "30" + "01" + "02" * 20 + "01" + str(group)
    assert cosigner.to_json() == {
        "account": "0x" + "01" * 20,
        "scopes": "CustomContracts, CustomGroups",
        "allowedContracts": ["0x" + "02" * 20],
        "allowedGroups": [str(group)],
    }


def test_an_attribute_prints_its_usage_and_its_data_as_base64() -> None:
    attribute = Preview2Attribute(AttributeUsage.Url, b"neo")
    assert attribute.serialize().hex() == "81" + "03" + "6e656f"
    assert attribute.to_json() == {"usage": "Url", "data": "bmVv"}
    with pytest.raises(FormatError, match="no transaction attribute has usage 0x20"):
        Preview2Attribute.parse(b"\x20\x00")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"version": 1}, "a transaction's version is 0, got 1"),
        ({"system_fee_datoshi": -1}, "fees are not negative"),
        ({"system_fee_datoshi": 2**63 - 1}, "the fees together exceed"),
        ({"script": b""}, "has 1 to 65535 bytes, got 0"),
        ({"attributes": (Preview2Attribute(AttributeUsage.Url, b""),) * 17}, "at most 16 attributes and 16 cosigners"),
        ({"cosigners": (Cosigner(UInt160.ZERO),) * 2}, "each cosigner once"),
    ],
)
def test_what_the_node_refuses_is_no_transaction(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(FormatError, match=message):
        transaction(**changes)


def test_witness_scripts_have_the_limits_of_ten_of_ten_signatures() -> None:
    Preview2Witness(bytes(663), bytes(361))
    with pytest.raises(FormatError, match="invocation script has at most 663 bytes, got 664"):
        Preview2Witness(bytes(664), b"")
    with pytest.raises(FormatError, match="verification script has at most 361 bytes, got 362"):
        Preview2Witness(b"", bytes(362))


@st.composite
def cosigners(draw: st.DrawFn) -> Cosigner:
    scopes = draw(st.sampled_from([0x00, 0x01, 0x10, 0x21, 0x31]).map(WitnessScope))
    contracts = draw(st.lists(hashes160, max_size=3)) if WitnessScope.CustomContracts in scopes else []
    groups = draw(st.lists(public_keys, max_size=3)) if WitnessScope.CustomGroups in scopes else []
    return Cosigner(draw(hashes160), scopes, tuple(contracts), tuple(groups))


transactions_of_any_kind = st.builds(
    Preview2Transaction,
    magic=st.just(MAGIC),
    nonce=st.integers(0, 2**32 - 1),
    sender=hashes160,
    system_fee_datoshi=st.integers(0, 2**62),
    network_fee_datoshi=st.integers(0, 2**61),
    valid_until_block=st.integers(0, 2**32 - 1),
    attributes=st.lists(
        st.builds(Preview2Attribute, st.just(AttributeUsage.Url), st.binary(max_size=252)), max_size=3
    ).map(tuple),
    cosigners=st.lists(cosigners(), max_size=3, unique_by=lambda cosigner: cosigner.account).map(tuple),
    script=st.binary(min_size=1, max_size=300),
    witnesses=st.lists(st.builds(Preview2Witness, st.binary(max_size=80), st.binary(max_size=80)), max_size=3).map(
        tuple
    ),
)


@given(transactions_of_any_kind)
def test_a_transaction_reads_back_from_its_bytes(made: Preview2Transaction) -> None:
    assert Preview2Transaction.parse(made.serialize(), MAGIC) == made
    assert Preview2Transaction.parse_unsigned(made.serialize_unsigned(), MAGIC).hash == made.hash


@given(
    previous=hashes256,
    next_consensus=hashes160,
    nonce=st.integers(0, 2**64 - 1),
    primary=st.integers(0, 1023),
    contents=st.lists(transactions_of_any_kind, max_size=3, unique_by=lambda made: made.hash),
)
def test_a_block_reads_back_from_its_bytes(
    previous: UInt256, next_consensus: UInt160, nonce: int, primary: int, contents: list[Preview2Transaction]
) -> None:
    consensus_data = ConsensusData(primary, nonce)
    root = block_merkle_root(consensus_data, [made.hash for made in contents])
    header = Preview2Header(MAGIC, previous, root, 1, 2, next_consensus, Preview2Witness(b"\x01", b"\x02"))
    block = Preview2Block(header, consensus_data, tuple(contents))
    assert Preview2Block.parse(block.serialize(), MAGIC) == block


@given(st.binary(max_size=300))
def test_any_bytes_are_a_transaction_or_a_format_error(data: bytes) -> None:
    try:
        parsed = Preview2Transaction.parse(data, MAGIC)
    except FormatError:
        return
    assert Preview2Transaction.parse(parsed.serialize(), MAGIC) == parsed
