"""Transactions and blocks that clients hand in. Source: neo-node 3.10, plugins/RpcServer: RpcServer.Node."""

from collections.abc import Callable
from enum import Enum

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
from rpcnode.plugins.rpc_server.group import NOT_EXECUTED, MethodGroup


class RelayMethods(MethodGroup):
    """They are verified and taken in, on older nodes as far as no script has to run."""

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
            return relayed((yield from relaying).value, transaction.hash)

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
            return relayed((yield from relaying).value, block.hash)

        return answer_of_steps(steps())

    def _not_executed(self, method: str, is_known: bool) -> errors.RpcError:
        return errors.AlreadyExists("AlreadyExists") if is_known else errors.NotYet(f"{method} {NOT_EXECUTED}")

    @rpc_method(name="sendrawtransaction", profiles=("n3-preview", "n2"), fidelity=Fidelity.MODELLED)
    def send_hex_transaction(self, hex_tx: HexBytes) -> Answer:
        """Verifies a transaction and takes it in; one whose script only a VM could run is refused, in words."""
        transaction = parse_older_transaction(self.node.profile, hex_tx, self._ledger.parameters.magic)
        relaying = self.node.older_relay.sending(transaction)
        return answer_of_steps(self._relayed_older("sendrawtransaction", relaying, transaction.hash))

    @rpc_method(name="submitblock", profiles=("n3-preview", "n2"), fidelity=Fidelity.MODELLED)
    def submit_hex_block(self, hex_block: HexBytes) -> Answer:
        """Verifies a block and, if it is the next one, applies it, unless only a VM could run what is in it."""
        block = parse_older_block(self.node.profile, hex_block, self._ledger.parameters.magic)
        relaying = self.node.older_relay.submitting(block)
        return answer_of_steps(self._relayed_older("submitblock", relaying, block.hash))

    def _relayed_older(self, method: str, relaying: Steps[Enum], known_as: UInt256) -> Steps[Result]:
        """What an older node answers; raises NotYet, with the reason, where a script would have to say."""
        try:
            verdict = yield from relaying
        except errors.ScriptNeeded as needed:
            raise errors.NotYet(f"{method}: {needed}") from None
        return OLDER_RESULTS[self.node.profile](verdict.value, known_as)


def relayed(verdict: str, known_as: UInt256) -> Json:
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


def _preview2_result(verdict: str, known_as: UInt256) -> Json:
    if verdict == SUCCEED:
        return {"hash": str(known_as)}
    raise errors.LeakedException(-500, verdict)


def _neo2_result(verdict: str, known_as: UInt256) -> Json:
    if verdict == SUCCEED:
        return True
    raise errors.LeakedException(*NEO2_REFUSALS[verdict])


NEO2_REFUSALS: dict[str, tuple[int, str]] = {
    "AlreadyExists": (-501, "Block or transaction already exists and cannot be sent repeatedly."),
    "OutOfMemory": (-502, "The memory pool is full and no more transactions can be sent."),
    "UnableToVerify": (-503, "The block cannot be validated."),
    "Invalid": (-504, "Block or transaction validation failed."),
}

OLDER_RESULTS: dict[ProfileName, Callable[[str, UInt256], Json]] = {
    "n3-preview": _preview2_result,
    "n2": _neo2_result,
}
"""What each older node says of a verdict. Source: neo 2.12, Neo: Network/RPC/RpcServer.GetRelayResult."""
