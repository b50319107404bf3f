"""Nodes to command: a small chain with two accounts whose keys are known, and what tests say about it."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from rpcnode.execution.contract_state import ContractState
from rpcnode.node import Node
from rpcnode.primitives.errors import ProfileName, RpcError
from rpcnode.primitives.json import Json, document_of

PROFILES: Final[tuple[ProfileName, ...]] = ("n3", "n3-preview", "n2")
STANDARD: Final[dict[ProfileName, str]] = {"n3": "NEP-17", "n3-preview": "NEP-5", "n2": "NEP-5"}

GENESIS_MS: Final = 1_600_000_000_000
MS_PER_BLOCK: Final = 15_000
HEIGHT: Final = 2
TIP_MS: Final = GENESIS_MS + HEIGHT * MS_PER_BLOCK
FUNDS: Final = 1000
CAROL: Final = "0x" + "ca" * 20  # nobody has her key
COIN: Final = "0x" + "c0" * 20


def chain(profile: ProfileName = "n3") -> dict[str, Any]:
    """The chain: alice holds all coins, a gem is hers too; `later` is deployed in block 100."""
    return {
        "network": {"ms_per_block": MS_PER_BLOCK, "genesis_time": GENESIS_MS},
        "node": {"height": HEIGHT},
        "accounts": {"alice": {"seed": "alice"}, "bob": {"seed": "bob"}, "carol": CAROL},
        "contracts": {
            "coin": {"hash": COIN, "standard": STANDARD[profile], "decimals": 0},
            "gems": {"standard": "NEP-11"},
            "later": {"standard": STANDARD[profile], "deployed_at": 100},
            "plain": {"standard": "none"},
        },
        "balances": [
            {"account": "alice", "asset": "coin", "amount": FUNDS, "block": 1},
            {"account": "alice", "asset": "gems", "amount": 1, "token_id": "ruby", "block": 1},
        ],
    }


class Commanded:
    """A node by its calls."""

    def __init__(self, node: Node) -> None:
        self.node = node

    def __call__(self, method: str, *params: Json) -> Any:
        """The result of a call; raises RpcError."""
        return document_of(self.node.methods[method](list(params)))

    def error(self, method: str, *params: Json) -> dict[str, Any]:
        """The error object of a call that must fail."""
        with pytest.raises(RpcError) as caught:
            self(method, *params)
        return dict(caught.value.error_object(self.node.options.profile))

    def times(self, *block_indexes: int) -> list[int]:
        """When blocks were made, in ms."""
        return [self.node.ledger.timestamp_ms(block_index) for block_index in block_indexes]

    def hashes(self) -> list[str]:
        """The hash of every block."""
        return [str(self.node.ledger.block_hash(index)) for index in range(self.node.ledger.height + 1)]

    def contract(self, key: str) -> ContractState:
        """The contract that the fixture or its deployment gave that name."""
        ledger = self.node.ledger
        return next(state for state in ledger.contracts() if ledger.label_of(state).key == key)

    def balance(self, name: str, asset: str = "coin") -> int:
        """What the contract says an account has."""
        ledger = self.node.ledger
        rows = ledger.store.connection.execute("SELECT script_hash FROM chain_account WHERE name = ?", (name,))
        (script_hash,) = rows.fetchone()
        (answer,) = ledger.state().call(self.contract(asset).script_hash, "balanceOf", [script_hash]).stack
        assert type(answer) is int
        return answer


Start = Callable[..., Commanded]
