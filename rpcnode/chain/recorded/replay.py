"""Applies a recorded chain that begins above genesis, block by block, to a ledger: it is observed.

What a recording tells is exact: blocks, transactions, executions, contract states. What it does not tell is contract
storage. So balances of a token follow its own Transfer notifications, which is modelled.
"""

from rpcnode.chain.blocks import NewBlock, NewTransaction, StoredHeader
from rpcnode.chain.db.storage import BlockStorage
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.recorded.contract_versions import ContractVersions
from rpcnode.chain.recorded.recorded import RecordedBlock, RecordedChain
from rpcnode.execution.contract_state import Model
from rpcnode.execution.records import Execution, Notification
from rpcnode.models import nft, token
from rpcnode.models.observed import as_observed, observed_id
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.progress import counted
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import MAX_INTEGER_SIZE, StackItem, integer_of


class Replay:
    """One recording on its way into one ledger."""

    def __init__(self, ledger: Ledger, recording: RecordedChain) -> None:
        self._ledger = ledger
        self._recording = recording
        self._versions = ContractVersions(recording)

    def play(self) -> None:
        """Brings the ledger to the recording's height, from wherever it stands; each block is one transaction."""
        height = self._ledger.height
        done = [recorded for recorded in self._recording.blocks if recorded.block.index <= height]
        if done:
            executions = (execution for recorded in done for execution in recorded.executions)
            self._versions.go_on(self._ledger.contracts(), height, executions)
        blocks = self._recording.blocks[len(done) :]
        for recorded in counted(blocks, "playing blocks", len(blocks)):
            self._apply(recorded)

    def _apply(self, recorded: RecordedBlock) -> None:
        block = recorded.block
        header = block.header
        storage = self._ledger.new_storage()
        is_first = block.index == self._recording.blocks[0].block.index
        contracts = self._versions.begin() if is_first else []
        transactions = {transaction.hash: transaction for transaction in block.transactions}
        for execution in recorded.executions:
            if execution.halted:
                if execution.container in transactions:
                    self._versions.apply(header.index, transactions[execution.container], execution)
                self._observe(storage, execution)
        self._ledger.apply_block(
            NewBlock(
                index=block.index,
                timestamp_ms=header.timestamp_ms,
                merkle_root=header.merkle_root,
                transactions=[_new_transaction(transaction) for transaction in block.transactions],
                executions=recorded.executions,
                storage=storage,
                header=StoredHeader(header.hash, header.serialize_unsigned(), header.witness.serialize()),
                contracts=[*contracts, *self._versions.take_changed()],
            )
        )

    def _observe(self, storage: BlockStorage, execution: Execution) -> None:
        for notification in execution.notifications:
            contract = self._versions.standing.get(notification.contract)
            movement = None if contract is None else _movement(notification)
            if contract is None or movement is None:
                continue
            if contract.model is Model.OBSERVED_TOKEN and len(notification.state) == 3:
                token.observe(storage, observed_id(contract.contract_id), *movement)
            elif contract.model is Model.OBSERVED_NFT and len(notification.state) == 4:
                token_id = notification.state[3]
                if isinstance(token_id, bytes):
                    nft.observe_token(storage, as_observed(contract), *movement, token_id)


def _movement(notification: Notification) -> tuple[UInt160 | None, UInt160 | None, int] | None:
    """Sender, receiver and amount of a well-formed Transfer; a non-fungible one has the token's id after them."""
    if notification.event_name != "Transfer" or len(notification.state) not in (3, 4):
        return None
    sender, receiver, amount = notification.state[:3]
    if not (_is_side(sender) and _is_side(receiver)):
        return None
    if isinstance(amount, bytes) and len(amount) <= MAX_INTEGER_SIZE:
        amount = integer_of(amount)
    if type(amount) is not int:  # a Boolean is no amount
        return None
    return _account(sender), _account(receiver), amount


def _is_side(item: StackItem) -> bool:
    return item is None or (isinstance(item, bytes) and len(item) == UInt160.SIZE)


def _account(item: StackItem) -> UInt160 | None:
    return UInt160(item) if isinstance(item, bytes) else None


def _new_transaction(transaction: Transaction) -> NewTransaction:
    unsigned = transaction.serialize_unsigned()
    return NewTransaction(transaction.hash, unsigned, transaction.serialize()[len(unsigned) :])
