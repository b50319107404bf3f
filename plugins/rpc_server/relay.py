"""Transactions and blocks that clients hand in. Source: neo-node 3.10, plugins/RpcServer: RpcServer.Node."""

from collections.abc import Callable

from rpcnode.plugin import (
    Answer,
    Base64Text,
    Fidelity,
    HexBytes,
    Json,
    ProfileName,
    Result,
    UInt256,
    errors,
    rpc_method,
)
from rpcnode.plugin.steps import Steps, answer_of_steps
from rpcnode.plugin.wire import (
    is_oversized,
    parse_block,
    parse_older_block,
    parse_older_transaction,
    parse_transaction,
)
from rpcnode.plugins.rpc_server.group import NOT_BUILT, NOT_EXECUTED, MethodGroup


class RelayMethods(MethodGroup):
    """N3's are verified and taken in; of the older nodes' what is in the right form is answered NotYet."""

    @rpc_method(profiles=("n3",))
    def send_raw_transaction(self, base64_tx: Base64Text) -> Answer:
        """Verifies a transaction and takes it in; a block holds it as the mining mode has it. Its hash."""
        if base64_tx.data is None:
            raise errors.InvalidParams("Invalid Transaction Format: Expected Base64-encoded string")
        if is_oversized(base64_tx.data):
            raise errors.InvalidSize("Transaction size exceeds the maximum allowed.")
        transaction = parse_transaction(base64_tx.data)
        if transaction is None:
            raise errors.InvalidParams("Invalid Transaction Format")
        if not self._ledger.is_executed:
            raise self._not_executed("sendrawtransaction", self._ledger.transaction(transaction.hash) is not None)
        relaying = self.node.relay.sending(transaction)

        def steps() -> Steps[Result]:
            return _relayed((yield from relaying).value, transaction.hash)

        return answer_of_steps(steps())

    @rpc_method(profiles=("n3",))
    def submit_block(self, base64_block: Base64Text) -> Answer:
        """Verifies a block and, if it is the next one, executes it. Its hash."""
        block = None if base64_block.data is None else parse_block(base64_block.data)
        if block is None:
            raise errors.InvalidParams(f"Invalid Block Format: {base64_block.text}")
        if not self._ledger.is_executed:
            raise self._not_executed("submitblock", block.index <= self._ledger.height)
        relaying = self.node.relay.submitting(block)

        def steps() -> Steps[Result]:
            return _relayed((yield from relaying).value, block.hash)

        return answer_of_steps(steps())

    def _not_executed(self, method: str, is_known: bool) -> errors.RpcError:
        return errors.AlreadyExists("AlreadyExists") if is_known else errors.NotYet(f"{method} {NOT_EXECUTED}")

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


def _relayed(verdict: str, known_as: UInt256) -> Json:
    """What the C# node answers. Source: neo-node 3.10, RpcServer.Node.GetRelayResult."""
    if verdict == SUCCEED:
        return {"hash": str(known_as)}
    raise REFUSALS.get(verdict, errors.VerificationFailed)(verdict)


SUCCEED = "Succeed"
REFUSALS: dict[str, type[errors.RpcError]] = {
    "AlreadyExists": errors.AlreadyExists,
    "AlreadyInPool": errors.AlreadyInPool,
    "OutOfMemory": errors.MempoolFull,
    "InvalidScript": errors.InvalidScript,
    "InvalidAttribute": errors.InvalidAttribute,
    "InvalidSignature": errors.InvalidSignature,
    "OverSize": errors.InvalidSize,
    "Expired": errors.ExpiredTransaction,
    "NotYetValid": errors.ExpiredTransaction,
    "InsufficientFunds": errors.InsufficientFunds,
    "PolicyFail": errors.PolicyFailed,
}
"""The errors of verdicts that have one of their own; all others are that the verification failed."""

ALREADY_EXISTS: dict[ProfileName, Callable[[], errors.RpcError]] = {
    "n3-preview": lambda: errors.LeakedException(-500, "AlreadyExists"),
    "n2": lambda: errors.LeakedException(-501, "Block or transaction already exists and cannot be sent repeatedly."),
}
"""What each node says of what it has already."""
