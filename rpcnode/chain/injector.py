"""Makes blocks that write storage past all scripts: rows, contracts, balances. What waits goes on waiting.

Such a block is like any other: state roots, rewinds and restarts have it, and what was written is marked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from rpcnode.chain.balance_row import balance_row
from rpcnode.chain.block_runner import run_block
from rpcnode.chain.blocks import NewBlock
from rpcnode.chain.declaration import MAX_SUPPLY, DeclaredNotification, DeclaredTransaction
from rpcnode.chain.described.made import Target, TransactionMaker
from rpcnode.chain.described.tried import lack_of_gas
from rpcnode.chain.executed.contracts import contract_state_of
from rpcnode.chain.injected import next_id
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.miner import Miner
from rpcnode.chain.persist import OwnBlock, Persist, Placed
from rpcnode.chain.verification.pooled_fees import fees_of
from rpcnode.execution.block_run import BlockRun
from rpcnode.execution.contract import Contract, contract_of
from rpcnode.execution.native_hashes import NATIVE_HASHES_OF_N3
from rpcnode.execution.records import Notification, Trigger
from rpcnode.natives.deployment import check_manifest, check_script
from rpcnode.natives.gas_token import GAS, GasToken
from rpcnode.natives.neo.candidates import TOTAL_NEO
from rpcnode.natives.neo_token import NEO, NeoToken
from rpcnode.payloads.manifest import Manifest
from rpcnode.payloads.nef import Nef
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.errors import NodeError, VmFault
from rpcnode.primitives.uint import UInt160

_MOST_UPDATES: Final = 0xFFFF


class Written(NamedTuple):
    """What a block does past all scripts: rows by contract id and key, None for one that goes, and contracts.

    `events` tell of it, where it is to be told.
    """

    rows: Mapping[int, Mapping[bytes, bytes | None]] = {}
    placed: Sequence[Placed] = ()
    events: tuple[Notification, ...] = ()


class Injector:
    """Writes into the storage of one executed chain. What cannot be raises NodeError, and nothing has changed."""

    def __init__(self, ledger: Ledger, miner: Miner) -> None:
        if not ledger.is_executed:
            raise NodeError("storage is written on chains of profile n3 that are executed, and this is none")
        self._ledger: Final = ledger
        self._miner: Final = miner
        self._persist: Final = Persist(ledger)

    def write(self, script_hash: UInt160, key: bytes, value: bytes | None) -> int:
        """Writes one row of a contract, None takes it away; the index of the block."""
        contract = self._standing(script_hash)
        if script_hash in NATIVE_HASHES_OF_N3:
            raise NodeError(
                f"{contract.manifest.name} is a native contract, by whose rows the node itself goes: its methods change"
                " them, signed by the committee; dev_setBalance what is held of NEO and GAS, dev_designate roles"
            )
        return self._make(lambda _: Written({contract.id: {key: value}}))

    def place(self, script_hash: UInt160, nef: Nef | None, manifest: Manifest | None) -> int:
        """Puts a contract in place, or another NEF or manifest of one that stands there; the index of the block.

        One that stands keeps its id, name and storage, and counts an update.
        """
        if script_hash in NATIVE_HASHES_OF_N3:
            raise NodeError(f"{script_hash} is a native contract, which has no script of its own")
        storage = self._persist.snapshot(self._ledger.height)
        stands = contract_of(storage, script_hash)
        if stands is None:
            if nef is None or manifest is None:
                raise NodeError(f"there is no contract {script_hash}; to put one there takes nef and manifest")
            placed = Placed(Contract(next_id(storage), 0, script_hash, nef, manifest))
        else:
            if stands.update_counter >= _MOST_UPDATES:
                raise NodeError(f"{script_hash} was updated {_MOST_UPDATES} times, which is all that there is room for")
            parts = nef or stands.nef, manifest or stands.manifest
            placed = Placed(
                Contract(stands.id, stands.update_counter + 1, script_hash, *parts),
                label=self._ledger.label_before(contract_state_of(stands, self._ledger.height)),
            )
        try:
            check_script(placed.contract.script, placed.contract.manifest, strict=False)
            check_manifest(placed.contract.manifest, script_hash)
        except VmFault as error:
            raise NodeError(f"manifest and NEF do not fit together: {error}") from None
        return self._make(lambda _: Written(placed=(placed,)))

    def hold(self, asset: UInt160, account: UInt160, amount: int, *, with_transfer: bool) -> int:
        """Has an account hold an amount of a token, in its smallest unit; the index of the block.

        `with_transfer` shows a Transfer of the difference, from or to nobody, behind a transaction of the validators'
        account, so that what follows the chain knows of it. Of other tokens than NEO and GAS one row is written.
        """
        if asset == NEO.hash:
            if amount > TOTAL_NEO:
                raise NodeError(f"{amount} NEO are more than all there are, {TOTAL_NEO}")
            return self._make(lambda run: _held(NEO, run, account, amount), shows=with_transfer)
        if asset == GAS.hash:
            return self._make(lambda run: _held(GAS, run, account, amount), shows=with_transfer)
        contract = self._standing(asset)
        if asset in NATIVE_HASHES_OF_N3:
            raise NodeError(f"{contract.manifest.name} is a native contract; of these NEO and GAS are held")
        if contract.manifest.method("balanceOf", 1) is None:
            raise NodeError(f"{asset} is no token: it has no method balanceOf with one parameter")
        if with_transfer and "NEP-11" in contract.manifest.supported_standards:
            raise NodeError(f"{asset} is of NEP-11, whose Transfer names a token id; leave with_transfer out")
        row = balance_row(self._ledger.execution_at(), asset, account, amount)
        who, gained = bytes(account), amount - row.held
        event = Notification(asset, "Transfer", (who, None, -gained) if gained < 0 else (None, who, gained))
        written = Written({row.contract_id: {row.key: row.value}}, events=(event,))
        return self._make(lambda _: written, shows=with_transfer)

    def _standing(self, script_hash: UInt160) -> Contract:
        contract = contract_of(self._persist.snapshot(self._ledger.height), script_hash)
        if contract is None:
            raise NodeError(f"there is no contract {script_hash} at block {self._ledger.height}")
        return contract

    def _make(self, write: Callable[[BlockRun], Written], *, shows: bool = False) -> int:
        """Makes the next block, in which `write` writes once natives have begun it; `shows` its events too."""

        def block(block_index: int, timestamp_ms: int) -> NewBlock:
            own = OwnBlock(block_index, timestamp_ms)
            if shows:
                # What the transaction's script shows does not depend on the fees that it burns.
                first = self._showing(block_index, write(self._persist.begun(own)[0]).events)
                own = replace(own, transactions=((first, ()),))
            written = write(self._persist.begun(own)[0])
            shown = [(transaction, written.events) for transaction, _ in own.transactions]
            own = replace(own, transactions=shown, placed=written.placed, rows=written.rows)
            return run_block(self._ledger, self._persist, own)

        return self._miner.make(block)

    def _showing(self, block_index: int, events: Sequence[Notification]) -> Transaction:
        """A transaction, unlike any other, whose script names events and does nothing else."""
        ledger = self._ledger
        maker = TransactionMaker(ledger.validators, lambda written: Target(UInt160.parse(written)))
        shown = tuple(DeclaredNotification(str(each.contract), each.event_name, (), "") for each in events)
        position = len(ledger.mempool)
        while True:
            transaction = maker.make(block_index, position, DeclaredTransaction((), shown, False, "")).transaction
            if ledger.mempool.get(transaction.hash) is None and not ledger.holds(transaction.hash):
                break
            position += 1
        lack = lack_of_gas(self._persist.snapshot(ledger.height), transaction.sender, fees_of(transaction))
        if lack is not None:
            raise NodeError(f"the transaction that shows the Transfer cannot be paid: {lack}")
        return transaction


def _held(token: NeoToken | GasToken, run: BlockRun, account: UInt160, amount: int) -> Written:
    """What a native token writes where an account holds an amount."""
    engine = run.asking(Trigger.APPLICATION, 0)
    token.hold(engine, account, amount)
    if token.total_supply(engine) > MAX_SUPPLY:
        raise NodeError(f"{account} cannot hold {amount} of {token.name}: 255 bits do not hold all that there would be")
    rows: dict[int, dict[bytes, bytes | None]] = {}
    for (contract_id, key), value in engine.storage.changes().items():
        rows.setdefault(contract_id, {})[key] = value
    return Written(rows, events=tuple(engine.notifications))
