"""A block on its way into the ledger, and as plugins see it."""

from collections.abc import Mapping, Sequence
from dataclasses import field

from rpcnode.chain.db.contract_rows import Label
from rpcnode.chain.db.mark_rows import Mark
from rpcnode.chain.db.storage import BlockStorage
from rpcnode.chain.state import State
from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.records import Execution
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160, UInt256


@dataclass(frozen=True, slots=True)
class NewTransaction:
    """A transaction's bytes: the unsigned part, and its witnesses (var-array) unless they are made on demand."""

    hash: UInt256
    unsigned: bytes
    witnesses: bytes | None = None


@dataclass(frozen=True, slots=True)
class StoredHeader:
    """A header that is stored as it is: recorded, mined, or the genesis header.

    `consensus_data` is preview2's, which its blocks have beside the header; None where it follows from the index.
    """

    hash: UInt256
    hashed_part: bytes
    witness: bytes | None
    consensus_data: bytes | None = None


@dataclass(frozen=True, slots=True)
class NewBlock:
    """All that one block does. `header` None: its links are worked out on demand.

    `labels` are those of its `contracts` that a fixture names, by script hash and `deployed_at`. `ended` are the hashes
    of contracts whose version before this block it has updated or destroyed. `marks` are what is not as on a
    real node.
    """

    index: int
    timestamp_ms: int
    merkle_root: UInt256
    transactions: Sequence[NewTransaction]
    executions: tuple[Execution, ...]
    storage: BlockStorage
    header: StoredHeader | None = None
    contracts: Sequence[ContractState] = field(default=())
    labels: Mapping[tuple[UInt160, int], Label] = field(default_factory=dict)
    ended: Sequence[UInt160] = field(default=())
    marks: Sequence[Mark] = field(default=())


@dataclass(frozen=True, slots=True)
class AppliedBlock:
    """What plugins are told of a block: its place in time, and the state after it."""

    index: int
    timestamp_ms: int
    state: State
