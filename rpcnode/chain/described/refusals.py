"""Why a declared transaction cannot be, in words for whoever declared it."""

from collections.abc import Callable, Sequence
from typing import Final

from rpcnode.chain.declaration import MAX_SUPPLY, DeclaredTransaction, DeclaredTransfer, PlayError
from rpcnode.chain.described.made import Target
from rpcnode.execution.application_engine import ApplicationEngine
from rpcnode.execution.block_run import BlockRun
from rpcnode.execution.contract import contract_of
from rpcnode.execution.native_hashes import GAS, NEO
from rpcnode.execution.records import Trigger
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem
from rpcnode.vm.script_builder import ScriptBuilder

ASK_GAS: Final = 100_000_000  # datoshi


def why_not(
    run: BlockRun,
    declared: DeclaredTransaction,
    target_of: Callable[[str], Target],
    exception: str,
    validators: UInt160,
) -> PlayError:
    """The error for a transaction that failed with `exception`; `run` is over storage as it was before."""
    for transfer in declared.transfers:
        reason = _lack(run, transfer, target_of(transfer.asset), validators)
        if reason is not None:
            asset = transfer.written_asset or transfer.asset
            return PlayError(transfer.where, f"cannot {reason[0]} {transfer.amount} of {asset}: {reason[1]}")
    places = [each.where for each in declared.transfers] + [each.where for each in declared.invocations]
    where = places[0] if len(places) == 1 else declared.where
    return PlayError(where, f"its script fails: {exception}")


def does_not_fail(declared: DeclaredTransaction) -> PlayError:
    """The error for a transaction that was declared to fail, and does not."""
    return PlayError(declared.where, "faults is true, and its script does not fail; leave faults out")


def _lack(run: BlockRun, transfer: DeclaredTransfer, target: Target, validators: UInt160) -> tuple[str, str] | None:
    """What a transfer lacks, as far as it shows in the storage before its transaction."""
    asset = target.script_hash
    contract = contract_of(run.snapshot, asset)
    if contract is None:
        return "move", f"there is no contract {asset} at block {run.block.index}"
    if contract.manifest.method("balanceOf", 1) is None:
        return "move", f"{transfer.written_asset or asset} is no token that can be moved"
    is_native = asset in (NEO, GAS)
    if is_native and transfer.sender is None:
        held = _number(run, asset, "balanceOf", (bytes(validators),))
        if held is not None and held < transfer.amount:
            return "give", f"the validators' account, which holds what nobody was given, has {held}"
    token = () if transfer.token_id is None else (transfer.token_id,)
    if transfer.sender is not None:
        args = (bytes(transfer.sender), *token) if target.is_divisible else (bytes(transfer.sender),)
        sender = transfer.written_sender or transfer.sender
        if token and not target.is_divisible:
            owner = _answer(run, asset, "ownerOf", token)
            if owner != bytes(transfer.sender):
                return "move", f"{sender} has 0 of token {token[0].hex()}"
        held = _number(run, asset, "balanceOf", args)
        if held is not None and held < transfer.amount:
            return "move", f"{sender} has {held}" + (f" of token {token[0].hex()}" if token else "")
    elif token and not target.is_divisible and _answer(run, asset, "ownerOf", token) is not None:
        return "move", f"token {token[0].hex()} is there already"
    elif not is_native:
        supply = _number(run, asset, "totalSupply", ())
        if supply is not None and supply + transfer.amount > MAX_SUPPLY:
            return "mint", "255 bits do not hold all of it"
    if token and not target.is_divisible and transfer.amount != 1:
        return "move", f"an indivisible token moves as 1, not as {transfer.amount}"
    return None


def _number(run: BlockRun, contract: UInt160, method: str, args: Sequence[StackItem]) -> int | None:
    answer = _answer(run, contract, method, args)
    return answer if isinstance(answer, int) else None


def _answer(run: BlockRun, contract: UInt160, method: str, args: Sequence[StackItem]) -> StackItem:
    """What a method answers; None where it fails."""
    engine: ApplicationEngine = run.asking(Trigger.APPLICATION, ASK_GAS)
    engine.load_entry(ScriptBuilder().call(contract, method, args).to_bytes())
    engine.execute()
    execution = engine.execution()
    return execution.stack[-1] if execution.halted else None
