"""Real transactions of N3 for what a fixture or a dev method declares.

Somebody pays: the validators' account, which holds the GAS of genesis, is the first signer of each and pays its fees,
but for those of which somebody else is declared to be the sender.
"""

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from rpcnode.chain.declaration import CompiledContract, DeclaredTransaction, DeclaredTransfer, PlayError
from rpcnode.chain.transfers import notified
from rpcnode.execution.native_hashes import CONTRACT_MANAGEMENT, GAS, NEO
from rpcnode.execution.records import Notification
from rpcnode.payloads.flags import CallFlags
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import MAX_SCRIPT_SIZE, Transaction
from rpcnode.primitives.push import push_integer
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script_builder import ScriptBuilder, call_end

VALID_BLOCKS: Final = 5760
FEE_PER_CALL: Final = 100_000_000
"""The system fee of a declared transaction for each call in it, in datoshi: the limit of what the call may use."""

MOST_FEE_PER_INVOCATION: Final = 2_000_000_000
"""What a declared invocation, or the `_deploy` of a compiled contract, may cost at most, in datoshi.

As much as a call over RPC by the node's own settings: neo-cli 3.10.2, plugins/RpcServer: MaxGasInvoke.
"""

DEPLOYMENT_FEE: Final = 1_000_000_000
DEPLOYMENT_FEE_PER_BYTE: Final = 200_000
"""What deploying a contract may cost besides, in datoshi."""

NETWORK_FEE: Final = 10_000_000
NETWORK_FEE_PER_BYTE: Final = 1_000
MAX_SIGNERS: Final = 16
DECLARED_TO_FAIL: Final = "declared to fail"

_PUSHNULL: Final = bytes((Opcode.PUSHNULL,))
_PUSH_ACCOUNT: Final = bytes((Opcode.PUSHDATA1, UInt160.SIZE))


class Target(NamedTuple):
    """A contract that something is declared of: its hash, and whether a token of it can be held in parts."""

    script_hash: UInt160
    is_divisible: bool = False


class Made(NamedTuple):
    """A transaction, and the events that it shows behind those of its script."""

    transaction: Transaction
    events: tuple[Notification, ...] = ()


class TransactionMaker:
    """Makes the declared transactions of one chain. `target_of` raises PlayError for what is no contract."""

    def __init__(self, validators: UInt160, target_of: Callable[[str], Target]) -> None:
        self._validators: Final = validators
        self._target_of: Final = target_of

    def make(
        self,
        block_index: int,
        position: int,
        declared: DeclaredTransaction,
        deployed: CompiledContract | None = None,
        *,
        system_fee: int | None = None,
        payer: UInt160 | None = None,
    ) -> Made:
        """The transaction, unlike any other by its place, which deploys a contract first if it is given one.

        `system_fee` in datoshi; None: as much as it may take. `payer` sends it; None: the validators' account.
        Raises PlayError where it would be too large, or somebody would sign it twice.
        """
        calls = [] if deployed is None else [_deployment(deployed)]
        calls += [self._transfer_script(transfer) for transfer in declared.transfers]
        if declared.invocations:
            calls += [ScriptBuilder().call(*each).to_bytes() for each in _calls(declared)]
        events = self.events(declared)
        calls += [_shown(event) for event in events]
        if declared.faults and not declared.invocations:
            calls.append(ScriptBuilder().push(DECLARED_TO_FAIL).op(Opcode.ABORTMSG).to_bytes())
        script = b"".join(calls) or bytes((Opcode.NOP,))
        if len(script) > MAX_SCRIPT_SIZE:
            told = f"its script has {len(script)} bytes, a transaction's at most {MAX_SCRIPT_SIZE}"
            raise PlayError(declared.where, told)
        if system_fee is None:
            system_fee = FEE_PER_CALL * max(len(calls), 1) + MOST_FEE_PER_INVOCATION * len(declared.invocations)
            if deployed is not None:
                of_deploy = MOST_FEE_PER_INVOCATION if deployed.manifest.method("_deploy", 2) is not None else 0
                system_fee += DEPLOYMENT_FEE + DEPLOYMENT_FEE_PER_BYTE * len(calls[0]) + of_deploy
        signers = self._signers(declared, () if deployed is None else deployed.signers, payer or self._validators)
        transaction = Transaction(
            nonce=position,
            system_fee_datoshi=system_fee,
            network_fee_datoshi=NETWORK_FEE * len(signers) + NETWORK_FEE_PER_BYTE * len(script),
            valid_until_block=block_index + VALID_BLOCKS,
            signers=signers,
            attributes=(),
            script=script,
        )
        return Made(transaction, events)

    def _signers(self, declared: DeclaredTransaction, named: Sequence[Signer], payer: UInt160) -> tuple[Signer, ...]:
        """Who signs: the payer first, then who sends something, then who else is named."""
        said = {signer.account: signer for signer in named}
        for invocation in declared.invocations:
            for signer in invocation.signers:
                if said.setdefault(signer.account, signer) != signer:
                    told = f"{signer.account} signs this transaction already, with another scope"
                    raise PlayError(invocation.where, told)
        senders = dict.fromkeys(self._sender(transfer) for transfer in declared.transfers)
        if not said and len(senders) < MAX_SIGNERS:
            return _plain_signers(payer, *senders)
        signed = {account: said.get(account) or _signer(account) for account in (*senders, *said)}
        first = signed.pop(payer, None) or _signer(payer, WitnessScope.None_)
        signers = (first, *signed.values())
        if len(signers) > MAX_SIGNERS:
            told = f"{len(signers)} accounts must sign, a transaction has at most {MAX_SIGNERS}"
            raise PlayError(declared.where, told)
        return signers

    def _sender(self, transfer: DeclaredTransfer) -> UInt160:
        """Who must agree: the validators' account owns declared tokens, and holds what is given of NEO and GAS."""
        target = self._target_of(transfer.asset)
        if transfer.sender is None or (transfer.receiver is None and target.script_hash not in (NEO, GAS)):
            return self._validators
        return transfer.sender

    def _transfer_script(self, transfer: DeclaredTransfer) -> bytes:
        """The call that moves what is declared, and an assertion that it did where the call answers.

        NEO and GAS are not minted: they come from the validators' account, and go back there.
        """
        asset, is_divisible = self._target_of(transfer.asset)
        sender, receiver = transfer.sender, transfer.receiver
        if asset in (NEO, GAS):
            sender, receiver = sender or self._validators, receiver or self._validators
        if sender is not None and receiver is not None and transfer.token_id is None:
            return b"".join(
                (
                    _PUSHNULL,
                    push_integer(transfer.amount),
                    _PUSH_ACCOUNT,
                    receiver,
                    _PUSH_ACCOUNT,
                    sender,
                    _end_of_transfer(asset),
                )
            )
        token = () if transfer.token_id is None else (transfer.token_id,)
        builder = ScriptBuilder()
        if sender is None:
            return builder.call(asset, "mint", (receiver, transfer.amount, *token)).op(Opcode.DROP).to_bytes()
        if receiver is None:
            return builder.call(asset, "burn", (sender, transfer.amount, *token)).op(Opcode.DROP).to_bytes()
        if token and not is_divisible:
            builder.call(asset, "transfer", (receiver, *token, None))
        else:
            builder.call(asset, "transfer", (sender, receiver, transfer.amount, *token, None))
        return builder.op(Opcode.ASSERT).to_bytes()

    def events(self, declared: DeclaredTransaction) -> tuple[Notification, ...]:
        """The events that are declared as they are."""
        if not declared.notifications:
            return ()
        return tuple(notified(self._target_of(event.contract).script_hash, event) for event in declared.notifications)


@lru_cache(maxsize=4096)
def _signer(account: UInt160, scope: WitnessScope = WitnessScope.CalledByEntry) -> Signer:
    """A signer; accounts come again and again."""
    return Signer(account, scope)


@lru_cache(maxsize=4096)
def _plain_signers(payer: UInt160, *senders: UInt160) -> tuple[Signer, ...]:
    """Who signs where nobody is named besides those who send something."""
    scope = WitnessScope.CalledByEntry if payer in senders else WitnessScope.None_
    return (_signer(payer, scope), *(_signer(sender) for sender in senders if sender != payer))


@lru_cache(maxsize=1024)
def _end_of_transfer(asset: UInt160) -> bytes:
    """What comes behind the accounts in the call of a fungible token's `transfer`, and the assertion that it did."""
    return call_end(asset, "transfer", CallFlags.All, 4) + bytes((Opcode.ASSERT,))


def _calls(declared: DeclaredTransaction) -> list[tuple[UInt160, str, Sequence[StackItem]]]:
    """The declared invocations as calls; what they answer stays on the stack, as where a wallet makes them."""
    return [(each.contract, each.method, each.args) for each in declared.invocations]


def _deployment(contract: CompiledContract) -> bytes:
    """The call that deploys a contract; what it answers is dropped."""
    manifest = json.dumps(contract.manifest.to_json(), separators=(",", ":"), ensure_ascii=False).encode()
    data = () if contract.data is None else (contract.data,)
    builder = ScriptBuilder().call(CONTRACT_MANAGEMENT, "deploy", (contract.nef.serialize(), manifest, *data))
    return builder.op(Opcode.DROP).to_bytes()


def _shown(event: Notification) -> bytes:
    """The part of a script that stands for a declared event: it names contract and event, and does nothing."""
    name = event.event_name or ""
    return ScriptBuilder().push(event.contract).push(name).op(Opcode.DROP).op(Opcode.DROP).to_bytes()
