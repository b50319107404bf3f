"""System.Storage: a contract's own rows.

Source: neo 3.10.2, SmartContract/ApplicationEngine.Storage.cs.
"""

from typing import Final

from rpcnode.execution.application_engine import PICO
from rpcnode.execution.application_engine import ApplicationEngine as Run
from rpcnode.execution.iterators import FindOptions, StorageIterator, check_options
from rpcnode.execution.parameters import Byte
from rpcnode.execution.storage_context import StorageContext
from rpcnode.primitives.errors import VmFault
from rpcnode.vm.items import InteropInterface

MAX_KEY_SIZE: Final = 64
MAX_VALUE_SIZE: Final = 65535


def get_context(run: Run) -> InteropInterface:
    """The storage of the contract that runs."""
    return InteropInterface(StorageContext(_own_id(run), False))


def get_read_only_context(run: Run) -> InteropInterface:
    """The storage of the contract that runs, to read only."""
    return InteropInterface(StorageContext(_own_id(run), True))


def as_read_only(run: Run, context: StorageContext) -> InteropInterface:
    """A storage to read only; one that is so already is itself."""
    return InteropInterface(context if context.is_read_only else StorageContext(context.contract_id, True))


def get(run: Run, context: StorageContext, key: bytes) -> bytes | None:
    """The value under a key of any size, None where there is none."""
    return run.storage.get(context.contract_id, key)


def get_local(run: Run, key: bytes) -> bytes | None:
    """`get` in the storage of the contract that runs."""
    return run.storage.get(_own_id(run), key)


def find(run: Run, context: StorageContext, prefix: bytes, options: Byte) -> InteropInterface:
    """An iterator over the rows whose keys begin with a prefix; it takes them at its first Next."""
    return _find(run, context.contract_id, prefix, options)


def find_local(run: Run, prefix: bytes, options: Byte) -> InteropInterface:
    """`find` in the storage of the contract that runs."""
    return _find(run, _own_id(run), prefix, options)


def put(run: Run, context: StorageContext, key: bytes, value: bytes) -> None:
    """Writes a value; what it costs depends on the one before."""
    _put(run, context.contract_id, key, value, context.is_read_only)


def put_local(run: Run, key: bytes, value: bytes) -> None:
    """`put` in the storage of the contract that runs."""
    _put(run, _own_id(run), key, value, False)


def delete(run: Run, context: StorageContext, key: bytes) -> None:
    """Deletes a row, if there is one under that key."""
    if context.is_read_only:
        raise VmFault("StorageContext is read-only (Parameter 'context')")
    run.storage.delete(context.contract_id, key)


def delete_local(run: Run, key: bytes) -> None:
    """`delete` in the storage of the contract that runs."""
    run.storage.delete(_own_id(run), key)


def _own_id(run: Run) -> int:
    contract = run.contract(run.current_script_hash)
    if contract is None:
        raise VmFault("This method can only be called by a deployed contract.")
    return contract.id


def _find(run: Run, contract_id: int, prefix: bytes, options: int) -> InteropInterface:
    check_options(options)
    layer = run.storage
    rows = layer.cells(contract_id, prefix, bool(options & FindOptions.Backwards))
    return InteropInterface(StorageIterator(rows, len(prefix), options, layer))


def _put(run: Run, contract_id: int, key: bytes, value: bytes, is_read_only: bool) -> None:
    if len(key) > MAX_KEY_SIZE:
        raise VmFault(f"Key length {len(key)} exceeds maximum allowed size of {MAX_KEY_SIZE} bytes. (Parameter 'key')")
    size = len(value)
    if size > MAX_VALUE_SIZE:
        raise VmFault(
            f"Value length {size} exceeds maximum allowed size of {MAX_VALUE_SIZE} bytes. (Parameter 'value')"
        )
    if is_read_only:
        raise VmFault("StorageContext is read-only (Parameter 'context')")
    storage = run.storage
    if not run.context.is_whitelisted:
        run.charge(charged_bytes(len(key), storage.get(contract_id, key), size) * run.storage_price * PICO)
    storage.put(contract_id, key, value)


def charged_bytes(key_size: int, old: bytes | None, size: int) -> int:
    """The bytes that a value of some size is paid for which is put over another, or over none."""
    if old is None:
        return key_size + size
    if size == 0:
        return 0
    if size <= len(old):
        return (size - 1) // 4 + 1
    return (len(old) - 1) // 4 + 1 + size - len(old) if old else size
