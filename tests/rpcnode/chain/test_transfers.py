"""Events of declared movements, as they are before a row holds them."""

import pytest

from rpcnode.chain.declaration import DeclaredTransfer
from rpcnode.chain.transfers import transfer_notification
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem
from tests.rpcnode.chain.chain_blocks import COIN

ALICE, BOB = UInt160(b"\xa1" * 20), UInt160(b"\xb0" * 20)


@pytest.mark.parametrize(
    ("sender", "receiver", "token_id", "state"),
    [
        (ALICE, BOB, None, (bytes(ALICE), bytes(BOB), 1)),
        (None, BOB, None, (None, bytes(BOB), 1)),
        (ALICE, None, b"ruby", (bytes(ALICE), None, 1, b"ruby")),
    ],
)
def test_the_event_of_a_movement_holds_items(
    sender: UInt160 | None, receiver: UInt160 | None, token_id: bytes | None, state: tuple[StackItem, ...]
) -> None:
    event = transfer_notification("Transfer", COIN, DeclaredTransfer("coin", sender, receiver, 1, token_id, ""))
    assert [(type(item), item) for item in event.state] == [(type(item), item) for item in state]
