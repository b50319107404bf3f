"""What takes in what clients send, by profile."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from rpcnode.chain.ledger import Ledger
from rpcnode.chain.miner import Miner
from rpcnode.primitives.errors import ProfileName

if TYPE_CHECKING:
    from rpcnode.chain.older_relay import OlderRelay


def _preview2(ledger: Ledger, miner: Miner) -> "OlderRelay[Any, Any]":
    from rpcnode.chain.preview2_relay import Preview2Relay

    return Preview2Relay(ledger, miner)


def _neo2(ledger: Ledger, miner: Miner) -> "OlderRelay[Any, Any]":
    from rpcnode.chain.neo2_relay import Neo2Relay

    return Neo2Relay(ledger, miner)


OLDER_RELAYS: Final[dict[ProfileName, "Callable[[Ledger, Miner], OlderRelay[Any, Any]]"]] = {
    "n3-preview": _preview2,
    "n2": _neo2,
}
"""Of the profiles that have other transactions than N3; what one takes in, its own reader of bytes has made."""
