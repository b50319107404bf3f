"""Applies a recorded chain of Neo 2 or preview2, block by block, to a ledger.

Blocks, transactions, executions and contracts are as recorded. Their scripts are not run: what `balanceOf` answers is
what the recording tells (recorded_balances.py), other methods it does not know.
"""

from typing import Final

from rpcnode.chain.blocks import NewBlock
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.recorded.balances import told_balances
from rpcnode.chain.recorded.followed import follow_block
from rpcnode.chain.recorded.recorded import OlderBlock, OlderContract, OlderRecording
from rpcnode.execution.contract_state import Code, ContractState, Model
from rpcnode.execution.native_hashes import NATIVE_TOKENS
from rpcnode.models.modelled import modelled_nef
from rpcnode.models.older_transfers import older_transfer
from rpcnode.models.preview_storage import NEO, count_supply, register
from rpcnode.models.told_balances import follow, tell
from rpcnode.payloads.manifest import Manifest
from rpcnode.primitives.uint import UInt160

_TOKEN_STANDARD: Final = "NEP-5"


class OlderReplay:
    """One recording on its way into one ledger."""

    def __init__(self, ledger: Ledger, recording: OlderRecording) -> None:
        self._ledger = ledger
        self._recording = recording
        self._told = told_balances(recording)
        tokens = _emitters(recording)
        self._contracts = {
            contract.script_hash: _contract_state(contract, is_token=contract.script_hash in tokens)
            for contract in recording.contracts
        }

    def play(self) -> None:
        """Brings the ledger to the recording's height, from wherever it stands; each block is one transaction."""
        for block in self._recording.blocks[self._ledger.height + 1 :]:
            self._apply(block)

    def _apply(self, block: OlderBlock) -> None:
        storage = self._ledger.new_storage()
        for account, asset, answer in self._told.get(block.index, ()):
            contract = self._contracts.get(asset)
            if contract is None:
                continue  # an event of a script that is no contract
            if isinstance(answer, int) and not isinstance(answer, bool):
                if asset in NATIVE_TOKENS["n3-preview"].values():
                    count_supply(storage, contract.contract_id, account, answer)
                follow(storage, contract.contract_id, account, answer)
            else:
                tell(storage, contract.contract_id, account, answer)
        if self._ledger.profile == "n3-preview":
            follow_block(self._ledger.layout, storage, block)
        if block.index == self._recording.height:
            for recorded in self._recording.contracts:
                for key, value in recorded.storage:
                    storage.put(recorded.contract_id, key, value)
            neo = self._contracts.get(NEO)
            if neo is not None:
                for validator, votes in self._recording.votes:
                    register(storage, neo.contract_id, validator, votes)
        self._ledger.apply_block(
            NewBlock(
                index=block.index,
                timestamp_ms=block.timestamp_ms,
                merkle_root=block.merkle_root,
                transactions=block.transactions,
                executions=block.executions,
                storage=storage,
                header=block.header,
                contracts=[*self._contracts.values()] if block.index == 0 else [],
            )
        )


def _emitters(recording: OlderRecording) -> set[UInt160]:
    """The contracts that a tracker takes for tokens: something of theirs was a transfer."""
    return {
        event.contract
        for block in recording.blocks
        for execution in block.executions
        for event in execution.notifications
        if older_transfer(recording.profile, event.event_name, event.state) is not None
    }


def _contract_state(contract: OlderContract, *, is_token: bool) -> ContractState:
    symbol = {script_hash: name.lower() for name, script_hash in NATIVE_TOKENS["n3-preview"].items()}.get(
        contract.script_hash
    )
    return ContractState(
        contract_id=contract.contract_id,
        script_hash=contract.script_hash,
        update_counter=0,
        code=Code(modelled_nef(), Manifest(contract.name, (_TOKEN_STANDARD,) if is_token else (), ())),
        deployed_at=contract.deployed_at,
        destroyed_at=contract.destroyed_at,
        model=Model.TOLD_TOKEN if is_token else None,
        symbol=symbol,
        decimals={"neo": 0, "gas": 8}.get(symbol or ""),
        printed=contract.state,
    )
