"""PolicyContract: what the committee sets for all: fees, the block time, limits, blocked accounts, fixed fees.

Source: neo 3.10.2, SmartContract/Native/PolicyContract.cs.
"""

from collections.abc import Callable, Mapping
from typing import Final

from rpcnode.execution.contract import Contract
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.iterators import FindOptions, StorageIterator
from rpcnode.execution.parameters import Byte, Int32, Int64, UInt32, UInt64
from rpcnode.natives import fee_whitelist
from rpcnode.natives import policy_values as values
from rpcnode.natives.blocked_accounts import (
    block_account_internal,
    check_recoverable,
    date_blocked_accounts,
    unblock_account,
)
from rpcnode.natives.committee import assert_almost_full_committee, assert_committee
from rpcnode.natives.native import Call, NativeContract, NativeEvent, Run, Steps, native_method
from rpcnode.natives.treasury import TREASURY
from rpcnode.payloads.attribute import TransactionAttributeType
from rpcnode.payloads.flags import CallFlags
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import to_boolean, to_integer
from rpcnode.vm.items import StackItem, integer_bytes

__all__ = ["POLICY", "PolicyContract", "block_account_internal", "clean_whitelist"]

MAX_EXEC_FEE_FACTOR: Final = 100  # datoshi
MAX_FEE_PER_BYTE: Final = 100_000_000  # datoshi
MAX_ATTRIBUTE_FEE: Final = 1_000_000_000  # datoshi
MAX_STORAGE_PRICE: Final = 10_000_000  # datoshi
MAX_MS_PER_BLOCK: Final = 30_000
MAX_MAX_VALID_UNTIL_BLOCK_INCREMENT: Final = 86_400
MAX_MAX_TRACEABLE_BLOCKS: Final = 2_102_400

_ATTRIBUTES: Final = frozenset(map(int, TransactionAttributeType))
_ATTRIBUTES_BEFORE_ECHIDNA: Final = _ATTRIBUTES - {TransactionAttributeType.NotaryAssisted}


class PolicyContract(NativeContract):
    """What the committee sets for all. Arguments are checked before the committee's witness is."""

    id = values.POLICY_ID
    name = "PolicyContract"
    events = (
        NativeEvent(
            "MillisecondsPerBlockChanged", (("old", "Integer"), ("new", "Integer")), active_in=Hardfork.Echidna
        ),
        NativeEvent(
            fee_whitelist.CHANGED_EVENT,
            (("contract", "Hash160"), ("method", "String"), ("argCount", "Integer"), ("fee", "Any")),
            active_in=Hardfork.Faun,
        ),
        NativeEvent("RecoveredFund", (("account", "Hash160"),), active_in=Hardfork.Faun),
    )

    def initialize(self, run: Run, hardfork: Hardfork | None) -> None:
        """Writes the rows that come with a hardfork, None for those of the first block."""
        start = _STARTS.get(hardfork)
        if start is not None:
            start(run)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates, is_plain=True)
    def get_fee_per_byte(self, run: Run) -> int:
        """The network fee for a byte of a transaction, in datoshi."""
        return values.fee_per_byte(run.storage)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates, is_plain=True)
    def get_exec_fee_factor(self, run: Run) -> int:
        """What one unit of price costs, in datoshi, without its fraction."""
        factor = self._exec_fee_factor(run)
        return factor // values.PICO if run.is_enabled(Hardfork.Faun) else factor

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates, active_in=Hardfork.Faun)
    def get_exec_pico_fee_factor(self, run: Run) -> int:
        """What one unit of price costs, in pico-GAS."""
        return self._exec_fee_factor(run)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates, is_plain=True)
    def get_storage_price(self, run: Run) -> int:
        """The price of a byte of storage, in datoshi."""
        return values.storage_price(run.storage)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates, active_in=Hardfork.Echidna)
    def get_milliseconds_per_block(self, run: Run) -> int:
        """The time between two blocks, in ms."""
        return values.ms_per_block(run.storage, run.settings)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates, active_in=Hardfork.Echidna)
    def get_max_valid_until_block_increment(self, run: Run) -> int:
        """How many blocks ahead a transaction's last block may be."""
        return values.max_valid_until_block_increment(run.storage, run.settings)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates, active_in=Hardfork.Echidna)
    def get_max_traceable_blocks(self, run: Run) -> int:
        """How many blocks back contracts can see."""
        return values.max_traceable_blocks(run.storage, run.settings)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates, name="getAttributeFee", deprecated_in=Hardfork.Echidna)
    def get_attribute_fee_before_echidna(self, run: Run, attribute_type: Byte) -> int:
        """The network fee for an attribute of a type, in datoshi."""
        _check_attribute(attribute_type, _ATTRIBUTES_BEFORE_ECHIDNA)
        return values.attribute_fee(run.storage, attribute_type)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates, active_in=Hardfork.Echidna)
    def get_attribute_fee(self, run: Run, attribute_type: Byte) -> int:
        """The network fee for an attribute of a type, NotaryAssisted too, in datoshi."""
        _check_attribute(attribute_type, _ATTRIBUTES)
        return values.attribute_fee(run.storage, attribute_type)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates)
    def is_blocked(self, run: Run, account: UInt160) -> bool:
        """Whether an account is blocked."""
        return values.is_blocked(run.storage, account)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.States)
    def set_fee_per_byte(self, run: Run, value: Int64) -> None:
        """Sets the network fee for a byte of a transaction, in datoshi."""
        _check_range("FeePerByte", value, 0, MAX_FEE_PER_BYTE)
        assert_committee(run)
        _put(run, values.FEE_PER_BYTE_KEY, value)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.States)
    def set_exec_fee_factor(self, run: Run, value: UInt64) -> None:
        """Sets what one unit of price costs, from Faun on in pico-GAS. The run goes on at the old price."""
        unit = values.PICO if run.is_enabled(Hardfork.Faun) else 1
        _check_range("ExecFeeFactor", value, 1, MAX_EXEC_FEE_FACTOR * unit)
        assert_committee(run)
        _put(run, values.EXEC_FEE_FACTOR_KEY, value)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.States)
    def set_storage_price(self, run: Run, value: UInt32) -> None:
        """Sets the price of a byte of storage, in datoshi."""
        _check_range("StoragePrice", value, 1, MAX_STORAGE_PRICE)
        assert_committee(run)
        _put(run, values.STORAGE_PRICE_KEY, value)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.States | CallFlags.AllowNotify, active_in=Hardfork.Echidna)
    def set_milliseconds_per_block(self, run: Run, value: UInt32) -> None:
        """Sets the time between two blocks, in ms."""
        _check_range("MillisecondsPerBlock", value, 1, MAX_MS_PER_BLOCK)
        assert_committee(run)
        before = values.ms_per_block(run.storage, run.settings)
        _put(run, values.MS_PER_BLOCK_KEY, value)
        run.notify(self.hash, "MillisecondsPerBlockChanged", (before, value))

    @native_method(cpu_fee=1 << 15, flags=CallFlags.States, active_in=Hardfork.Echidna)
    def set_max_valid_until_block_increment(self, run: Run, value: UInt32) -> None:
        """Sets how many blocks ahead a transaction's last block may be: fewer than contracts see back."""
        _check_range("MaxValidUntilBlockIncrement", value, 1, MAX_MAX_VALID_UNTIL_BLOCK_INCREMENT)
        traceable = values.max_traceable_blocks(run.storage, run.settings)
        if value >= traceable:
            raise VmFault(f"MaxValidUntilBlockIncrement must be lower than MaxTraceableBlocks ({value} vs {traceable})")
        assert_committee(run)
        _put(run, values.MAX_VALID_UNTIL_BLOCK_INCREMENT_KEY, value)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.States, active_in=Hardfork.Echidna)
    def set_max_traceable_blocks(self, run: Run, value: UInt32) -> None:
        """Sets how many blocks back contracts can see: never more than before."""
        _check_range("MaxTraceableBlocks", value, 1, MAX_MAX_TRACEABLE_BLOCKS)
        before = values.max_traceable_blocks(run.storage, run.settings)
        if value > before:
            raise VmFault(f"MaxTraceableBlocks can not be increased (old {before}, new {value})")
        increment = values.max_valid_until_block_increment(run.storage, run.settings)
        if value <= increment:
            raise VmFault(
                f"MaxTraceableBlocks must be larger than MaxValidUntilBlockIncrement ({value} vs {increment})"
            )
        assert_committee(run)
        _put(run, values.MAX_TRACEABLE_BLOCKS_KEY, value)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.States, name="setAttributeFee", deprecated_in=Hardfork.Echidna)
    def set_attribute_fee_before_echidna(self, run: Run, attribute_type: Byte, value: UInt32) -> None:
        """Sets the network fee for an attribute of a type, in datoshi."""
        _set_attribute_fee(run, attribute_type, value, _ATTRIBUTES_BEFORE_ECHIDNA)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.States, active_in=Hardfork.Echidna)
    def set_attribute_fee(self, run: Run, attribute_type: Byte, value: UInt32) -> None:
        """Sets the network fee for an attribute of a type, NotaryAssisted too, in datoshi."""
        _set_attribute_fee(run, attribute_type, value, _ATTRIBUTES)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.States, deprecated_in=Hardfork.Faun)
    @native_method(cpu_fee=1 << 15, flags=CallFlags.States | CallFlags.AllowNotify, active_in=Hardfork.Faun)
    def block_account(self, run: Run, account: UInt160) -> Steps[bool]:
        """Blocks an account; False for one that is blocked already."""
        assert_committee(run)
        return (yield from block_account_internal(run, account))

    @native_method(cpu_fee=1 << 15, flags=CallFlags.States)
    def unblock_account(self, run: Run, account: UInt160) -> bool:
        """Takes a blocking back; False for an account that is not blocked."""
        assert_committee(run)
        return unblock_account(run, account)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates, active_in=Hardfork.Faun)
    def get_blocked_accounts(self, run: Run) -> StorageIterator:
        """An iterator over the blocked accounts."""
        rows = run.storage.cells(self.id, values.BLOCKED_PREFIX)
        return StorageIterator(
            rows, len(values.BLOCKED_PREFIX), FindOptions.RemovePrefix | FindOptions.KeysOnly, run.storage
        )

    @native_method(cpu_fee=1 << 15, flags=CallFlags.All, active_in=Hardfork.Faun)
    def recover_fund(self, run: Run, account: UInt160, token: UInt160) -> Steps[bool]:
        """Sends what an account holds of a token to Treasury, a year after it was blocked; False if that is nothing."""
        assert_almost_full_committee(run)
        check_recoverable(run, account)
        contract = run.contract(token)
        if contract is None:
            raise VmFault(f"Contract {token} does not exist.")
        if "NEP-17" not in contract.manifest.supported_standards:
            raise VmFault(f"Contract {token} does not implement NEP-17 standard.")
        owner = bytes(account)
        balance = to_integer(_given((yield Call(account, token, "balanceOf", (owner,), returns=True))))
        if balance <= 0:
            return False
        payment: tuple[StackItem, ...] = (owner, bytes(TREASURY.hash), balance, None)
        moved = to_boolean(_given((yield Call(account, token, "transfer", payment, returns=True))))
        if not moved:
            raise VmFault(f"Transfer of {balance} from {account} to {TREASURY.hash} failed in contract {token}.")
        run.notify(self.hash, "RecoveredFund", (owner,))
        return True

    @native_method(cpu_fee=1 << 15, flags=CallFlags.States | CallFlags.AllowNotify, active_in=Hardfork.Faun)
    def set_whitelist_fee_contract(
        self, run: Run, contract_hash: UInt160, method: str, arg_count: Int32, fixed_fee: Int64
    ) -> None:
        """Gives a method a fixed fee, in datoshi."""
        fee_whitelist.set_fixed_fee(run, self.hash, contract_hash, method, arg_count, fixed_fee)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.States | CallFlags.AllowNotify, active_in=Hardfork.Faun)
    def remove_whitelist_fee_contract(self, run: Run, contract_hash: UInt160, method: str, arg_count: Int32) -> None:
        """Takes its fixed fee from a method."""
        fee_whitelist.remove_fixed_fee(run, self.hash, contract_hash, method, arg_count)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates, active_in=Hardfork.Faun)
    def get_whitelist_fee_contracts(self, run: Run) -> StorageIterator:
        """An iterator over the methods with a fixed fee: Structs of hash, method, number of parameters, fee."""
        options = FindOptions.RemovePrefix | FindOptions.ValuesOnly | FindOptions.DeserializeValues
        rows = run.storage.cells(self.id, values.WHITELIST_PREFIX)
        return StorageIterator(rows, len(values.WHITELIST_PREFIX), options, run.storage)

    def _exec_fee_factor(self, run: Run) -> int:
        """The factor as its row has it."""
        stored = values.stored_exec_fee_factor(run.storage)
        if stored is not None:
            return stored
        return values.DEFAULT_EXEC_FEE_FACTOR * (values.PICO if run.is_enabled(Hardfork.Faun) else 1)


POLICY: Final = PolicyContract()


def clean_whitelist(run: Run, contract: Contract) -> int:
    """Takes the fixed fees from all methods of a contract that is updated or destroyed; answers how many there were."""
    return fee_whitelist.clean_fixed_fees(run, POLICY.hash, contract.hash)


def _start(run: Run) -> None:
    _put(run, values.FEE_PER_BYTE_KEY, values.DEFAULT_FEE_PER_BYTE)
    _put(run, values.EXEC_FEE_FACTOR_KEY, values.DEFAULT_EXEC_FEE_FACTOR)
    _put(run, values.STORAGE_PRICE_KEY, values.DEFAULT_STORAGE_PRICE)


def _start_echidna(run: Run) -> None:
    notary_assisted = bytes((TransactionAttributeType.NotaryAssisted,))
    _put(run, values.ATTRIBUTE_FEE_PREFIX + notary_assisted, values.DEFAULT_NOTARY_ASSISTED_FEE)
    _put(run, values.MS_PER_BLOCK_KEY, run.settings.ms_per_block)
    _put(run, values.MAX_VALID_UNTIL_BLOCK_INCREMENT_KEY, run.settings.max_valid_until_block_increment)
    _put(run, values.MAX_TRACEABLE_BLOCKS_KEY, run.settings.max_traceable_blocks)


def _start_faun(run: Run) -> None:
    stored = values.stored_exec_fee_factor(run.storage)
    if stored is None:
        raise VmFault("Policy was not initialized")
    _put(run, values.EXEC_FEE_FACTOR_KEY, stored * values.PICO)
    date_blocked_accounts(run)


_STARTS: Final[Mapping[Hardfork | None, Callable[[Run], None]]] = {
    None: _start,
    Hardfork.Echidna: _start_echidna,
    Hardfork.Faun: _start_faun,
}


def _set_attribute_fee(run: Run, attribute_type: int, value: int, known: frozenset[int]) -> None:
    _check_attribute(attribute_type, known)
    if value > MAX_ATTRIBUTE_FEE:
        raise VmFault(f"AttributeFee must be less than {MAX_ATTRIBUTE_FEE} (Parameter 'value')")
    assert_committee(run)
    _put(run, values.ATTRIBUTE_FEE_PREFIX + bytes((attribute_type,)), value)


def _check_attribute(attribute_type: int, known: frozenset[int]) -> None:
    if attribute_type not in known:
        raise VmFault(f"Attribute type {attribute_type} is not supported.")


def _check_range(what: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise VmFault(f"{what} must be between [{least}, {most}], got {value} (Parameter 'value')")


def _given(item: StackItem) -> StackItem:
    """The result of a contract that was asked for one."""
    if item is None:
        raise VmFault("The argument `` can't be null.")
    return item


def _put(run: Run, key: bytes, value: int) -> None:
    run.storage.put(values.POLICY_ID, key, integer_bytes(value))
