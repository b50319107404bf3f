"""The calls that deploy a contract.

Modelled: a declared contract has no script of its own, its NEF holds a single RET, and outside of N3 its hash is not
that script's.
"""

import json
from collections.abc import Callable

from rpcnode.chain.format.layout import PayloadLayout
from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.native_hashes import CONTRACT_MANAGEMENT
from rpcnode.models.modelled import modelled_nef
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.push_neo2 import push_data, push_integer
from rpcnode.vm.script_builder import ScriptBuilder

_DROP, _DROP_NEO2, _SYSCALL_NEO2 = b"\x45", b"\x75", b"\x68"
_BYTE_ARRAY_NEO2, _HAS_STORAGE_NEO2 = 0x05, 0x01


def deploy_script(profile: ProfileName, layout: PayloadLayout, contract: ContractState) -> bytes:
    """The call that deploys a contract; what it answers is dropped."""
    return _SCRIPTS[profile](layout, contract)


def _n3(layout: PayloadLayout, contract: ContractState) -> bytes:
    arguments = (modelled_nef().serialize(), _manifest_text(contract))
    return layout.call(CONTRACT_MANAGEMENT, "deploy", arguments) + _DROP


def _preview(layout: PayloadLayout, contract: ContractState) -> bytes:
    """Source: neo 3.0.0-preview2, Neo: SmartContract/InteropService.Contract.Create."""
    builder = ScriptBuilder().push(_manifest_text(contract)).push(_script_of(contract))
    return builder.syscall("System.Contract.Create").to_bytes() + _DROP


def _neo2(layout: PayloadLayout, contract: ContractState) -> bytes:
    """Source: neo 2.12, Neo: SmartContract/NeoService.Contract_Create."""
    name, version, nobody = contract.name.encode(), b"1", b""
    arguments: tuple[bytes | int, ...] = (
        _script_of(contract),
        bytes((0x07, 0x10)),  # a text and an array
        _BYTE_ARRAY_NEO2,
        _HAS_STORAGE_NEO2,
        name,
        version,
        nobody,  # author
        nobody,  # email
        b"",  # description
    )
    pushed = [
        push_integer(argument) if isinstance(argument, int) else push_data(argument) for argument in reversed(arguments)
    ]
    service = b"Neo.Contract.Create"
    return b"".join(pushed) + _SYSCALL_NEO2 + bytes((len(service),)) + service + _DROP_NEO2


_SCRIPTS: dict[ProfileName, Callable[[PayloadLayout, ContractState], bytes]] = {
    "n3": _n3,
    "n3-preview": _preview,
    "n2": _neo2,
}


def _manifest_text(contract: ContractState) -> str:
    return json.dumps(contract.manifest.to_json(), separators=(",", ":"), ensure_ascii=False)


def _script_of(contract: ContractState) -> bytes:
    return contract.nef.script
