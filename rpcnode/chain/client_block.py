"""What the transactions of clients do in a block of an older profile."""

from collections.abc import Sequence

from rpcnode.chain.blocks import NewTransaction
from rpcnode.chain.client_runs import ClientRuns, Standing
from rpcnode.chain.client_scripts import SCRIPTS, preview2_transaction
from rpcnode.chain.format.layout import CoinLayout
from rpcnode.chain.headers import header_nonce
from rpcnode.chain.ledger import Ledger
from rpcnode.execution.records import HALT, Execution, Trigger
from rpcnode.execution.snapshot import Snapshot
from rpcnode.models.preview_moves import NATIVE_IDS, NEO, PERSIST_GAS, earned_by, pay_fees
from rpcnode.models.preview_storage import next_validators
from rpcnode.models.token import ACCOUNT
from rpcnode.payloads.merkle import merkle_root
from rpcnode.primitives.uint import UInt160, UInt256


def run_clients(
    ledger: Ledger, snapshot: Snapshot, standing: Standing, clients: Sequence[NewTransaction], proposer: int = 0
) -> list[Execution]:
    """Runs the scripts of transactions in order; what only moves coins has none. Raises ScriptNeeded.

    On preview2 the block itself comes first: fees are burned, and the validator with the number `proposer` has its own.
    """
    runs = client_runs(ledger, standing)
    executions = []
    if ledger.profile == "n3-preview":
        executions.append(_persisted(ledger, snapshot, clients, proposer))
    for kept in clients:
        script = SCRIPTS[ledger.profile](ledger.layout, kept)
        if script is not None:
            executions.append(runs.run(snapshot, script))
    return executions


def client_runs(ledger: Ledger, standing: Standing) -> ClientRuns:
    """What runs scripts in the next block of a chain."""

    return ClientRuns(ledger.profile, ledger.height + 1, standing, lambda account: _changed_at(ledger, account))


def earned_until(ledger: Ledger, account: UInt160, block_index: int) -> int:
    """The GAS that an account's NEO of preview2 has earned before a block, in datoshi."""
    return earned_by(ledger.new_storage(), account, _changed_at(ledger, account), block_index)


def _changed_at(ledger: Ledger, account: UInt160) -> int:
    """The block that changed an account's NEO of preview2 last."""
    return ledger.changed_at(NATIVE_IDS[NEO], ACCOUNT + account)


def _persisted(ledger: Ledger, snapshot: Snapshot, clients: Sequence[NewTransaction], proposer: int) -> Execution:
    """What a block of preview2 does before its transactions."""
    fees = []
    for kept in clients:
        transaction = preview2_transaction(ledger.layout, kept)
        fees.append((transaction.sender, transaction.system_fee_datoshi, transaction.network_fee_datoshi))
    validators = next_validators(ledger.state(), ledger.parameters.validators)
    receiver = ledger.layout.account_scripts.account(validators[proposer % len(validators)])
    events = pay_fees(snapshot, fees, receiver)
    return Execution(Trigger.SYSTEM, None, HALT, PERSIST_GAS, (True, True), None, tuple(events))


def with_fees(
    ledger: Ledger, block_index: int, transactions: list[NewTransaction], clients: Sequence[NewTransaction]
) -> tuple[list[NewTransaction], UInt256]:
    """A block's transactions and their merkle root.

    Where clients pay network fees on Neo 2, the first is a miner's transaction that gives them to the first validator.
    """
    layout = ledger.layout
    fee = layout.network_fees(clients) if isinstance(layout, CoinLayout) else 0
    if fee:
        assert isinstance(layout, CoinLayout)
        receiver = layout.account_scripts.account(ledger.parameters.validators[0])
        made = layout.fee_transaction(header_nonce(block_index), fee, receiver)
        transactions = [made, *transactions]
        return transactions, merkle_root([transaction.hash for transaction in transactions])
    hashes = [transaction.hash for transaction in transactions]
    return transactions, ledger.headers.merkle_root(block_index, hashes)
