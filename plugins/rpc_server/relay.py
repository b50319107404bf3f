"""Transactions and blocks that clients hand in. Source: neo-node 3.10, plugins/RpcServer: RpcServer.Node."""

from collections.abc import Callable

from rpcnode.plugin import Base64Text, Fidelity, HexBytes, Json, ProfileName, errors, rpc_method
from rpcnode.plugin.wire import (
    is_oversized,
    parse_block,
    parse_older_block,
    parse_older_transaction,
    parse_transaction,
)
from rpcnode.plugins.rpc_server.group import NOT_BUILT, MethodGroup


class RelayMethods(MethodGroup):
    """What is in the right form and not known yet is answered NotYet: nothing that a client sends is taken in."""

    @rpc_method(profiles=("n3",), fidelity=Fidelity.NOT_YET)
    def send_raw_transaction(self, base64_tx: Base64Text) -> Json:
        """Takes in a transaction; one in the wrong form, on the chain or in the pool is refused as on a node."""
        if base64_tx.data is None:
            raise errors.InvalidParams("Invalid Transaction Format: Expected Base64-encoded string")
        if is_oversized(base64_tx.data):
            raise errors.InvalidSize("Transaction size exceeds the maximum allowed.")
        transaction = parse_transaction(base64_tx.data)
        if transaction is None:
            raise errors.InvalidParams("Invalid Transaction Format")
        if self._ledger.transaction(transaction.hash) is not None:
            raise errors.AlreadyExists("AlreadyExists")
        if self._ledger.mempool.get(transaction.hash) is not None:
            raise errors.AlreadyInPool("AlreadyInPool")
        raise errors.NotYet(f"sendrawtransaction {NOT_BUILT}")

    @rpc_method(profiles=("n3",), fidelity=Fidelity.NOT_YET)
    def submit_block(self, base64_block: Base64Text) -> Json:
        """Takes in a block; one in the wrong form, of a past height, or above the next is refused as on a node."""
        block = None if base64_block.data is None else parse_block(base64_block.data)
        if block is None:
            raise errors.InvalidParams(f"Invalid Block Format: {base64_block.text}")
        index = block.index
        if index <= self._ledger.height:
            raise errors.AlreadyExists("AlreadyExists")
        if index > self._ledger.header_height + 1:
            raise errors.VerificationFailed("UnableToVerify")
        raise errors.NotYet(f"submitblock {NOT_BUILT}")

    @rpc_method(name="sendrawtransaction", profiles=("n3-preview", "n2"), fidelity=Fidelity.NOT_YET)
    def send_hex_transaction(self, hex_tx: HexBytes) -> Json:
        """Takes in a transaction; one in the wrong form, on the chain or in the pool is refused as on a node."""
        transaction_hash = parse_older_transaction(self.node.profile, hex_tx, self._ledger.parameters.magic)
        if self._ledger.transaction(transaction_hash) is not None:
            raise ALREADY_EXISTS[self.node.profile]()
        raise errors.NotYet(f"sendrawtransaction {NOT_BUILT}")

    @rpc_method(name="submitblock", profiles=("n3-preview", "n2"), fidelity=Fidelity.NOT_YET)
    def submit_hex_block(self, hex_block: HexBytes) -> Json:
        """Takes in a block; one in the wrong form, or that is on the chain, is refused as on a node."""
        block_hash = parse_older_block(self.node.profile, hex_block, self._ledger.parameters.magic)
        block_index = self._ledger.block_index(block_hash)
        if block_index is not None and block_index <= self._ledger.height:
            raise ALREADY_EXISTS[self.node.profile]()
        raise errors.NotYet(f"submitblock {NOT_BUILT}")


ALREADY_EXISTS: dict[ProfileName, Callable[[], errors.RpcError]] = {
    "n3-preview": lambda: errors.LeakedException(-500, "AlreadyExists"),
    "n2": lambda: errors.LeakedException(-501, "Block or transaction already exists and cannot be sent repeatedly."),
}
"""What each node says of what it has already."""
