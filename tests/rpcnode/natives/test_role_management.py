"""RoleManagement: designations from a block on, and their events. Source: neo 3.10.2, RoleManagement.cs."""

import pytest

from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.serializers.binary import serialize
from rpcnode.natives.committee import committee_address
from rpcnode.natives.role_management import ROLE_MANAGEMENT
from rpcnode.natives.roles import Role, designated
from rpcnode.vm.items import Array
from tests.rpcnode.natives.native_world import KEYS, NativeWorld, result


def key_array(keys: tuple[bytes, ...]) -> Array:
    return Array(map(bytes, keys))


def designate(world: NativeWorld, role: int, keys: tuple[bytes, ...]) -> str | None:
    signers = [committee_address(world.storage)]
    return world.call(ROLE_MANAGEMENT, "designateAsRole", role, key_array(keys), signers=signers).exception


def test_nodes_hold_a_role_from_the_block_after_their_designation_to_the_next_one() -> None:
    world = NativeWorld()
    world.height = 9  # the next block is 10, the first of the designation 11
    assert designate(world, Role.Oracle, KEYS[2::-1]) is None
    world.height = 299
    assert designate(world, Role.Oracle, KEYS[3:]) is None
    expected = {0: (), 10: (), 11: KEYS[:3], 300: KEYS[:3], 301: KEYS[3:], 2**32 - 1: KEYS[3:]}
    assert {index: designated(world.storage, Role.Oracle, index) for index in expected} == expected
    assert designated(world.storage, Role.P2PNotary, 400) == ()
    assert world.storage.get(ROLE_MANAGEMENT.id, b"\x08\x00\x00\x00\x0b") == serialize(key_array(KEYS[:3]))


def test_a_method_answers_up_to_the_next_block() -> None:
    world = NativeWorld()
    world.height = 9
    assert isinstance(result(world.call(ROLE_MANAGEMENT, "getDesignatedByRole", 4, 10)), Array)
    ran = world.call(ROLE_MANAGEMENT, "getDesignatedByRole", 4, 11)
    assert ran.exception == "Index 11 exceeds current index + 1 (10) (Parameter 'index')"


@pytest.mark.parametrize(
    ("role", "count", "text"),
    [
        (8, 0, "Nodes count 0 must be between 1 and 32 (Parameter 'nodes')"),
        (7, 1, "Role 7 is not valid (Parameter 'role')"),
        (8, 33, "Nodes count 33 must be between 1 and 32 (Parameter 'nodes')"),
        (8, 2, "Duplicate publickeys are not allowed"),
    ],
)
def test_wrong_designations_are_refused(role: int, count: int, text: str) -> None:
    assert designate(NativeWorld(), role, KEYS[:1] * count) == text


def test_a_role_is_designated_once_a_block() -> None:
    world = NativeWorld()
    assert designate(world, Role.StateValidator, KEYS[:1]) is None
    assert designate(world, Role.StateValidator, KEYS[1:2]) == "Role already designated"


@pytest.mark.parametrize(("last", "size"), [(Hardfork.Domovoi, 2), (Hardfork.Echidna, 4)])
def test_the_event_lists_the_nodes_in_the_order_given_from_echidna_on(last: Hardfork, size: int) -> None:
    world = NativeWorld({hardfork: 0 for hardfork in Hardfork if hardfork <= last})
    designate(world, Role.Oracle, KEYS[1::-1])
    world.height = 4
    arguments = (Role.Oracle.value, key_array(KEYS[4:2:-1]))
    ran = world.call(ROLE_MANAGEMENT, "designateAsRole", *arguments, signers=[committee_address(world.storage)])
    (event,) = ran.notifications
    assert (event.event_name, event.state[:2], len(event.state)) == ("Designation", (8, 5), size)
    lists = [[*item.items] for item in event.state[2:] if isinstance(item, Array)]
    assert lists == [[*map(bytes, KEYS[:2])], [*map(bytes, KEYS[4:2:-1])]][: size - 2]
