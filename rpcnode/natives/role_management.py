"""RoleManagement: the nodes that the committee designates for state roots, oracles, NeoFS and notaries.

Source: neo 3.10.2, SmartContract/Native/RoleManagement.cs.
"""

from typing import Final

from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.parameters import Byte, UInt32
from rpcnode.execution.serializers.binary import serialize
from rpcnode.natives.committee import assert_committee
from rpcnode.natives.native import NativeContract, NativeEvent, Run, native_method
from rpcnode.natives.roles import ROLES_ID, Role, designated, designation_key
from rpcnode.payloads.flags import CallFlags
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import VmFault
from rpcnode.vm.items import Array, StackItem

MAX_NODES: Final = 32

_ROLES: Final = frozenset(map(int, Role))


class RoleManagement(NativeContract):
    """The nodes designated for roles."""

    id = ROLES_ID
    name = "RoleManagement"
    events = (
        NativeEvent("Designation", (("Role", "Integer"), ("BlockIndex", "Integer")), deprecated_in=Hardfork.Echidna),
        NativeEvent(
            "Designation",
            (("Role", "Integer"), ("BlockIndex", "Integer"), ("Old", "Array"), ("New", "Array")),
            active_in=Hardfork.Echidna,
        ),
    )

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates)
    def get_designated_by_role(self, run: Run, role: Byte, index: UInt32) -> list[ECPoint]:
        """The nodes that hold a role in the block of an index, up to the next one; by key."""
        _check_role(role)
        next_index = run.ledger.current_index + 1
        if index > next_index:
            raise VmFault(f"Index {index} exceeds current index + 1 ({next_index}) (Parameter 'index')")
        return list(designated(run.storage, role, index))

    @native_method(cpu_fee=1 << 15, flags=CallFlags.States | CallFlags.AllowNotify)
    def designate_as_role(self, run: Run, role: Byte, nodes: list[ECPoint]) -> None:
        """Gives a role to nodes from the next block on. The event lists them in the order in which they came."""
        if not 1 <= len(nodes) <= MAX_NODES:
            raise VmFault(f"Nodes count {len(nodes)} must be between 1 and {MAX_NODES} (Parameter 'nodes')")
        _check_role(role)
        assert_committee(run)
        if run.persisting is None:
            raise VmFault("Persisting block is null")
        index = run.persisting.header.index
        key = designation_key(role, index + 1)
        if run.storage.get(self.id, key) is not None:
            raise VmFault("Role already designated")
        if len(set(nodes)) != len(nodes):
            raise VmFault("Duplicate publickeys are not allowed")
        run.storage.put(self.id, key, serialize(_array(sorted(nodes, key=lambda node: node.sort_key))))
        state: tuple[StackItem, ...] = (role, index)
        if run.is_enabled(Hardfork.Echidna):
            state += (_array(designated(run.storage, role, index)), _array(nodes))
        run.notify(self.hash, "Designation", state)


ROLE_MANAGEMENT: Final = RoleManagement()


def _check_role(role: int) -> None:
    if role not in _ROLES:
        raise VmFault(f"Role {role} is not valid (Parameter 'role')")


def _array(nodes: "list[ECPoint] | tuple[ECPoint, ...]") -> Array:
    return Array(bytes(node) for node in nodes)
