"""Ledgers of described chains."""

from collections.abc import Iterator

import pytest

from tests.rpcnode.chain.described_ledgers import LedgerMaker


@pytest.fixture
def make() -> Iterator[LedgerMaker]:
    """Ledgers for one test."""
    maker = LedgerMaker()
    yield maker
    maker.close()
