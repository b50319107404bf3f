"""A chain of signed transactions restores in neo-go. Needs neo-go's binary, in the variable RPCNODE_NEOGO."""

import os
from pathlib import Path

import pytest

from tests.oracles.neogo.live import LiveNode, RestoreError
from tests.oracles.neogo.people import keys_of
from tests.oracles.neogo.restore import MS_PER_BLOCK, restored
from tests.oracles.neogo.stories import TO_FAUN

BINARY = os.environ.get("RPCNODE_NEOGO", "")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not BINARY, reason="RPCNODE_NEOGO does not name neo-go's binary"),
]


def test_a_chain_made_here_restores_with_equal_roots_and_with_a_wrong_signature_does_not(tmp_path: Path) -> None:
    (tmp_path / "good").mkdir()
    assert restored(Path(BINARY), tmp_path / "good", "suite", TO_FAUN, 40) == []
    chain = tmp_path / "chain.acc"
    raw = bytearray((tmp_path / "good" / "chain.acc").read_bytes())
    raw[-60] ^= 1  # of the last witness, which is the last transaction's
    chain.write_bytes(raw)
    (tmp_path / "bad").mkdir()
    keys = keys_of("restore/suite/key", 1)
    node = LiveNode(Path(BINARY), tmp_path / "bad", keys, keys, TO_FAUN, MS_PER_BLOCK, only_takes=True, chain=chain)
    with pytest.raises(RestoreError), node:
        pass
