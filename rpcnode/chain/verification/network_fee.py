"""The network fee that a transaction has to pay. Source: neo 3.10.2, Wallets/Helper.cs: CalculateNetworkFee."""

from collections.abc import Callable, Collection, Generator, Iterator
from typing import Final

from rpcnode.chain.verification.attributes import attributes_fee
from rpcnode.chain.verification.transactions import NOBODY
from rpcnode.execution.application_engine import TEST_MODE_GAS, ApplicationEngine
from rpcnode.execution.contract import contract_of
from rpcnode.execution.records import Trigger
from rpcnode.execution.snapshot import Snapshot
from rpcnode.execution.test_invocation import ExecutionState, pieces
from rpcnode.natives.policy_values import exec_fee_factor, fee_per_byte
from rpcnode.payloads.flags import CallFlags
from rpcnode.payloads.standard_witnesses import (
    PUSHED_SIGNATURE_SIZE,
    SINGLE_KEY_PRICE,
    multisig_of,
    single_key_of,
)
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.address import address_of
from rpcnode.primitives.binary import BinaryWriter
from rpcnode.primitives.errors import LeakedException, VmFault
from rpcnode.primitives.push import push_data
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import to_boolean
from rpcnode.vm.engine import VmState
from rpcnode.vm.opcode import Opcode

_ARGUMENT: Final = -2147024809
_INVALID_OPERATION: Final = -2146233079
_INVALID_CAST: Final = -2147467262
_SIGNATURE: Final = push_data(bytes(64))
_USUAL_ARGUMENTS: Final = {
    "Any": _SIGNATURE,
    "Signature": _SIGNATURE,
    "String": _SIGNATURE,
    "ByteArray": _SIGNATURE,
    "Boolean": bytes((Opcode.PUSHT,)),
    "Integer": bytes((Opcode.PUSHINT256,)) + bytes(32),
    "Hash160": push_data(bytes(20)),
    "Hash256": push_data(bytes(32)),
    "PublicKey": push_data(bytes(33)),
    "Array": bytes((Opcode.NEWARRAY0,)),
}
"""What stands for the arguments of a `verify` method that nobody has given yet, by their types."""


ScriptOf = Callable[[UInt160], bytes | None]
"""The verification script of an account, where one who knows it is asked."""


def network_fee(
    transaction: Transaction,
    state: ExecutionState,
    impersonated: Collection[UInt160] = NOBODY,
    scripts: ScriptOf = lambda _: None,
    most_gas: int = TEST_MODE_GAS,
) -> Generator[None, None, int]:
    """The network fee, in datoshi, of a transaction whose witnesses have the verification scripts that they will have.

    It comes at the end of steps, each a piece of what contracts run, with at most `most_gas` datoshi. What `scripts`
    knows comes before a witness; without witnesses contracts are asked with arguments of the usual size.
    Signatures need not be there; a witness script of any other kind counts for nothing, not even its size. Raises
    LeakedException, with the C# node's words, for a witness without a script where no contract can agree.
    """
    counted = _Counted(transaction, state, most_gas)
    witnesses = transaction.witnesses or (None,) * len(transaction.signers)
    for signer, witness in zip(transaction.signers, witnesses, strict=True):
        script = scripts(signer.account)
        invocation = None
        if script is None and witness is not None:
            script, invocation = witness.verification, witness.invocation
        if script:
            counted.add_signatures(script)
        elif signer.account in impersonated:
            counted.size += _var_size(invocation or b"") + _var_size(b"")
        else:
            yield from counted.add_contract(signer.account, invocation)
    fee = counted.fee + counted.size * fee_per_byte(state.storage)
    return fee + attributes_fee(transaction, state)


class _Counted:
    """The size of a transaction and the cost of its witnesses, in datoshi, as far as they are counted."""

    def __init__(self, transaction: Transaction, state: ExecutionState, most_gas: int) -> None:
        self._transaction: Final = transaction
        self._state: Final = state
        self._factor: Final = exec_fee_factor(state.storage, state.settings, state.ledger.current_index + 1)
        self._left = most_gas
        self.size = len(transaction.serialize_unsigned()) + 1
        self.fee = 0

    def add_signatures(self, verification: bytes) -> None:
        multisig = None
        if single_key_of(verification) is not None:
            required, price = 1, SINGLE_KEY_PRICE
        elif (multisig := multisig_of(verification)) is not None:
            required, price = multisig.required, multisig.price
        else:
            return
        self.size += _var_size(bytes(PUSHED_SIGNATURE_SIZE * required)) + _var_size(verification)
        self.fee += self._factor * price

    def add_contract(self, account: UInt160, invocation: bytes | None) -> Iterator[None]:
        state, snapshot = self._state, Snapshot(self._state.storage)
        contract = contract_of(snapshot, account)
        if contract is None:
            address = address_of(account, state.settings.address_version)
            raise LeakedException(
                _ARGUMENT,
                f"The smart contract or address {account} ({address}) is not found. If this is your wallet address and"
                " you want to sign a transaction with it, make sure you have opened this wallet.",
            )
        method = contract.manifest.method("verify")
        if method is None:
            raise LeakedException(_ARGUMENT, f"The smart contract {contract.hash} haven't got verify method")
        if method.return_type != "Boolean":
            raise LeakedException(_ARGUMENT, "The verify method doesn't return boolean value.")
        if method.parameters and invocation is None:
            invocation = b"".join(_USUAL_ARGUMENTS.get(parameter.type, b"") for parameter in method.parameters)
        self.size += _var_size(b"") + _var_size(invocation or b"")
        run = ApplicationEngine(
            Trigger.VERIFICATION,
            self._transaction,
            snapshot,
            None,
            state.settings,
            self._left,
            state.natives,
            state.ledger,
        )
        run.load_contract(contract, method, int(CallFlags.ReadOnly))
        if invocation is not None:
            run.load_entry(invocation, int(CallFlags.None_))
        yield from pieces(run)
        if run.state is VmState.HALT:
            if len(run.results) != 1:
                raise LeakedException(_ARGUMENT, f"Smart contract {contract.hash} verification fault.")
            try:
                to_boolean(run.results[0])
            except VmFault as error:
                raise LeakedException(_INVALID_CAST, str(error)) from error
        self._left -= run.fee_consumed_datoshi
        if self._left <= 0:
            raise LeakedException(_INVALID_OPERATION, "Insufficient GAS.")
        self.fee += run.fee_consumed_datoshi


def _var_size(data: bytes) -> int:
    return len(BinaryWriter().var_bytes(data).to_bytes())
