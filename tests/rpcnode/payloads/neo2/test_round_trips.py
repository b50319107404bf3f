"""Neo 2's transactions and blocks of any kind read back from their bytes."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from rpcnode.payloads.merkle import merkle_root
from rpcnode.payloads.neo2.attribute import DESCRIPTION_URL, ECDH02, SCRIPT, Neo2Attribute
from rpcnode.payloads.neo2.block import Neo2Block, Neo2Header
from rpcnode.payloads.neo2.coins import CoinReference, TransactionOutput
from rpcnode.payloads.neo2.transaction import Neo2Transaction, Neo2Witness
from rpcnode.payloads.neo2.transaction_data import (
    Claim,
    ContractTransaction,
    Enrollment,
    InvocationTransaction,
    Issue,
    MinerTransaction,
    Publish,
    Register,
    StateDescriptor,
    StateTransaction,
)
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.uint import UInt160, UInt256
from tests.rpcnode.payloads.payload_strategies import hashes160, hashes256, public_keys

coins = st.builds(CoinReference, hashes256, st.integers(0, 0xFFFF))
outputs_of_any_asset = st.builds(TransactionOutput, hashes256, st.integers(1, 2**63 - 1), hashes160)
amounts = st.integers(0, 2**63 - 1)
short_texts = st.text(max_size=20)
descriptors = st.one_of(
    st.builds(StateDescriptor, st.just(0x40), st.binary(min_size=20, max_size=20), st.just("Votes"), st.binary()),
    st.builds(StateDescriptor, st.just(0x48), public_keys, st.just("Registered"), st.binary()),
)
attributes = st.one_of(
    st.builds(Neo2Attribute, st.just(SCRIPT), st.binary(min_size=20, max_size=20)),
    st.builds(Neo2Attribute, st.sampled_from([0x00, 0x30, *range(0xA1, 0xB0)]), st.binary(min_size=32, max_size=32)),
    st.builds(Neo2Attribute, st.just(ECDH02), st.binary(min_size=32, max_size=32).map(lambda data: b"\x02" + data)),
    st.builds(Neo2Attribute, st.just(DESCRIPTION_URL), st.binary(max_size=255)),
    st.builds(Neo2Attribute, st.sampled_from([0x90, *range(0xF0, 0x100)]), st.binary(max_size=300)),
)
data_and_version = st.one_of(
    st.tuples(st.builds(Issue), st.integers(0, 1)),
    st.tuples(st.builds(Claim, st.lists(coins, min_size=1, max_size=3).map(tuple)), st.just(0)),
    st.tuples(st.builds(Enrollment, public_keys), st.just(0)),
    st.tuples(
        st.builds(Register, st.just(0x60), short_texts, amounts, st.integers(0, 255), public_keys, hashes160),
        st.just(0),
    ),
    st.tuples(st.builds(ContractTransaction), st.just(0)),
    st.tuples(st.builds(StateTransaction, st.lists(descriptors, max_size=3).map(tuple)), st.just(0)),
    st.tuples(
        st.builds(
            Publish,
            st.binary(max_size=50),
            st.binary(max_size=5),
            st.integers(0, 255),
            st.booleans(),
            *[short_texts] * 5,
        ),
        st.just(1),
    ),
    st.tuples(st.builds(InvocationTransaction, st.binary(min_size=1, max_size=300), amounts), st.just(1)),
    st.tuples(st.builds(InvocationTransaction, st.binary(min_size=1, max_size=300)), st.just(0)),
)
witnesses = st.builds(Neo2Witness, st.binary(max_size=80), st.binary(max_size=80))


@st.composite
def transactions_of_any_type(draw: st.DrawFn) -> Neo2Transaction:
    data, version = draw(data_and_version)
    return Neo2Transaction(
        data,
        version,
        tuple(draw(st.lists(attributes, max_size=3))),
        tuple(draw(st.lists(coins, max_size=3))),
        tuple(draw(st.lists(outputs_of_any_asset, max_size=3))),
        tuple(draw(st.lists(witnesses, max_size=3))),
    )


@given(transactions_of_any_type())
def test_a_transaction_reads_back_from_its_bytes(made: Neo2Transaction) -> None:
    assert Neo2Transaction.parse(made.serialize()) == made
    unsigned = made.serialize_unsigned()
    assert Neo2Transaction.parse_unsigned(unsigned).hash == sha256(sha256(unsigned).digest()).digest()


@given(hashes256, hashes160, st.integers(0, 2**64 - 1), st.lists(transactions_of_any_type(), max_size=3))
def test_a_block_reads_back_from_its_bytes(
    previous: UInt256, next_consensus: UInt160, nonce: int, contents: list[Neo2Transaction]
) -> None:
    distinct = {made.hash: made for made in (Neo2Transaction(MinerTransaction(nonce & 0xFFFFFFFF)), *contents)}
    header = Neo2Header(
        previous, merkle_root(list(distinct)), 1, 2, nonce, next_consensus, Neo2Witness(b"\x01", b"\x02")
    )
    block = Neo2Block(header, tuple(distinct.values()))
    assert Neo2Block.parse(block.serialize()) == block


@given(st.binary(max_size=300))
def test_any_bytes_are_a_transaction_or_a_format_error(data: bytes) -> None:
    try:
        parsed = Neo2Transaction.parse(data)
    except FormatError:
        return
    assert Neo2Transaction.parse(parsed.serialize()) == parsed
