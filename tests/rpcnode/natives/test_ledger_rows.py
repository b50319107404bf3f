"""The rows of LedgerContract's storage."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.execution.serializers.binary import serialize
from rpcnode.natives import ledger_rows
from rpcnode.payloads.attribute import Conflicts
from rpcnode.payloads.block import Block
from rpcnode.payloads.header import Header
from rpcnode.payloads.signer import Signer
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import Struct
from tests.rpcnode.natives.block_list import BlockList

GENESIS = Block.parse(
    base64.b64decode(
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACI6hnvVQEAAB2s"
        "K3wAAAAAAAAAAADYzFqQTVJvyabKtVugLJpv54nJVgEAAREA"
    )
)
ACCOUNTS = [UInt160(bytes([number] * 20)) for number in range(3)]
NAMED = [UInt256(bytes([number] * 32)) for number in (0, 1, 2, 0x41)]


def test_genesis_has_the_rows_of_neo_cli() -> None:
    # findstorage of neo-cli 3.10.2, network 42, but for the current block, whose row is written out here.
    genesis_hash = "fe78c256de052957c4b40d2dceae1deb9074fafaaa4f5f600e64230e60015b62"
    header = "00" * 68 + "88ea19ef550100001dac2b7c000000000000000000d8cc5a904d526fc9a6cab55ba02c9a6fe789c95601000111"
    assert [(key.hex(), value.hex()) for key, value in ledger_rows.find(BlockList([GENESIS]), b"")] == [
        ("05" + genesis_hash, header + "00"),
        ("0900000000", genesis_hash),
        ("0c", "4102" + "2820" + genesis_hash + "2100"),
    ]


def test_before_genesis_there_are_no_rows() -> None:
    assert list(ledger_rows.find(BlockList([]), b"")) == []
    assert ledger_rows.get(BlockList([]), b"\x0c") is None


@pytest.mark.parametrize("key", [b"", b"\x04", b"\x05", b"\x09\x00", b"\x0b" + bytes(33), b"\x0c\x00", b"\xff"])
def test_a_key_of_another_form_has_no_row(key: bytes) -> None:
    assert ledger_rows.get(BlockList([GENESIS]), key) is None


@st.composite
def chains(draw: st.DrawFn) -> list[Block]:
    """Up to four blocks; transactions name each other and a few hashes that are nobody's."""
    blocks: list[Block] = []
    named = list(NAMED)
    for index in range(draw(st.integers(1, 4))):
        transactions = []
        for nonce in range(draw(st.integers(0, 3))):
            accounts = draw(st.lists(st.sampled_from(ACCOUNTS), min_size=1, max_size=3, unique=True))
            hashes = draw(st.lists(st.sampled_from(named), max_size=2, unique=True))
            transactions.append(transaction(index * 10 + nonce, accounts, hashes))
        named += [one.hash for one in transactions[:1]]
        header = Header(UInt256.ZERO, UInt256.ZERO, index, index, index, 0, UInt160.ZERO, Witness(b"i", b"v"))
        blocks.append(Block(header, tuple(transactions)))
    return blocks


def transaction(nonce: int, accounts: list[UInt160], conflicts: list[UInt256]) -> Transaction:
    signers, witnesses = tuple(map(Signer, accounts)), tuple(Witness() for _ in accounts)
    return Transaction(nonce, 1, 2, 3, signers, tuple(map(Conflicts, conflicts)), b"\x40", witnesses)


def rows_written(blocks: list[Block]) -> dict[bytes, bytes]:
    """The rows as LedgerContract writes them, block by block; here what names a transaction never replaces it."""
    rows: dict[bytes, bytes] = {}
    for block in blocks:
        index = block.index
        hashes = [one.hash for one in block.transactions]
        rows[b"\x09" + index.to_bytes(4, "big")] = block.hash
        rows[b"\x05" + block.hash] = block.header.serialize() + bytes([len(hashes)]) + b"".join(hashes)
        for one in block.transactions:
            rows[b"\x0b" + one.hash] = serialize(Struct((index, one.serialize(), 0)))
            for attribute in one.attributes:
                assert isinstance(attribute, Conflicts)
                stub = serialize(Struct((index,)))
                if len(rows.get(b"\x0b" + attribute.hash, b"")) < len(stub) + 2:
                    rows[b"\x0b" + attribute.hash] = stub
                rows |= {b"\x0b" + attribute.hash + signer.account: stub for signer in one.signers}
        rows[b"\x0c"] = serialize(Struct((bytes(block.hash), index)))
    return rows


@given(chains(), st.data())
def test_the_rows_are_those_that_persisting_each_block_would_write(blocks: list[Block], data: st.DataObject) -> None:
    rows, view = rows_written(blocks), BlockList(blocks)
    key = data.draw(st.sampled_from(sorted(rows)))
    prefix = key[: data.draw(st.integers(0, len(key)))]
    expected = [(key, value) for key, value in sorted(rows.items()) if key.startswith(prefix)]
    assert list(ledger_rows.find(view, prefix)) == expected
    assert ledger_rows.get(view, key) == rows[key]
