"""Signature contexts that are signed and sent, on N3.

Source: neo-node 3.10, plugins/RpcServer: RpcServer.Wallet: Sign; RpcServer.Node: Relay.
"""

from typing import TYPE_CHECKING

from rpcnode.plugin import Answer, JsonObject, Result, errors, rpc_method
from rpcnode.plugin.steps import Steps, answer_of_steps
from rpcnode.plugins.rpc_server.group import NOT_EXECUTED, MethodGroup
from rpcnode.plugins.rpc_server.relay import relayed
from rpcnode.plugins.rpc_server.wallet import key_failure

if TYPE_CHECKING:
    from rpcnode.plugin.wallets import SignatureContext


class SigningMethods(MethodGroup):
    """What several wallets pass from one to the other until all have signed."""

    @rpc_method(profiles=("n3",))
    def sign(self, context_json: JsonObject) -> Answer:
        """The context with what the open wallet can sign of it."""
        wallet = self._open_wallet
        context = self._context_of("sign", context_json)
        magic = self._ledger.parameters.magic
        if context.network != magic:
            raise errors.InvalidParams(f"Network mismatch. Expected {magic}, got {context.network}.")
        from rpcnode.plugin.wallets import sign_context

        def steps() -> Steps[Result]:
            try:
                is_signed = yield from sign_context(wallet, context, magic)
            except errors.FormatError as error:
                raise key_failure(error) from None
            if not is_signed:
                raise errors.ParseError("Non-existent private key in wallet.")
            return context.to_json()

        return answer_of_steps(steps())

    @rpc_method(profiles=("n3",))
    def relay(self, context_json: JsonObject) -> Answer:
        """Takes in the transaction of a context that all have signed. Its hash."""
        context = self._context_of("relay", context_json)
        if not context.is_complete:
            raise errors.InvalidParams("The signature is incomplete.")
        from rpcnode.plugin.wallets import transaction_of

        try:
            transaction = transaction_of(context)
        except errors.FormatError:
            raise errors.VerificationFailed("Invalid") from None
        if transaction is None:
            raise errors.InvalidParams("Only support to relay transaction.")
        relaying = self.node.relay.sending(transaction)

        def steps() -> Steps[Result]:
            return relayed((yield from relaying).value, transaction.hash)

        return answer_of_steps(steps())

    def _context_of(self, method: str, json: JsonObject) -> "SignatureContext":
        state = self.node.execution_at()
        if state is None:
            raise errors.NotYet(f"{method} {NOT_EXECUTED}")
        from rpcnode.plugin.wallets import context_of

        try:
            return context_of(json, state)
        except errors.FormatError as error:
            raise errors.InvalidParams(f"Invalid signature context: {error}") from None
