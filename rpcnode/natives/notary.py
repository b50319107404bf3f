"""Notary: deposits of GAS that pay for transactions which a notary completes, and the notaries' reward.

A deposit's key is prefix 01 and the account; its value a Struct of the amount, in datoshi, and the height at which it
can be withdrawn. Source: neo 3.10.2, SmartContract/Native/Notary.cs.
"""

from typing import Final

from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.parameters import UInt32, Width, to_width
from rpcnode.execution.serializers.binary import deserialize, serialize
from rpcnode.execution.signatures import verify_p256
from rpcnode.natives.committee import assert_committee, key_account
from rpcnode.natives.gas_token import GAS
from rpcnode.natives.native import Call, NativeContract, Run, Steps, native_method
from rpcnode.natives.policy_values import attribute_fee, max_valid_until_block_increment
from rpcnode.natives.roles import Role, designated
from rpcnode.payloads.attribute import NotaryAssisted
from rpcnode.payloads.flags import CallFlags
from rpcnode.payloads.signer import WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import to_boolean, to_bytes, to_integer
from rpcnode.vm.items import Array, StackItem, Struct, integer_bytes, integer_of

DEFAULT_MAX_NOT_VALID_BEFORE_DELTA: Final = 140  # blocks
DEFAULT_LOCK: Final = 5760  # blocks that a deposit is locked which somebody else made

_DEPOSIT_PREFIX: Final = b"\x01"
_MAX_DELTA_KEY: Final = b"\x0a"
_SIGNATURE_SIZE: Final = 64
_UINT32: Final = Width("UInt32", 32, is_signed=False)


@dataclass(frozen=True, slots=True)
class Deposit:
    """What an account has deposited, in datoshi, and from which height on it can have it back."""

    amount: int
    till: int


class Notary(NativeContract):
    """Deposits for transactions that a notary completes."""

    id = -10
    name = "Notary"
    active_in = Hardfork.Echidna
    update_hardforks = (Hardfork.Faun,)  # for its standards

    def standards(self, enabled: frozenset[Hardfork]) -> tuple[str, ...]:
        """It takes NEP-17 tokens, and from Faun on says that it verifies."""
        return ("NEP-27", "NEP-30") if Hardfork.Faun in enabled else ("NEP-27",)

    def initialize(self, run: Run, hardfork: Hardfork | None) -> None:
        """Writes the delta that a new network begins with."""
        if hardfork is self.active_in:
            run.storage.put(self.id, _MAX_DELTA_KEY, integer_bytes(DEFAULT_MAX_NOT_VALID_BEFORE_DELTA))

    def on_persist(self, run: Run) -> Steps[None]:
        """Takes the fees of transactions that it sends from deposits, and shares the attributes' fee among notaries.

        Raises VmFault where a deposit does not pay for its transaction.
        """
        assert run.persisting is not None
        fee_count = 0
        for transaction in run.persisting.transactions:
            attribute = _notary_assisted(transaction)
            if attribute is None:
                continue
            fee_count += attribute.key_count + 1
            if transaction.sender == self.hash:
                self._pay(run, transaction)
        if not fee_count:
            return
        notaries = _notaries(run)
        if not notaries:
            raise VmFault("Attempted to divide by zero.")
        reward = fee_count * attribute_fee(run.storage, NotaryAssisted.type) // len(notaries)
        for notary in notaries:
            yield from GAS.mint(run, key_account(notary), reward, False)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates)
    def verify(self, run: Run, signature: bytes) -> bool:
        """Whether a notary has signed the transaction; and, where Notary sends it, whether the deposit pays for it."""
        transaction = run.container
        if len(signature) != _SIGNATURE_SIZE or not isinstance(transaction, Transaction):
            return False
        if _notary_assisted(transaction) is None:
            return False
        if any(signer.account == self.hash and signer.scopes != WitnessScope.None_ for signer in transaction.signers):
            return False
        if transaction.sender == self.hash:
            if len(transaction.signers) != 2:
                return False
            deposit = _deposit_of(run, transaction.signers[1].account)
            if deposit is None or deposit.amount < _fees(transaction):
                return False
        message = transaction.sign_data(run.settings.network)
        return any(verify_p256(message, signature, notary) for notary in _notaries(run))

    @native_method(cpu_fee=1 << 15, flags=CallFlags.States, name="onNEP17Payment")
    def on_nep17_payment(self, run: Run, from_: UInt160, amount: int, data: StackItem) -> None:
        """Takes GAS as a deposit. `data` is the owner, null for the sender, and the height until which it is locked.

        Only the owner's own transaction chooses that height; it never goes down.
        """
        if run.calling_script_hash != GAS.hash:
            raise VmFault(f"only GAS can be accepted for deposit, got {run.calling_script_hash}")
        if not isinstance(data, Array) or len(data.items) != 2:
            raise VmFault("`data` parameter should be an array of 2 elements")
        owner = from_ if data.items[0] is None else _owner(data.items[0])
        till = to_width(data.items[1], _UINT32)
        assert isinstance(run.container, Transaction)
        is_own = run.container.sender == owner
        height = run.ledger.current_index
        if till < height + 2:
            raise _out_of_range(f"`till` shouldn't be less than the chain's height {height + 1} + 1")
        deposit = _deposit_of(run, owner)
        if deposit is not None and till < deposit.till:
            raise _out_of_range(f"`till` shouldn't be less than the previous value {deposit.till}")
        if deposit is None:
            least = 2 * attribute_fee(run.storage, NotaryAssisted.type)
            if amount < least:
                raise _out_of_range(f"first deposit can not be less than {least}, got {amount}")
            deposit = Deposit(0, till if is_own else height + DEFAULT_LOCK)
        elif is_own:
            deposit = Deposit(deposit.amount, till)
        _put_deposit(run, owner, Deposit(deposit.amount + amount, deposit.till))

    @native_method(cpu_fee=1 << 15, flags=CallFlags.States)
    def lock_deposit_until(self, run: Run, account: UInt160, till: UInt32) -> bool:
        """Locks a deposit up to a height; false without witness or deposit, or for a height that is too low."""
        if not run.check_witness(account):
            return False
        if till < run.ledger.current_index + 2:
            return False
        deposit = _deposit_of(run, account)
        if deposit is None or till < deposit.till:
            return False
        _put_deposit(run, account, Deposit(deposit.amount, till))
        return True

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates)
    def expiration_of(self, run: Run, account: UInt160) -> int:
        """The height from which on a deposit can be withdrawn, 0 without one."""
        deposit = _deposit_of(run, account)
        return 0 if deposit is None else deposit.till

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates)
    def balance_of(self, run: Run, account: UInt160) -> int:
        """The amount of a deposit, in datoshi, 0 without one."""
        deposit = _deposit_of(run, account)
        return 0 if deposit is None else deposit.amount

    @native_method(cpu_fee=1 << 15, flags=CallFlags.All)
    def withdraw(self, run: Run, from_: UInt160, to: UInt160 | None) -> Steps[bool]:
        """Sends a deposit back, to the account `to` or to its owner; false without witness or while it is locked."""
        if not run.check_witness(from_):
            return False
        receiver = from_ if to is None else to
        deposit = _deposit_of(run, from_)
        if deposit is None or run.ledger.current_index < deposit.till:
            return False
        run.storage.delete(self.id, _DEPOSIT_PREFIX + from_)
        payment: tuple[StackItem, ...] = (bytes(self.hash), bytes(receiver), deposit.amount, None)
        moved = yield Call(self.hash, GAS.hash, "transfer", payment, returns=True)
        if not to_boolean(moved):
            raise VmFault(f"Transfer to {receiver} has failed")
        return True

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates)
    def get_max_not_valid_before_delta(self, run: Run) -> int:
        """How many blocks after its NotValidBefore a transaction may be valid that a notary completes."""
        row = run.storage.get(self.id, _MAX_DELTA_KEY)
        return DEFAULT_MAX_NOT_VALID_BEFORE_DELTA if row is None else integer_of(row)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.States)
    def set_max_not_valid_before_delta(self, run: Run, value: UInt32) -> None:
        """Sets it: at least as many as there are validators, at most half of the valid-until increment."""
        most = max_valid_until_block_increment(run.storage, run.settings) // 2
        least = run.settings.validators_count
        if not least <= value <= most:
            raise VmFault(f"MaxNotValidBeforeDelta cannot be more than {most} or less than {least}")
        assert_committee(run)
        run.storage.put(self.id, _MAX_DELTA_KEY, integer_bytes(value))

    def _pay(self, run: Run, transaction: Transaction) -> None:
        """Takes a transaction's fees from the deposit of its second signer; an empty deposit's row goes."""
        payer = transaction.signers[1].account
        deposit = _deposit_of(run, payer)
        fees = _fees(transaction)
        if deposit is None or deposit.amount < fees:
            raise VmFault(f"The deposit of {payer} does not pay for transaction {transaction.hash}")
        if deposit.amount == fees:
            run.storage.delete(self.id, _DEPOSIT_PREFIX + payer)
        else:
            _put_deposit(run, payer, Deposit(deposit.amount - fees, deposit.till))


NOTARY: Final = Notary()


def _notary_assisted(transaction: Transaction) -> NotaryAssisted | None:
    return next((attribute for attribute in transaction.attributes if isinstance(attribute, NotaryAssisted)), None)


def _fees(transaction: Transaction) -> int:
    return transaction.system_fee_datoshi + transaction.network_fee_datoshi


def _notaries(run: Run) -> tuple[ECPoint, ...]:
    """The notaries of the next block."""
    return designated(run.storage, Role.P2PNotary, run.ledger.current_index + 1)


def _owner(item: StackItem) -> UInt160:
    """The first 20 bytes of an item, read as 8, 8 and 4. Raises VmFault, in the reader's words, for fewer."""
    data = bytes(to_bytes(item))
    for position, size in ((0, 8), (8, 8), (16, 4)):
        if position + size > len(data):
            raise VmFault(f"Position {position} + Wanted {size} is exceeded boundary({len(data)})")
    return UInt160(data[:20])


def _deposit_of(run: Run, account: UInt160) -> Deposit | None:
    row = run.storage.get(NOTARY.id, _DEPOSIT_PREFIX + account)
    if row is None:
        return None
    item = deserialize(row)
    assert isinstance(item, Struct), row.hex()
    return Deposit(to_integer(item.items[0]), to_integer(item.items[1]))


def _put_deposit(run: Run, account: UInt160, deposit: Deposit) -> None:
    run.storage.put(NOTARY.id, _DEPOSIT_PREFIX + account, serialize(Struct((deposit.amount, deposit.till))))


def _out_of_range(what: str) -> VmFault:
    return VmFault(f"Specified argument was out of the range of valid values. (Parameter '{what}')")
