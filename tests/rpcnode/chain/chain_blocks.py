"""Ledgers and blocks for the tests of this folder."""

from collections.abc import Sequence

from rpcnode.chain.blocks import NewBlock, NewTransaction
from rpcnode.chain.db.storage import BlockStorage
from rpcnode.chain.db.store import Store
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.network import network_defaults
from rpcnode.execution.contract_state import Code, ContractState, Model
from rpcnode.execution.records import Execution
from rpcnode.models.modelled import FUNGIBLE_ABI, modelled_manifest, modelled_nef
from rpcnode.primitives.uint import UInt160, UInt256

GENESIS_MS = 1468595301000  # 2016-07-15 15:08:21 UTC, of NEO's main network
BLOCK_MS = 15000
COIN = UInt160(b"\x01" * 20)
CONTRACT_ID = 7
ROOT = UInt256(b"\x02" * 32)


def coin(deployed_at: int = 0, destroyed_at: int | None = None) -> ContractState:
    return ContractState(
        contract_id=CONTRACT_ID,
        script_hash=COIN,
        update_counter=0,
        code=Code(modelled_nef(), modelled_manifest("coin", ("NEP-17",), FUNGIBLE_ABI)),
        deployed_at=deployed_at,
        destroyed_at=destroyed_at,
        model=Model.TOKEN,
        symbol="COIN",
        decimals=0,
    )


def new_ledger(store: Store) -> Ledger:
    return Ledger(store, "n3", network_defaults("n3"))


def new_block(
    index: int,
    storage: BlockStorage,
    *,
    late_ms: int = 0,
    transactions: Sequence[NewTransaction] = (),
    executions: tuple[Execution, ...] = (),
    contracts: Sequence[ContractState] = (),
) -> NewBlock:
    """A block at its time by the network's constants, or later."""
    return NewBlock(
        index=index,
        timestamp_ms=GENESIS_MS + index * BLOCK_MS + late_ms,
        merkle_root=ROOT,
        transactions=transactions,
        executions=executions,
        storage=storage,
        contracts=contracts,
    )
