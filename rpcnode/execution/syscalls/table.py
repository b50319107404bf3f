"""All system calls: price in units of opcode prices, call flags that the caller needs, and what each does.

Source: neo 3.10.2, SmartContract/ApplicationEngine.Contract.cs, .Crypto.cs, .Iterator.cs, .Runtime.cs, .Storage.cs.
"""

from typing import Final

from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.native_set import Syscall
from rpcnode.execution.syscalls import contract, crypto, iterator, notifications, runtime, storage_calls
from rpcnode.execution.syscalls.binding import Row
from rpcnode.payloads.flags import CallFlags

NONE: Final = CallFlags.None_
READ: Final = CallFlags.ReadStates
WRITE: Final = CallFlags.WriteStates
CALL: Final = CallFlags.AllowCall
NOTIFY: Final = CallFlags.AllowNotify
FAUN: Final = Hardfork.Faun

ROWS: Final = (
    Row("System.Contract.Call", 1 << 15, READ | CALL, contract.call),
    Row("System.Contract.CallNative", 0, NONE, contract.call_native),
    Row("System.Contract.GetCallFlags", 1 << 10, NONE, contract.get_call_flags),
    Row("System.Contract.CreateStandardAccount", 0, NONE, contract.create_standard_account),
    Row("System.Contract.CreateMultisigAccount", 0, NONE, contract.create_multisig_account),
    Row("System.Contract.NativeOnPersist", 0, READ | WRITE, contract.native_on_persist),
    Row("System.Contract.NativePostPersist", 0, READ | WRITE, contract.native_post_persist),
    Row("System.Crypto.CheckSig", 1 << 15, NONE, crypto.check_sig),
    Row("System.Crypto.CheckMultisig", 0, NONE, crypto.check_multisig),
    Row("System.Iterator.Next", 1 << 15, NONE, iterator.advance),
    Row("System.Iterator.Value", 1 << 4, NONE, iterator.value),
    Row("System.Runtime.Platform", 1 << 3, NONE, runtime.platform),
    Row("System.Runtime.GetNetwork", 1 << 3, NONE, runtime.get_network),
    Row("System.Runtime.GetAddressVersion", 1 << 3, NONE, runtime.get_address_version),
    Row("System.Runtime.GetTrigger", 1 << 3, NONE, runtime.get_trigger),
    Row("System.Runtime.GetTime", 1 << 3, NONE, runtime.get_time),
    Row("System.Runtime.GetScriptContainer", 1 << 3, NONE, runtime.get_script_container),
    Row("System.Runtime.GetExecutingScriptHash", 1 << 4, NONE, runtime.get_executing_script_hash),
    Row("System.Runtime.GetCallingScriptHash", 1 << 4, NONE, runtime.get_calling_script_hash),
    Row("System.Runtime.GetEntryScriptHash", 1 << 4, NONE, runtime.get_entry_script_hash),
    Row("System.Runtime.LoadScript", 1 << 15, CALL, runtime.load_script),
    Row("System.Runtime.CheckWitness", 1 << 10, NONE, runtime.check_witness),
    Row("System.Runtime.GetInvocationCounter", 1 << 4, NONE, runtime.get_invocation_counter),
    Row("System.Runtime.GetRandom", 0, NONE, runtime.get_random),
    Row("System.Runtime.Log", 1 << 15, NOTIFY, runtime.log),
    Row("System.Runtime.Notify", 1 << 15, NOTIFY, notifications.notify),
    Row("System.Runtime.GetNotifications", 1 << 12, NONE, notifications.get_notifications),
    Row("System.Runtime.GasLeft", 1 << 4, NONE, runtime.gas_left),
    Row("System.Runtime.BurnGas", 1 << 4, NONE, runtime.burn_gas),
    Row("System.Runtime.CurrentSigners", 1 << 4, NONE, runtime.current_signers),
    Row("System.Storage.GetContext", 1 << 4, READ, storage_calls.get_context),
    Row("System.Storage.GetReadOnlyContext", 1 << 4, READ, storage_calls.get_read_only_context),
    Row("System.Storage.AsReadOnly", 1 << 4, READ, storage_calls.as_read_only),
    Row("System.Storage.Get", 1 << 15, READ, storage_calls.get),
    Row("System.Storage.Find", 1 << 15, READ, storage_calls.find),
    Row("System.Storage.Put", 1 << 15, WRITE, storage_calls.put),
    Row("System.Storage.Delete", 1 << 15, WRITE, storage_calls.delete),
    Row("System.Storage.Local.Get", 1 << 15, READ, storage_calls.get_local, FAUN),
    Row("System.Storage.Local.Find", 1 << 15, READ, storage_calls.find_local, FAUN),
    Row("System.Storage.Local.Put", 1 << 15, WRITE, storage_calls.put_local, FAUN),
    Row("System.Storage.Local.Delete", 1 << 15, WRITE, storage_calls.delete_local, FAUN),
)

SYSCALLS: Final[dict[int, Syscall]] = {row.number: row.bound() for row in ROWS}
"""The system calls by the number that SYSCALL has."""

ROW_OF: Final[dict[int, Row]] = {row.number: row for row in ROWS}
"""How each was declared, by the same number."""
