"""A chain as a real node told it: what a recorded fixture is read into."""

from dataclasses import dataclass

from rpcnode.chain.execution import Execution
from rpcnode.payloads.block import Block
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160


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

    `version` is the answer of getversion. `height` is the index of the last block. `digest` identifies the recording.
    """

    version: dict[str, Json]
    magic: int
    address_version: int
    ms_per_block: int
    height: int
    blocks: tuple[RecordedBlock, ...]
    contracts: dict[UInt160, RecordedContract]
    digest: str
