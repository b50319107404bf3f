"""Bytes that are no payload raise FormatError and nothing else, whatever they are."""

from base64 import b64decode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.payloads.attribute import TransactionAttribute
from rpcnode.payloads.block import Block
from rpcnode.payloads.header import Header
from rpcnode.payloads.nef import Nef
from rpcnode.payloads.payload import Payload
from rpcnode.payloads.signer import Signer
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.witness import Witness
from rpcnode.payloads.witness_rule import WitnessRule
from rpcnode.primitives.errors import FormatError

KINDS: list[type[Payload]] = [
    Block,
    Header,
    Transaction,
    Signer,
    TransactionAttribute,  # type: ignore[type-abstract]
    Witness,
    WitnessRule,
    Nef,
]


def _parses_or_is_refused(kind: type[Payload], data: bytes) -> None:
    """Passes on a FormatError, or when what was parsed can be written and parsed again."""
    try:
        payload = kind.parse(data)
    except FormatError:
        return
    assert kind.parse(payload.serialize()) == payload


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(data=st.binary(max_size=400))
def test_random_bytes_raise_nothing_but_format_errors(kind: type[Payload], data: bytes) -> None:
    _parses_or_is_refused(kind, data)


@pytest.fixture(scope="module")
def samples(recorded_chain: dict[str, Any]) -> list[bytes]:
    """Every seventh block."""
    return [b64decode(block["raw"]) for block in recorded_chain["blocks"][::7]]


@given(choice=st.data())
def test_mutated_blocks_raise_nothing_but_format_errors(samples: list[bytes], choice: st.DataObject) -> None:
    data = bytearray(choice.draw(st.sampled_from(samples)))
    for _ in range(choice.draw(st.integers(1, 4))):
        data[choice.draw(st.integers(0, len(data) - 1))] = choice.draw(st.integers(0, 255))
    _parses_or_is_refused(Block, bytes(data))


@given(choice=st.data())
def test_mutated_transactions_raise_nothing_but_format_errors(samples: list[bytes], choice: st.DataObject) -> None:
    transactions = [tx for sample in samples for tx in Block.parse(sample).transactions]
    data = bytearray(choice.draw(st.sampled_from(transactions)).serialize())
    for _ in range(choice.draw(st.integers(1, 6))):
        # The first 60 bytes hold the counts, versions and scopes.
        data[choice.draw(st.integers(0, 60))] = choice.draw(st.integers(0, 255))
    _parses_or_is_refused(Transaction, bytes(data))


@given(choice=st.data())
def test_truncated_blocks_raise_format_errors(samples: list[bytes], choice: st.DataObject) -> None:
    sample = choice.draw(st.sampled_from(samples))
    size = choice.draw(st.integers(0, len(sample) - 1))
    with pytest.raises(FormatError):
        Block.parse(sample[:size])


@given(data=st.lists(st.sampled_from([0, 1, 2, 3, 0x18, 0x20, 0x28, 0xFD, 0xFF]), max_size=300).map(bytes))
def test_nested_conditions_raise_nothing_but_format_errors(data: bytes) -> None:
    _parses_or_is_refused(WitnessRule, data)
