"""Neo 2's headers and blocks."""

import pytest

from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.neo2.block import Neo2Block, Neo2Header
from rpcnode.payloads.neo2.transaction import Neo2Transaction
from rpcnode.payloads.neo2.transaction_data import (
    ContractTransaction,
    MinerTransaction,
    TransactionData,
)
from rpcnode.payloads.verification import script_hash
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import EndOfData, FormatError
from rpcnode.primitives.keys import verify
from tests.rpcnode.payloads.older_blocks import NEO2_BLOCK_1, NEO2_GENESIS, NEO2_HEADER_2600000

ADDRESS_VERSION = 0x17
BLOCK_MEMBERS = "hash size version previousblockhash merkleroot time index nonce nextconsensus script"


def keys_of(verification: bytes) -> list[ECPoint]:
    """The public keys of a multi-signature script: 21 in front of each, a count before and after them."""
    return [ECPoint(verification[start + 1 : start + 34]) for start in range(1, len(verification) - 2, 34)]


def test_a_main_net_header_hashes_as_the_network_says() -> None:
    header = Neo2Header.parse(NEO2_HEADER_2600000)
    assert str(header.hash) == "0xa5508c9b6ed0fc09a531a62bc0b3efcb6b8a9250abaf72ab8e9591294c1f6957"
    assert len(header.serialize_unsigned()) == 104
    assert header.serialize() == NEO2_HEADER_2600000


def test_a_main_net_header_prints_as_the_documentation_shows_it() -> None:
    json = Neo2Header.parse(NEO2_HEADER_2600000).to_json(ADDRESS_VERSION)
    assert " ".join(json) == BLOCK_MEMBERS
    invocation, verification = NEO2_HEADER_2600000[108:433].hex(), NEO2_HEADER_2600000[434:675].hex()
    assert json == {
        "hash": "0xa5508c9b6ed0fc09a531a62bc0b3efcb6b8a9250abaf72ab8e9591294c1f6957",
        "size": 676,
        "version": 0,
        "previousblockhash": "0x6933b51a0658829aac9c6508670864fc5394a999b60c0a53c46ab01bddddabe5",
        "merkleroot": "0x09ffad2bbec1506bdc60d24f991918879d894dfa5aafb07f9a6492a5916e6a8e",
        "time": 1533823092,
        "index": 2600000,
        "nonce": "762a755beacb806d",
        "nextconsensus": "ATobfpwv6JBXciEC4bL8GL8PjQkssDsmCR",
        "script": {"invocation": invocation, "verification": verification},
    }


def test_the_signatures_of_a_main_net_header_are_over_its_unsigned_part() -> None:
    header = Neo2Header.parse(NEO2_HEADER_2600000)
    witness = header.witness
    keys = keys_of(witness.verification)
    signatures = [witness.invocation[start + 1 : start + 65] for start in range(0, len(witness.invocation), 65)]
    signed_by = [
        next(number for number, key in enumerate(keys) if verify(key, header.sign_data(), signature))
        for signature in signatures
    ]
    assert signed_by == [0, 3, 4, 5, 6]


def test_main_nets_first_block_hashes_as_the_network_says() -> None:
    block = Neo2Block.parse(NEO2_GENESIS)
    assert str(block.hash) == "0xd42561e3d30e15be6400b6df2f328e02d2bf6354c41dce433bc57687c82144bf"
    assert [(made.data.name, str(made.hash)) for made in block.transactions] == [
        ("MinerTransaction", "0xfb5bd72b2d6792d75dc2f1084ffa9e9f70ca85543c717a6b13d9959b452a57d6"),
        ("RegisterTransaction", "0xc56f33fc6ecfcd0c225c4ab356fee59390af8560be0e930faebe74a6daff7c9b"),
        ("RegisterTransaction", "0x602c79718b16e442de58778e148d0b1084e3b2dffd5de6b7b16cee7969282de7"),
        ("IssueTransaction", "0x3631f66024ca6f5b033d7e0809eb993443374830025af904fb51b0334f127cda"),
    ]
    assert block.serialize() == NEO2_GENESIS


def test_main_nets_block_1_hashes_and_prints_as_the_network_says() -> None:
    block = Neo2Block.parse(NEO2_BLOCK_1)
    assert str(block.hash) == "0xd782db8a38b0eea0d7394e0f007c61c71798867578c77c387c08113903946cc9"
    assert block.serialize() == NEO2_BLOCK_1
    json = block.to_json(ADDRESS_VERSION)
    assert " ".join(json) == f"{BLOCK_MEMBERS} tx"
    assert json["size"] == len(NEO2_BLOCK_1)
    assert json["nonce"] == "6c727071bbd09044"
    assert json["tx"] == [
        {
            "txid": "0xd6ba8b0f381897a59396394e9ce266a3d1d0857b5e3827941c2d2cedc38ef918",
            "size": 10,
            "type": "MinerTransaction",
            "version": 0,
            "attributes": [],
            "vin": [],
            "vout": [],
            "sys_fee": "0",
            "net_fee": "0",
            "scripts": [],
            "nonce": 3151007812,
        }
    ]


def test_the_miner_transactions_nonce_is_the_low_half_of_the_blocks() -> None:
    block = Neo2Block.parse(NEO2_BLOCK_1)
    assert block.transactions[0].data == MinerTransaction(block.header.nonce & 0xFFFFFFFF)


@pytest.mark.parametrize(
    "data",
    [(ContractTransaction(),), (MinerTransaction(1), MinerTransaction(2)), ()],
    ids=["the first is no miner transaction", "two miner transactions", "none"],
)
def test_a_blocks_first_transaction_and_no_other_is_a_miner_transaction(data: tuple[TransactionData, ...]) -> None:
    header = Neo2Header.parse(NEO2_HEADER_2600000)
    with pytest.raises(FormatError, match="first transaction, and no other, is a miner transaction"):
        Neo2Block(header, tuple(Neo2Transaction(each) for each in data))


def test_a_block_with_another_merkle_root_is_refused() -> None:
    block = Neo2Block(Neo2Header.parse(NEO2_HEADER_2600000), (Neo2Transaction(MinerTransaction(1)),))
    with pytest.raises(FormatError, match="the header's merkle root is 0x09ffad2b"):
        Neo2Block.parse(block.serialize())


def test_a_header_by_itself_ends_with_a_zero_byte() -> None:
    with pytest.raises(FormatError, match="a header by itself ends with 00, got 01"):
        Neo2Header.parse(NEO2_HEADER_2600000[:-1] + b"\x01")
    with pytest.raises(FormatError, match="a header has one witness, got 2"):
        Neo2Header.parse(NEO2_HEADER_2600000[:104] + b"\x02" + NEO2_HEADER_2600000[105:])


@pytest.mark.parametrize("size", [0, 3, 103, 104, 105, 675])
def test_a_cut_off_header_is_the_end_of_data(size: int) -> None:
    with pytest.raises(EndOfData):
        Neo2Header.parse(NEO2_HEADER_2600000[:size])


def test_main_nets_validators_have_the_account_that_its_first_block_names() -> None:
    keys = keys_of(Neo2Block.parse(NEO2_BLOCK_1).header.witness.verification)
    assert script_hash(ACCOUNT_SCRIPTS["n2"].bft(keys)) == Neo2Block.parse(NEO2_GENESIS).header.next_consensus
