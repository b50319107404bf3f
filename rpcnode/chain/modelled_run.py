"""Runs blocks that are made on a chain of an older profile, or on one that is observed: models do what is declared.

No script is run: what a transaction does is what it was declared to do, and clients' only call what models stand for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from rpcnode.chain.blocks import NewBlock, NewTransaction, StoredHeader
from rpcnode.chain.client_block import run_clients, with_fees
from rpcnode.chain.db.storage import BlockStorage
from rpcnode.chain.declaration import MAX_SUPPLY, DeclaredContract, DeclaredTransaction, DeclaredTransfer, PlayError
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.transfers import TRANSFER_EVENT, application_execution, notified, transfer_notification
from rpcnode.execution.contract_state import ContractState, Model
from rpcnode.execution.native_hashes import CONTRACT_MANAGEMENT
from rpcnode.execution.records import Execution, Notification
from rpcnode.execution.snapshot import Snapshot
from rpcnode.execution.storage import Storage, read_integer, write_integer
from rpcnode.models import nft, token
from rpcnode.models.observed import as_observed, observed_id
from rpcnode.models.told_balances import tell
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160, UInt256

DECLARED_TO_FAIL: Final = "at instruction 0 (ABORT): declared to fail"
"""The exception of a transaction that was declared to fail."""

_TOKENS: Final = (Model.TOKEN, Model.OBSERVED_TOKEN, Model.TOLD_TOKEN)
_NFTS: Final = (Model.NFT, Model.OBSERVED_NFT)
_OBSERVED: Final = (Model.OBSERVED_TOKEN, Model.OBSERVED_NFT, Model.TOLD_TOKEN)

Standing = Callable[[UInt160], ContractState | None]
"""The contract that stands with a hash."""

ContractOf = Callable[[str, Standing], ContractState]
"""What a declaration names, where these contracts stand; raises PlayError for what is no contract."""


class ModelledContract(NamedTuple):
    """A declared contract, and the state that it shows."""

    state: ContractState
    declared: DeclaredContract


class ModelledTransaction(NamedTuple):
    """A transaction and what it does: it deploys a contract first, if it has one, then what is declared.

    One that `may_fail` is in its block as a failed one where a contract fails; any other cannot be in a block then.
    """

    transaction: NewTransaction
    declared: DeclaredTransaction
    deploys: ModelledContract | None = None
    may_fail: bool = False


@dataclass(frozen=True, slots=True)
class ModelledBlock:
    """A block of declared transactions, and of clients' behind them, which were verified."""

    index: int
    timestamp_ms: int
    transactions: Sequence[ModelledTransaction] = ()
    clients: Sequence[NewTransaction] = ()


class ModelledBlockRun:
    """A block while it is run over `snapshot`, which gets what it writes; `contracts` it has deployed until now."""

    def __init__(self, ledger: Ledger, block_index: int, snapshot: Snapshot, contract_of: ContractOf) -> None:
        self.contracts: Final[list[ContractState]] = []
        self._ledger: Final = ledger
        self._index: Final = block_index
        self._snapshot: Final = snapshot
        self._contract_of: Final = contract_of
        self._event_name: Final = TRANSFER_EVENT[ledger.profile]

    def standing(self, script_hash: UInt160) -> ContractState | None:
        """The contract that stands with a hash by now."""
        for contract in self.contracts:
            if contract.script_hash == script_hash:
                return contract
        known = self._ledger.state().contract_ever(script_hash)
        return known if known is not None and known.exists_at(self._index) else None

    def transaction(self, made: ModelledTransaction) -> Execution:
        """One transaction; one that fails leaves nothing. Raises PlayError for one that fails and may not."""
        layer, count = self._snapshot.child(), len(self.contracts)
        exception = DECLARED_TO_FAIL if made.declared.faults else None
        try:
            events = self._run(layer, made)
        except PlayError as error:
            del self.contracts[count:]
            if not made.may_fail:
                raise
            events, exception = [], f"at instruction 0 (ABORT): {error.message}"
        else:
            layer.commit()
        return application_execution(self._ledger.profile, made.transaction.hash, events, exception)

    def _run(self, storage: Storage, made: ModelledTransaction) -> list[Notification]:
        """The events of all that a transaction does. Raises PlayError where a contract would fail."""
        events: list[Notification] = []
        if made.deploys is not None:
            state, declared = made.deploys
            if self.standing(state.script_hash) is not None:
                raise PlayError("", f"there is a contract {state.script_hash} already")
            put_first_rows(storage, state, declared, declared.total_supply)
            self.contracts.append(state)
            if self._ledger.profile == "n3":  # the older nodes have no such event
                events.append(Notification(CONTRACT_MANAGEMENT, "Deploy", (bytes(state.script_hash),)))
        for transfer in made.declared.transfers:
            if transfer.is_coin:
                continue  # its inputs and outputs move it, and there is no event
            contract = self._contract_of(transfer.asset, self.standing)
            if not made.declared.faults:
                _move(storage, contract, transfer)
            events.append(transfer_notification(self._event_name, contract.script_hash, transfer))
        for event in made.declared.notifications:
            events.append(notified(self._contract_of(event.contract, self.standing).script_hash, event))
        return events


class ModelledRun:
    """Runs blocks of declared transactions on one ledger."""

    def __init__(self, ledger: Ledger, contract_of: ContractOf) -> None:
        self._ledger: Final = ledger
        self._contract_of: Final = contract_of

    def genesis(self, placed: Sequence[tuple[ModelledContract, int | None]]) -> NewBlock:
        """The first block, as the network's parameters make it, with the contracts that a description has, ever.

        Beside each is what holders have of it that nobody names; None for what has no total supply.
        """
        ledger = self._ledger
        genesis, timestamp_ms = ledger.layout.genesis(ledger.parameters.validators), ledger.parameters.genesis_time_ms
        merkle_root = ledger.headers.merkle_root(0, [transaction.hash for transaction in genesis.transactions])
        hashed_part = ledger.headers.new_header(0, UInt256.ZERO, merkle_root, timestamp_ms)
        storage = ledger.new_storage()
        for (state, declared), supply in placed:
            put_first_rows(storage, state, declared, supply)
        standing = ledger.state()
        natives = ((standing.contract_ever(asset), amount) for asset, amount in genesis.mints)
        minted = [self._mint(storage, native, amount) for native, amount in natives if native is not None]
        return NewBlock(
            index=0,
            timestamp_ms=timestamp_ms,
            merkle_root=merkle_root,
            transactions=genesis.transactions,
            executions=tuple(application_execution(ledger.profile, ran, minted, None) for ran in genesis.executed),
            storage=storage,
            header=StoredHeader(ledger.headers.digest(hashed_part), hashed_part, genesis.witness),
            contracts=[contract.state for contract, _ in placed],
            labels={(state.script_hash, state.deployed_at): declared.label for (state, declared), _ in placed},
        )

    def begun(self, block_index: int) -> ModelledBlockRun:
        """A block before its first transaction; nothing that it writes stays."""
        return ModelledBlockRun(self._ledger, block_index, Snapshot(self._ledger.new_storage()), self._contract_of)

    def run(self, block: ModelledBlock, storage: BlockStorage) -> tuple[Execution, ...]:
        """Runs the next block over what is stored. Raises PlayError for a transaction that fails and may not."""
        snapshot = Snapshot(storage)
        run = ModelledBlockRun(self._ledger, block.index, snapshot, self._contract_of)
        executions = [run.transaction(transaction) for transaction in block.transactions]
        if block.clients:
            executions += run_clients(self._ledger, snapshot, run.standing, block.clients)
        storage.take(snapshot.changes())
        return tuple(executions)

    def new_block(self, block: ModelledBlock, storage: BlockStorage, executions: tuple[Execution, ...]) -> NewBlock:
        """A block that was run, for the ledger."""
        transactions = [*(each.transaction for each in block.transactions), *block.clients]
        transactions, merkle_root = with_fees(self._ledger, block.index, transactions, block.clients)
        # What clients ran comes after all that is declared.
        halted = [made for made, ran in zip(block.transactions, executions, strict=False) if ran.halted]
        deployed = [each.deploys for each in halted if each.deploys is not None]
        return NewBlock(
            index=block.index,
            timestamp_ms=block.timestamp_ms,
            merkle_root=merkle_root,
            transactions=transactions,
            executions=executions,
            storage=storage,
            contracts=[state for state, _ in deployed],
            labels={(state.script_hash, state.deployed_at): declared.label for state, declared in deployed},
        )

    def _mint(self, storage: Storage, native: ContractState, amount: int) -> Notification:
        """What a native token gives to the validators in the first block."""
        receiver = self._ledger.validators
        token.move(storage, native.contract_id, None, receiver, amount)
        transfer = DeclaredTransfer(native.name, None, receiver, amount, None, "")
        return transfer_notification(TRANSFER_EVENT[self._ledger.profile], native.script_hash, transfer)


def put_first_rows(storage: Storage, state: ContractState, declared: DeclaredContract, supply: int | None) -> None:
    """Writes what a contract begins with: what holders have whom nobody names, answers of `balanceOf`, properties."""
    if supply is not None and state.model in (Model.TOKEN, Model.TOLD_TOKEN):
        told = state.model is Model.TOLD_TOKEN
        contract_id = observed_id(state.contract_id) if told else state.contract_id
        write_integer(storage, contract_id, token.TOTAL_SUPPLY, supply)
    for account, answer in declared.balance_of:
        tell(storage, state.contract_id, account, answer)
    for token_id, properties in declared.tokens:
        nft.put_properties(storage, state, token_id, properties)


def _move(storage: Storage, contract: ContractState, transfer: DeclaredTransfer) -> None:
    asset = transfer.written_asset or transfer.asset
    if contract.model in _OBSERVED:
        contract = as_observed(contract)
    try:
        if transfer.token_id is not None and contract.model in _NFTS:
            nft.move_token(storage, contract, transfer.sender, transfer.receiver, transfer.amount, transfer.token_id)
        elif contract.model in _TOKENS:
            token.move(storage, contract.contract_id, transfer.sender, transfer.receiver, transfer.amount)
        else:
            raise PlayError(transfer.where, f"{asset} is no token that can be moved")
        if transfer.sender is None and _supply(storage, contract) > MAX_SUPPLY:
            raise PlayError(transfer.where, f"cannot mint {transfer.amount} of {asset}: 255 bits do not hold all of it")
    except token.Overspent as fault:
        sender = transfer.written_sender or transfer.sender
        raise PlayError(transfer.where, f"cannot move {transfer.amount} of {asset}: {sender} {fault.lack}") from None
    except VmFault as fault:
        raise PlayError(transfer.where, f"cannot move {transfer.amount} of {asset}: {fault}") from None


def _supply(storage: Storage, contract: ContractState) -> int:
    return read_integer(storage, contract.contract_id, token.TOTAL_SUPPLY)
