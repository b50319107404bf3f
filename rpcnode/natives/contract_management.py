"""ContractManagement: deploys, updates and destroys contracts, and puts the native ones into the chain.

Source: neo 3.10.2, SmartContract/Native/ContractManagement.cs.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from rpcnode.execution.application_engine import PICO, Call, Steps
from rpcnode.execution.application_engine import ApplicationEngine as Run
from rpcnode.execution.contract import CONTRACT_MANAGEMENT_ID, CONTRACT_PREFIX, Contract
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.iterators import REMOVE_PREFIX, StorageIterator
from rpcnode.execution.parameters import INVALID_STATE, Int32
from rpcnode.execution.snapshot import Cell, Snapshot
from rpcnode.natives import policy_values
from rpcnode.natives.committee import assert_committee
from rpcnode.natives.deployment import (
    NO_MANIFEST,
    NO_NEF,
    check_manifest,
    check_script,
    manifest_from,
    nef_from,
)
from rpcnode.natives.native import NativeContract, NativeEvent, native_method
from rpcnode.natives.policy import block_account_internal, clean_whitelist
from rpcnode.payloads.flags import CallFlags, flags_text
from rpcnode.payloads.manifest import Manifest
from rpcnode.payloads.nef import Nef
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.verification import contract_hash
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem, integer_bytes, integer_of

DEFAULT_DEPLOYMENT_FEE: Final = 1_000_000_000  # datoshi
MAX_UPDATES: Final = 0xFFFF

_DEPLOYMENT_FEE_KEY: Final = b"\x14"
_NEXT_ID_KEY: Final = b"\x0f"
_HASH_PREFIX: Final = b"\x0c"
"""What the key of a contract's hash begins with; its id follows, 4 bytes, the most significant first."""

_INT64: Final = range(-(2**63), 2**63)
_STATES_AND_NOTIFY: Final = CallFlags.States | CallFlags.AllowNotify


class ContractManagement(NativeContract):
    """The contracts of the chain. A row of its storage for each, one for its hash by id, the fee, the next id."""

    id = CONTRACT_MANAGEMENT_ID
    name = "ContractManagement"
    events = (
        NativeEvent("Deploy", (("Hash", "Hash160"),)),
        NativeEvent("Update", (("Hash", "Hash160"),)),
        NativeEvent("Destroy", (("Hash", "Hash160"),)),
    )

    def initialize(self, run: Run, hardfork: Hardfork | None) -> None:
        """The fee and the first id."""
        if hardfork is None:
            run.storage.put(self.id, _DEPLOYMENT_FEE_KEY, integer_bytes(DEFAULT_DEPLOYMENT_FEE))
            run.storage.put(self.id, _NEXT_ID_KEY, integer_bytes(1))

    def on_persist(self, run: Run) -> Steps[None]:
        """Deploys and updates the native contracts whose hardfork comes with this block."""
        assert run.persisting is not None
        for native in run.natives.by_hash.values():
            hardforks = native.is_initialize_block(run.settings, run.persisting.index)
            if hardforks is None:
                continue
            state, before = native.state_at(run.settings, run.persisting.index), run.contract(native.hash)
            begun: list[Hardfork | None] = [*hardforks]
            if before is None:
                _put_contract(run.storage, state)
                run.storage.put(self.id, _hash_key(native.id), bytes(native.hash))
                if native.active_in is None:
                    begun.insert(0, None)
            else:
                counter = before.update_counter + 1
                _put_contract(
                    run.storage, replace(before, update_counter=counter, nef=state.nef, manifest=state.manifest)
                )
            for hardfork in begun:
                steps = native.initialize(run, hardfork)
                if steps is not None:
                    yield from steps
            run.notify(self.hash, "Deploy" if before is None else "Update", (bytes(native.hash),))

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates)
    def get_minimum_deployment_fee(self, run: Run) -> int:
        """The least that a deployment costs, in datoshi."""
        return _deployment_fee(run.storage)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.States)
    def set_minimum_deployment_fee(self, run: Run, value: int) -> None:
        """Sets the least that a deployment costs, in datoshi."""
        if value < 0:
            raise VmFault("cannot be negative (Parameter 'value')")
        assert_committee(run)
        run.storage.put(self.id, _DEPLOYMENT_FEE_KEY, integer_bytes(value))

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates)
    def get_contract(self, run: Run, hash: UInt160) -> Contract | None:  # noqa: A002 the parameter's name on the wire
        """The contract of a hash, if there is one."""
        return run.contract(hash)

    @native_method(cpu_fee=1 << 14, flags=CallFlags.ReadStates, active_in=Hardfork.Echidna)
    def is_contract(self, run: Run, hash: UInt160) -> bool:  # noqa: A002 the parameter's name on the wire
        """Whether there is a contract of that hash."""
        return run.is_contract(hash)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates)
    def get_contract_by_id(self, run: Run, id: Int32) -> Contract | None:  # noqa: A002 the parameter's name on the wire
        """The contract of an id, if there is one."""
        script_hash = run.storage.get(self.id, _hash_key(id))
        return None if script_hash is None else run.contract(UInt160(script_hash))

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates)
    def get_contract_hashes(self, run: Run) -> StorageIterator:
        """An iterator over ids, 4 bytes, and hashes of all contracts that are not native."""
        return StorageIterator(_hash_rows(run.storage), len(_HASH_PREFIX), REMOVE_PREFIX, run.storage)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates)
    def has_method(self, run: Run, hash: UInt160, method: str, pcount: Int32) -> bool:  # noqa: A002 as on the wire
        """Whether a contract has a method with that many parameters, with any number of them for -1."""
        contract = run.contract(hash)
        return contract is not None and contract.manifest.method(method, pcount) is not None

    @native_method(flags=_STATES_AND_NOTIFY, name="deploy")
    def deploy_without_data(self, run: Run, nef_file: bytes, manifest: bytes) -> Steps[Contract]:
        """Deploys a contract, whose `_deploy` gets Null."""
        return (yield from self._deploy(run, nef_file, manifest, None))

    @native_method(flags=_STATES_AND_NOTIFY)
    def deploy(self, run: Run, nef_file: bytes, manifest: bytes, data: StackItem) -> Steps[Contract]:
        """Deploys a contract, whose `_deploy` gets the data."""
        return (yield from self._deploy(run, nef_file, manifest, data))

    @native_method(flags=_STATES_AND_NOTIFY, name="update")
    def update_without_data(self, run: Run, nef_file: bytes | None, manifest: bytes | None) -> Steps[None]:
        """Replaces NEF, manifest or both of the contract that calls; its `_deploy` gets Null."""
        yield from self._update(run, nef_file, manifest, None)

    @native_method(flags=_STATES_AND_NOTIFY)
    def update(self, run: Run, nef_file: bytes | None, manifest: bytes | None, data: StackItem) -> Steps[None]:
        """Replaces NEF, manifest or both of the contract that calls; its `_deploy` gets the data."""
        yield from self._update(run, nef_file, manifest, data)

    @native_method(cpu_fee=1 << 15, flags=_STATES_AND_NOTIFY, name="destroy", deprecated_in=Hardfork.Gorgon)
    def destroy_before_gorgon(self, run: Run) -> Steps[None]:
        """Erases the contract that calls, and then blocks its account: it hears nothing of what it loses by that."""
        contract = self._calling_contract(run)
        if contract is not None:
            self._erase(run.storage, contract)
            yield from block_account_internal(run, contract.hash)
            clean_whitelist(run, contract)
            run.notify(self.hash, "Destroy", (bytes(contract.hash),))

    @native_method(cpu_fee=1 << 15, flags=_STATES_AND_NOTIFY, active_in=Hardfork.Gorgon)
    def destroy(self, run: Run) -> Steps[None]:
        """Blocks the account of the contract that calls, and then erases it."""
        contract = self._calling_contract(run)
        if contract is not None:
            yield from block_account_internal(run, contract.hash)
            clean_whitelist(run, contract)
            self._erase(run.storage, contract)
            run.notify(self.hash, "Destroy", (bytes(contract.hash),))

    def _deploy(self, run: Run, nef_file: bytes, manifest: bytes, data: StackItem) -> Steps[Contract]:
        _require_all_flags(run, "Deploy")
        if not isinstance(run.container, Transaction):
            raise VmFault(INVALID_STATE)
        if not nef_file:
            raise VmFault(NO_NEF)
        if not manifest:
            raise VmFault(NO_MANIFEST)
        storage = run.storage
        price = run.storage_price * (len(nef_file) + len(manifest))
        run.charge(max(price, _deployment_fee(storage)) * PICO)
        nef, parsed = nef_from(nef_file), manifest_from(manifest)
        _check_fit(run, nef, parsed)
        script_hash = contract_hash(run.container.sender, nef.checksum, parsed.name)
        if policy_values.is_blocked(storage, script_hash):
            raise VmFault(f"The contract {script_hash} has been blocked.")
        if run.is_contract(script_hash):
            raise VmFault(f"Contract Already Exists: {script_hash}")
        check_manifest(parsed, script_hash)
        contract = Contract(self._take_id(storage), 0, script_hash, nef, parsed)
        _put_contract(storage, contract)
        storage.put(self.id, _hash_key(contract.id), bytes(script_hash))
        yield from self._tell(run, contract, data, is_update=False)
        # What `_deploy` made of the contract is handed out, unless it has destroyed it.
        return run.contract(script_hash) or contract

    def _update(self, run: Run, nef_file: bytes | None, manifest: bytes | None, data: StackItem) -> Steps[None]:
        _require_all_flags(run, "Update")
        if nef_file is None and manifest is None:
            raise VmFault("NEF file and manifest cannot both be null.")
        run.charge(run.storage_price * PICO * (len(nef_file or b"") + len(manifest or b"")))
        contract = self._calling_contract(run)
        if contract is None:
            raise VmFault(f"Updating Contract Does Not Exist: {run.calling_script_hash}")
        if contract.update_counter == MAX_UPDATES:
            raise VmFault("The contract reached the maximum number of updates.")
        if nef_file is not None:
            if not nef_file:
                raise VmFault(NO_NEF)
            contract = replace(contract, nef=nef_from(nef_file))
        clean_whitelist(run, contract)
        if manifest is not None:
            contract = replace(contract, manifest=_updated_manifest(contract, manifest))
        _check_fit(run, contract.nef, contract.manifest)
        contract = replace(contract, update_counter=contract.update_counter + 1)
        _put_contract(run.storage, contract)
        yield from self._tell(run, contract, data, is_update=True)

    def _tell(self, run: Run, contract: Contract, data: StackItem, *, is_update: bool) -> Steps[None]:
        """Calls the `_deploy` of a contract that has one, and sends the event."""
        if contract.manifest.method("_deploy", 2) is not None:
            yield Call(self.hash, contract.hash, "_deploy", (data, is_update))
        run.notify(self.hash, "Update" if is_update else "Deploy", (bytes(contract.hash),))

    def _take_id(self, storage: Snapshot) -> int:
        next_id = integer_of(storage.get(self.id, _NEXT_ID_KEY) or b"")
        storage.put(self.id, _NEXT_ID_KEY, integer_bytes(next_id + 1))
        return next_id

    def _calling_contract(self, run: Run) -> Contract | None:
        calling = run.calling_script_hash
        return None if calling is None else run.contract(calling)

    def _erase(self, storage: Snapshot, contract: Contract) -> None:
        storage.delete(self.id, CONTRACT_PREFIX + contract.hash)
        storage.delete(self.id, _hash_key(contract.id))
        for key, _ in list(storage.find(contract.id, b"")):
            storage.delete(contract.id, key)


CONTRACT_MANAGEMENT: Final = ContractManagement()


def _hash_rows(storage: Snapshot) -> Iterator[tuple[bytes, Cell]]:
    """The hashes of contracts whose id is not negative, looked for once the first is asked for."""
    yield from (
        (key, cell)
        for key, cell in storage.cells(CONTRACT_MANAGEMENT_ID, _HASH_PREFIX)
        if key[len(_HASH_PREFIX)] < 0x80
    )


def _hash_key(contract_id: int) -> bytes:
    return _HASH_PREFIX + contract_id.to_bytes(4, "big", signed=True)


def _put_contract(storage: Snapshot, contract: Contract) -> None:
    storage.put(CONTRACT_MANAGEMENT_ID, CONTRACT_PREFIX + contract.hash, contract.serialize())


def _deployment_fee(storage: Snapshot) -> int:
    row = storage.get(CONTRACT_MANAGEMENT_ID, _DEPLOYMENT_FEE_KEY)
    if row is None:
        return DEFAULT_DEPLOYMENT_FEE
    fee = integer_of(row)
    if fee not in _INT64:
        raise VmFault("Value was either too large or too small for an Int64.")
    return fee


def _require_all_flags(run: Run, action: str) -> None:
    """From Aspidochelone on contracts are deployed and updated by who may do everything only."""
    flags = CallFlags(run.context.flags)
    if run.is_enabled(Hardfork.Aspidochelone) and flags != CallFlags.All:
        raise VmFault(f"Cannot call {action} with the flag {flags_text(flags)}.")


def _check_fit(run: Run, nef: Nef, manifest: Manifest) -> None:
    """From Basilisk on the script is read strictly."""
    check_script(nef.script, manifest, strict=run.is_enabled(Hardfork.Basilisk))


def _updated_manifest(contract: Contract, data: bytes) -> Manifest:
    if not data:
        raise VmFault(NO_MANIFEST)
    manifest = manifest_from(data)
    if manifest.name != contract.manifest.name:
        raise VmFault("The name of the contract can't be changed.")
    check_manifest(manifest, contract.hash)
    return manifest
