"""What the transactions of clients do in a block of an older profile."""

from collections.abc import Sequence

from rpcnode.chain.blocks import NewTransaction
from rpcnode.chain.client_runs import ClientRuns, Standing
from rpcnode.chain.client_scripts import SCRIPTS
from rpcnode.chain.format.layout import CoinLayout
from rpcnode.chain.headers import header_nonce
from rpcnode.chain.ledger import Ledger
from rpcnode.execution.overlay import Overlay
from rpcnode.execution.records import Execution
from rpcnode.payloads.merkle import merkle_root
from rpcnode.primitives.uint import UInt256


def run_clients(
    ledger: Ledger, overlay: Overlay, standing: Standing, clients: Sequence[NewTransaction]
) -> list[Execution]:
    """Runs the scripts of transactions in order; what only moves coins has none. Raises ScriptNeeded."""
    runs = ClientRuns(ledger.profile, standing)
    executions = []
    for kept in clients:
        script = SCRIPTS[ledger.profile](ledger.layout, kept)
        if script is not None:
            executions.append(runs.run(overlay, script))
    return executions


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
