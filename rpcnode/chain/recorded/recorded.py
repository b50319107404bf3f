"""A chain as a real node told it: what a recorded fixture is read into."""

from collections.abc import Mapping
from dataclasses import field

from rpcnode.chain.blocks import NewTransaction, StoredHeader
from rpcnode.chain.declaration import DeclaredAccount
from rpcnode.chain.network import NetworkParameters
from rpcnode.execution.records import Execution
from rpcnode.payloads.block import Block
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160, UInt256


@dataclass(frozen=True, slots=True)
class RecordedBlock:
    """A block, and what it did: the executions of OnPersist, of each transaction in order, and of PostPersist."""

    block: Block
    executions: tuple[Execution, ...]


@dataclass(frozen=True, slots=True)
class RecordedContract:
    """A contract as getcontractstate last showed it, from block `deployed_at` until before block `destroyed_at`.

    What stood when the recording began counts as deployed at its first block, a native contract at its hardfork.
    """

    state: dict[str, Json]
    deployed_at: int
    destroyed_at: int | None


@dataclass(frozen=True, slots=True)
class RecordedChain:
    """A stretch of a real chain: consecutive blocks, each linked to the one before by its hash.

    `height` is the index of the last block. `digest` identifies the recording. Of an executed one the blocks alone
    count, and `storage_before`, by contract id and key, where it begins above genesis: they have no executions, and
    there are no contracts. `accounts` are those whose keys its files give.
    """

    parameters: NetworkParameters
    height: int
    blocks: tuple[RecordedBlock, ...]
    digest: str
    contracts: Mapping[UInt160, RecordedContract] = field(default_factory=dict)
    is_executed: bool = True
    storage_before: Mapping[tuple[int, bytes], bytes] | None = None
    accounts: tuple[DeclaredAccount, ...] = ()


# Before N3: nodes whose scripts are not run here


@dataclass(frozen=True, slots=True)
class OlderBlock:
    """A block of Neo 2 or preview2 as it is stored, and what it did."""

    index: int
    timestamp_ms: int
    merkle_root: UInt256
    header: StoredHeader
    transactions: tuple[NewTransaction, ...]
    executions: tuple[Execution, ...]


@dataclass(frozen=True, slots=True)
class OlderContract:
    """A contract as getcontractstate showed it at the end; `state` None for one that is gone by then."""

    script_hash: UInt160
    name: str
    contract_id: int
    state: dict[str, Json] | None
    deployed_at: int
    destroyed_at: int | None
    storage: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class RecordedRow:
    """A row of getnep5balances."""

    amount: int
    last_updated_block: int


Rows = Mapping[UInt160, RecordedRow]
"""By asset."""


@dataclass(frozen=True, slots=True)
class RecordedRows:
    """What a tracker of balances answered: `at_end` after the last block, `by_height` from a block on, ascending.

    None at the end: the account was refused, because its row is not readable.
    """

    at_end: Mapping[UInt160, Rows | None]
    by_height: Mapping[UInt160, tuple[tuple[int, Rows], ...]]


@dataclass(frozen=True, slots=True)
class OlderRecording:
    """A whole chain of Neo 2 or preview2, from its first block on. `digest` identifies the recording.

    `votes` are those that registered validators of preview2 have after the last block; empty where it is not told.
    """

    profile: ProfileName
    parameters: NetworkParameters
    height: int
    blocks: tuple[OlderBlock, ...]
    contracts: tuple[OlderContract, ...]
    rows: RecordedRows
    digest: str
    votes: tuple[tuple[ECPoint, int], ...] = ()
    accounts: tuple[DeclaredAccount, ...] = ()


Recording = RecordedChain | OlderRecording
