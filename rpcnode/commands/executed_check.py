"""What a recording of N3 says of each block, compared with what executing the block has left: the first difference.

Compared are `application_logs`, by block and transaction, `state_roots`, by block, and `storages`, the rows after the
last block. What a recording does not have is not compared.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from rpcnode.chain.trie.state_tries import StateTries
from rpcnode.commands.recorded_check import first_place, shown
from rpcnode.dev.places.place import Place
from rpcnode.dev.recording.storages import LEDGER_ID, rows_by_contract
from rpcnode.node import Node
from rpcnode.primitives.json import Json, document_of
from rpcnode.primitives.progress import counted
from rpcnode.primitives.uint import UInt256

LOGS: Final = "application_logs"
ROOTS: Final = "state_roots"
STORAGES: Final = "storages"

_METHOD: Final = "getapplicationlog"
_MEMBERS: Final = ("trigger", "vmstate", "exception", "gasconsumed", "stack", "notifications")
_NEO_CLI: Final = "/Neo:"
"""What the user agent of the node begins with whose words for exceptions ours are."""

_HASHES: Final = "SELECT hash FROM chain_transaction WHERE block_index = ? ORDER BY position"
_ROWS: Final = "SELECT key, value FROM chain_storage WHERE contract_id = ? ORDER BY key"


def first_difference_of_execution(node: Node, recording: dict[str, Any], whole: Place) -> str | None:
    """The first block, transaction and field that executing gave another value, with both; None where there is none.

    The rows of `storages` come last.
    """
    ledger = node.ledger
    same_words = ledger.parameters.user_agent.startswith(_NEO_CLI)
    tries = StateTries(ledger)
    roots = _roots_by_index(recording.get(ROOTS) or {})
    indices = range(ledger.base_height, ledger.height + 1)
    for block_index in counted(indices, "comparing blocks", len(indices)):
        told = _of_logs(node, recording.get(LOGS) or {}, block_index, same_words)
        told = told or _of_root(tries, roots, block_index)
        if told is not None:
            return told
    return None if STORAGES not in recording else _of_rows(node, recording, whole)


def _of_logs(node: Node, logs: dict[str, Any], block_index: int, same_words: bool) -> str | None:
    for place, log_hash, picked in _logs_of(node, block_index):
        log = logs.get(str(log_hash))
        if log is None:
            continue
        ours = document_of(node.methods[_METHOD]([str(log_hash)]))
        for position in picked:
            one, other = (compared_part(told, position, same_words) for told in (ours, log))
            if one != other:
                inner, first, second = first_place(one, other)
                where = f"executions[{position}]{inner}"
                return f"{place}: {where} is {shown(first)}; recorded is {shown(second)}"
    return None


def _roots_by_index(roots: list[Json] | dict[str, Json]) -> dict[int, Json]:
    """The recorded roots: they are by block index, or those of the blocks from 0 on."""
    return dict(enumerate(roots)) if isinstance(roots, list) else {int(index): root for index, root in roots.items()}


def _of_root(tries: StateTries, roots: dict[int, Json], block_index: int) -> str | None:
    """Null is the root of a block for which none was recorded."""
    theirs = roots.get(block_index)
    if theirs is None:
        return None
    ours = str(tries.root_hash(block_index))
    return None if ours == theirs else f"block {block_index}: state root is {shown(ours)}; recorded is {shown(theirs)}"


def _logs_of(node: Node, block_index: int) -> Iterator[tuple[str, UInt256, Sequence[int]]]:
    """The logs of a block in the order in which it was executed; of its own, what came before its transactions and
    what came after them.
    """
    ledger, place = node.ledger, f"block {block_index}"
    block_hash = ledger.headers.hash_of(block_index)
    yield place, block_hash, (0,)
    for (transaction_hash,) in ledger.store.connection.execute(_HASHES, (block_index,)).fetchall():
        known = UInt256(transaction_hash)
        yield f"{place}, transaction {known}", known, (0,)
    yield place, block_hash, (1,)


def compared_part(log: Any, position: int, same_words: bool) -> Json:
    """What is compared of an execution; of words that are another node's, whether there are any, and not what such a
    node logs of a script that failed.
    """
    listed = log.get("executions") if isinstance(log, dict) else None
    if not isinstance(listed, list) or position >= len(listed) or not isinstance(listed[position], dict):
        return None
    found = {key: listed[position].get(key) for key in _MEMBERS}
    if not same_words:
        found["exception"] = found["exception"] is not None
        if found["vmstate"] == "FAULT":  # neo-go logs what a failed script leaves
            found["stack"], found["notifications"] = [], []
    return found


def _of_rows(node: Node, recording: dict[str, Any], whole: Place) -> str | None:
    ids = {contract.script_hash: contract.contract_id for contract in node.ledger.contracts()}
    for script_hash, theirs in rows_by_contract(recording, STORAGES, whole).items():
        contract_id = ids.get(script_hash)
        if contract_id == LEDGER_ID:
            continue
        found = () if contract_id is None else node.store.connection.execute(_ROWS, (contract_id,)).fetchall()
        ours = dict(found)
        for key in sorted({*ours, *theirs}):
            if ours.get(key) != theirs.get(key):
                place = f"block {node.ledger.height}: {STORAGES}.{script_hash}: the row of key {key.hex()}"
                return f"{place} is {_hex(ours.get(key))}; recorded is {_hex(theirs.get(key))}"
    return None


def _hex(value: bytes | None) -> str:
    return "not there" if value is None else value.hex() or "empty"
