"""Blocks in which models do what is declared."""

from collections.abc import Iterator
from contextlib import closing
from typing import Final

import pytest

from rpcnode.chain.block_runner import run_block
from rpcnode.chain.blocks import NewTransaction
from rpcnode.chain.db.schema import CHAIN_MIGRATIONS
from rpcnode.chain.db.store import Store
from rpcnode.chain.declaration import DeclaredContract, DeclaredTransaction, DeclaredTransfer, PlayError, RestAsset
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.modelled_run import ModelledBlock, ModelledContract, ModelledRun, ModelledTransaction, Standing
from rpcnode.execution.contract_state import ContractState
from rpcnode.models.token import balance_of
from rpcnode.primitives.uint import UInt160, UInt256
from tests.rpcnode.chain.chain_blocks import BLOCK_MS, COIN, CONTRACT_ID, GENESIS_MS, coin, new_ledger

ALICE: Final = UInt160(b"\xa1" * 20)
DECLARED: Final = DeclaredContract("coin", COIN, "NEP-17", "coin", "COIN", 0, 0, None, None, RestAsset(), "")
NOTHING: Final = DeclaredTransaction((), (), False, "")


def mint(amount: int) -> DeclaredTransaction:
    return DeclaredTransaction((DeclaredTransfer("coin", None, ALICE, amount, None, ""),), (), False, "")


def work(
    number: int, declared: DeclaredTransaction, *, deploys: bool = False, may_fail: bool = False
) -> ModelledTransaction:
    transaction = NewTransaction(UInt256(bytes((number,)) * 32), b"")
    return ModelledTransaction(transaction, declared, ModelledContract(coin(), DECLARED) if deploys else None, may_fail)


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with closing(Store.in_memory([CHAIN_MIGRATIONS])) as store:
        yield new_ledger(store)


def contract_of(key: str, standing: Standing) -> ContractState:
    contract = standing(COIN)
    if contract is None:
        raise PlayError("", "there is no coin")
    return contract


def test_the_event_of_a_deployment_on_n3_holds_a_byte_string(ledger: Ledger) -> None:
    (event,) = ModelledRun(ledger, contract_of).begun(0).transaction(work(1, NOTHING, deploys=True)).notifications
    (item,) = event.state
    assert (type(item), item) == (bytes, bytes(COIN))


def test_what_fails_leaves_nothing_and_what_comes_behind_it_runs(ledger: Ledger) -> None:
    works = [
        work(1, mint(5), may_fail=True),  # nothing stands there yet
        work(2, mint(2**255), deploys=True, may_fail=True),  # more than an integer of the VM holds
        work(3, mint(3), deploys=True, may_fail=True),
        work(4, mint(4), may_fail=True),
    ]
    block = run_block(ledger, ModelledRun(ledger, contract_of), ModelledBlock(0, GENESIS_MS, works))
    assert [execution.halted for execution in block.executions] == [False, False, True, True]
    assert [contract.script_hash for contract in block.contracts] == [COIN]
    ledger.apply_block(block)
    assert balance_of(ledger.new_storage(), CONTRACT_ID, ALICE) == 7
    follows = ModelledBlock(1, GENESIS_MS + BLOCK_MS, [work(5, NOTHING, deploys=True)])
    with pytest.raises(PlayError, match="already"):
        run_block(ledger, ModelledRun(ledger, contract_of), follows)
