"""A node in this process, for tests in Python.

    with rpcnode.testing.start(fixture="shop.yaml") as node:
        pay(node.url)
        assert node.balance("shop", "coin") == 5

`start` puts it on a free port of this machine, `in_process` on none. Nothing is loaded before it is used: the pytest
plugin, which stands here too, is imported by every run of pytest.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rpcnode.primitives.errors import NodeError as NodeError
    from rpcnode.testing.answer import Answer as Answer
    from rpcnode.testing.answer import ContractFault as ContractFault
    from rpcnode.testing.answer import HttpStatusError as HttpStatusError
    from rpcnode.testing.answer import RpcCallError as RpcCallError
    from rpcnode.testing.chain_source import Fixture as Fixture
    from rpcnode.testing.contracts.contract import Contract as Contract
    from rpcnode.testing.contracts.deployment import Deployment as Deployment
    from rpcnode.testing.contracts.outcome import Event as Event
    from rpcnode.testing.contracts.outcome import Outcome as Outcome
    from rpcnode.testing.journal import JournalEntry as JournalEntry
    from rpcnode.testing.local_node import Account as Account
    from rpcnode.testing.local_node import LocalNode as LocalNode
    from rpcnode.testing.node_control import Fault as Fault
    from rpcnode.testing.node_control import Impersonation as Impersonation
    from rpcnode.testing.node_control import Snapshot as Snapshot
    from rpcnode.testing.starting import Starting as Starting
    from rpcnode.testing.starting import in_process as in_process
    from rpcnode.testing.starting import start as start

_PLACES = {
    "start": "rpcnode.testing.starting",
    "in_process": "rpcnode.testing.starting",
    "Starting": "rpcnode.testing.starting",
    "LocalNode": "rpcnode.testing.local_node",
    "Account": "rpcnode.testing.local_node",
    "Snapshot": "rpcnode.testing.node_control",
    "Fault": "rpcnode.testing.node_control",
    "Impersonation": "rpcnode.testing.node_control",
    "Contract": "rpcnode.testing.contracts.contract",
    "Deployment": "rpcnode.testing.contracts.deployment",
    "Outcome": "rpcnode.testing.contracts.outcome",
    "Event": "rpcnode.testing.contracts.outcome",
    "ContractFault": "rpcnode.testing.answer",
    "JournalEntry": "rpcnode.testing.journal",
    "Answer": "rpcnode.testing.answer",
    "RpcCallError": "rpcnode.testing.answer",
    "HttpStatusError": "rpcnode.testing.answer",
    "Fixture": "rpcnode.testing.chain_source",
    "NodeError": "rpcnode.primitives.errors",
}

__all__ = list(_PLACES)


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)
