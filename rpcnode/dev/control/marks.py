"""What of a chain is not as on a real node, as `dev_info` tells it."""

from collections.abc import Callable
from typing import Final

from rpcnode.chain.db.mark_rows import MarkKind, marks_of
from rpcnode.chain.ledger import Ledger
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160

MOST_LISTED: Final = 100
"""How many contracts or accounts are listed of each kind."""

_NEWEST_WITNESS: Final = "SELECT witness FROM chain_block WHERE block_index = ?"


def injected_json(ledger: Ledger) -> Json:
    """What happened past all scripts: to which contracts, and in which block first."""
    return {
        member: _marks_json(ledger, kind, lambda script_hash: {"script_hash": str(script_hash)})
        for member, kind in (
            ("placed", MarkKind.PLACED),
            ("taken", MarkKind.TAKEN),
            ("storage", MarkKind.STORAGE),
            ("events", MarkKind.EVENT),
        )
    }


def impersonated_json(ledger: Ledger, address_of: Callable[[UInt160], str]) -> Json:
    """Whose witnesses are empty: signers of transactions, and whether the validators' of blocks that are made here."""

    def told(account: UInt160) -> dict[str, Json]:
        return {"address": address_of(account), "script_hash": str(account)}

    signers = _marks_json(ledger, MarkKind.SIGNER, told)
    return {"validators": _are_blocks_unsigned(ledger), "signers": signers}


def _are_blocks_unsigned(ledger: Ledger) -> bool:
    """Whether the newest block is one of this node's, and the validators' keys are not known."""
    if ledger.keyring.can_sign(ledger.validators):
        return False
    row = ledger.store.connection.execute(_NEWEST_WITNESS, (ledger.height,)).fetchone()
    return row is None or row[0] is None


def _marks_json(ledger: Ledger, kind: MarkKind, told: Callable[[UInt160], dict[str, Json]]) -> Json:
    marks = marks_of(ledger.store.connection, kind, ledger.height, MOST_LISTED)
    return {
        "count": marks.total,
        "first": [{**told(script_hash), "block": block_index} for script_hash, block_index in marks.first],
    }
