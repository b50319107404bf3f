"""How many arguments each service takes, and whether it answers: what traces show of a system call.

Source: neo 3.10.2, SmartContract/ApplicationEngine.*.cs: the parameters and results of the registered handlers.
"""

from typing import Final, NamedTuple

from rpcnode.vm.script_builder import syscall_id


class TracedSyscall(NamedTuple):
    """A service as traces show it."""

    name: str
    parameters: int
    has_result: bool


_WITH_RESULT: Final = (
    ("System.Contract.CreateMultisigAccount", 2),
    ("System.Contract.CreateStandardAccount", 1),
    ("System.Contract.GetCallFlags", 0),
    ("System.Crypto.CheckMultisig", 2),
    ("System.Crypto.CheckSig", 2),
    ("System.Iterator.Next", 1),
    ("System.Iterator.Value", 1),
    ("System.Runtime.CheckWitness", 1),
    ("System.Runtime.CurrentSigners", 0),
    ("System.Runtime.GasLeft", 0),
    ("System.Runtime.GetAddressVersion", 0),
    ("System.Runtime.GetCallingScriptHash", 0),
    ("System.Runtime.GetEntryScriptHash", 0),
    ("System.Runtime.GetExecutingScriptHash", 0),
    ("System.Runtime.GetInvocationCounter", 0),
    ("System.Runtime.GetNetwork", 0),
    ("System.Runtime.GetNotifications", 1),
    ("System.Runtime.GetRandom", 0),
    ("System.Runtime.GetScriptContainer", 0),
    ("System.Runtime.GetTime", 0),
    ("System.Runtime.GetTrigger", 0),
    ("System.Runtime.Platform", 0),
    ("System.Storage.AsReadOnly", 1),
    ("System.Storage.Find", 3),
    ("System.Storage.Get", 2),
    ("System.Storage.GetContext", 0),
    ("System.Storage.GetReadOnlyContext", 0),
    ("System.Storage.Local.Find", 2),
    ("System.Storage.Local.Get", 1),
)
_WITHOUT_RESULT: Final = (
    ("System.Contract.Call", 4),
    ("System.Contract.CallNative", 1),
    ("System.Contract.NativeOnPersist", 0),
    ("System.Contract.NativePostPersist", 0),
    ("System.Runtime.BurnGas", 1),
    ("System.Runtime.LoadScript", 3),
    ("System.Runtime.Log", 1),
    ("System.Runtime.Notify", 2),
    ("System.Storage.Delete", 2),
    ("System.Storage.Local.Delete", 1),
    ("System.Storage.Local.Put", 2),
    ("System.Storage.Put", 3),
)

TRACED: Final = {
    int.from_bytes(syscall_id(name), "little"): TracedSyscall(name, parameters, has_result)
    for rows, has_result in ((_WITH_RESULT, True), (_WITHOUT_RESULT, False))
    for name, parameters in rows
}
"""By the number that SYSCALL has."""
