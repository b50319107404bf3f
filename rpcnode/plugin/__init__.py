"""Everything a plugin imports: the base class, the decorators, parameter types, errors and the chain's records."""

from rpcnode.chain.blocks import AppliedBlock
from rpcnode.chain.db.migrations import Migration, Migrations
from rpcnode.chain.network import NetworkParameters
from rpcnode.chain.state import MethodCall, State
from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.native_hashes import NATIVE_TOKENS
from rpcnode.execution.records import Execution, Notification, StateForm, Trigger, item_of_notification
from rpcnode.payloads.flags import CallFlags
from rpcnode.plugin.base import Fidelity, NodeView, Plugin, rpc_method
from rpcnode.plugin.config import NetworkConfig, PluginConfig, Policy, UsualPolicy, option
from rpcnode.plugin.flags import Flag, neo2_flag, plain_flag, preview2_flag
from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.plugin.parameters import (
    NOT_GIVEN,
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
    JsonObject,
    LateHexBytes,
    OtherHashes,
    RawJson,
    ScriptHashes,
    SignersAndWitnesses,
    TextOrSeconds,
    UInt16,
    UInt32,
    UInt64,
)
from rpcnode.plugin.survived import Survival
from rpcnode.plugin.window_clock import WindowClock
from rpcnode.primitives import errors
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Answer, Constant, Json, Result, Spliced, Written
from rpcnode.primitives.uint import UInt160, UInt256

__all__ = [
    "NATIVE_TOKENS",
    "NOT_GIVEN",
    "Account",
    "Accounts",
    "Answer",
    "AppliedBlock",
    "Base64Bytes",
    "Base64Text",
    "BlockRef",
    "CallFlags",
    "Constant",
    "ContractArguments",
    "ContractRef",
    "ContractState",
    "Execution",
    "Fidelity",
    "Flag",
    "Guid",
    "HexBytes",
    "HttpSettings",
    "Int32",
    "Json",
    "JsonObject",
    "LateHexBytes",
    "MethodCall",
    "Migration",
    "Migrations",
    "NetworkConfig",
    "NetworkParameters",
    "NodeView",
    "Notification",
    "Plugin",
    "PluginConfig",
    "OtherHashes",
    "Policy",
    "ProfileName",
    "RawJson",
    "Result",
    "ScriptHashes",
    "Spliced",
    "SignersAndWitnesses",
    "State",
    "StateForm",
    "Survival",
    "TextOrSeconds",
    "Trigger",
    "UInt16",
    "UInt32",
    "UInt64",
    "UInt160",
    "UInt256",
    "UsualPolicy",
    "WindowClock",
    "Written",
    "errors",
    "item_of_notification",
    "neo2_flag",
    "option",
    "plain_flag",
    "preview2_flag",
    "rpc_method",
]
