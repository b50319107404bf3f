"""Everything a plugin imports: the base class, the decorators, parameter types, errors and the chain's records."""

from rpcnode.chain.blocks import AppliedBlock
from rpcnode.chain.execution import Execution, Notification, Trigger
from rpcnode.chain.migrations import Migration, Migrations
from rpcnode.chain.network import NetworkParameters
from rpcnode.chain.state import Invocation, State
from rpcnode.contracts.state import ContractState
from rpcnode.plugin.base import Fidelity, NodeView, Plugin, rpc_method
from rpcnode.plugin.config import NetworkConfig, PluginConfig, Policy, UsualPolicy, option
from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.plugin.parameters import (
    Account,
    Accounts,
    Base64Bytes,
    Base64Text,
    BlockRef,
    ContractArguments,
    ContractRef,
    Guid,
    HexBytes,
    Int32,
    LateHexBytes,
    ScriptHashes,
    SignersAndWitnesses,
    UInt16,
    UInt32,
    UInt64,
)
from rpcnode.plugin.survived import Survival
from rpcnode.plugin.window_clock import WindowClock
from rpcnode.primitives import errors
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Constant, Json
from rpcnode.primitives.uint import UInt160, UInt256

__all__ = [
    "Account",
    "Accounts",
    "AppliedBlock",
    "Base64Bytes",
    "Base64Text",
    "BlockRef",
    "Constant",
    "ContractArguments",
    "ContractRef",
    "ContractState",
    "Execution",
    "Fidelity",
    "Guid",
    "HexBytes",
    "HttpSettings",
    "Int32",
    "Invocation",
    "Json",
    "LateHexBytes",
    "Migration",
    "Migrations",
    "NetworkConfig",
    "NetworkParameters",
    "NodeView",
    "Notification",
    "Plugin",
    "PluginConfig",
    "Policy",
    "ProfileName",
    "ScriptHashes",
    "SignersAndWitnesses",
    "State",
    "Survival",
    "Trigger",
    "UInt16",
    "UInt32",
    "UInt64",
    "UInt160",
    "UInt256",
    "UsualPolicy",
    "WindowClock",
    "errors",
    "option",
    "rpc_method",
]
