from dataclasses import replace

import pytest

from rpcnode.payloads.block import Block
from rpcnode.payloads.header import Header
from rpcnode.payloads.merkle import merkle_root
from rpcnode.payloads.signer import Signer
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.errors import EndOfData, FormatError
from rpcnode.primitives.uint import UInt160, UInt256


def _transaction(nonce: int) -> Transaction:
    return Transaction(nonce, 0, 0, 1, (Signer(UInt160.ZERO),), (), b"\x40", (Witness(),))


def _block(*transactions: Transaction) -> Block:
    root = merkle_root([transaction.hash for transaction in transactions])
    return Block(Header(UInt256.ZERO, root, 1, 2, 3, 0, UInt160.ZERO, Witness(b"", b"\x11")), transactions)


BLOCK = _block(_transaction(1), _transaction(2))


def test_a_block_is_its_header_a_count_and_its_transactions() -> None:
    first, second = BLOCK.transactions
    assert BLOCK.serialize() == BLOCK.header.serialize() + b"\x02" + first.serialize() + second.serialize()
    assert Block.parse(BLOCK.serialize()) == BLOCK


def test_the_blocks_hash_and_index_are_its_headers() -> None:
    assert BLOCK.hash == BLOCK.header.hash
    assert BLOCK.index == 3


def test_the_json_is_the_headers_with_the_blocks_size_and_its_transactions_last() -> None:
    json = BLOCK.to_json(0x35)
    assert list(json) == [*BLOCK.header.to_json(0x35), "tx"]
    assert json["size"] == len(BLOCK.serialize())
    assert json["tx"] == [transaction.to_json(0x35) for transaction in BLOCK.transactions]


def test_a_block_with_another_merkle_root_is_refused() -> None:
    block = replace(BLOCK, header=replace(BLOCK.header, merkle_root=UInt256.ZERO))
    with pytest.raises(FormatError, match=r"the header's merkle root is 0x0{64}, that of the transactions 0x"):
        Block.parse(block.serialize())


def test_a_block_with_one_transaction_twice_is_refused() -> None:
    with pytest.raises(FormatError, match="a block has each transaction once"):
        Block.parse(_block(_transaction(1), _transaction(1)).serialize())


def test_more_than_65535_transactions_are_refused_before_any_is_read() -> None:
    with pytest.raises(FormatError, match=r"VarInt value is greater than max: \d+/65535"):
        Block.parse(BLOCK.header.serialize() + bytes.fromhex("fe00000100"))


def test_bytes_after_a_block_are_refused() -> None:
    with pytest.raises(FormatError, match="1 bytes too many"):
        Block.parse(BLOCK.serialize() + b"\x00")


@pytest.mark.parametrize("size", range(0, len(BLOCK.serialize()), 7))
def test_a_cut_off_block_is_the_end_of_data(size: int) -> None:
    with pytest.raises(EndOfData):
        Block.parse(BLOCK.serialize()[:size])
