"""The transaction with which oracle nodes answer a request.

Source: neo-node 3.10.2, plugins/OracleService: OracleService.CreateResponseTx.
"""

from dataclasses import replace
from typing import Final, NamedTuple

from rpcnode.chain.executed.state import ExecutionState
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.verification.attributes import ORACLE_SCRIPT
from rpcnode.chain.verification.network_fee import network_fee
from rpcnode.execution.native_hashes import NATIVES_OF_N3
from rpcnode.natives.committee import validators_account
from rpcnode.natives.oracle_requests import request_of
from rpcnode.natives.policy_values import max_valid_until_block_increment
from rpcnode.natives.roles import Role, designated
from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS, required_of
from rpcnode.payloads.attribute import MAX_ORACLE_RESULT_SIZE, OracleResponse, OracleResponseCode
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.uint import UInt160

_ORACLE: Final = NATIVES_OF_N3["OracleContract"]
_MOST_NONCE: Final = 0xFFFFFFFF


class NoResponse(NodeError):
    """A request that cannot be answered."""


class MadeResponse(NamedTuple):
    """A response, and the account of the nodes where they have not signed it: their keys are not known."""

    transaction: Transaction
    unsigned: UInt160 | None


def response_to(ledger: Ledger, request_id: int, code: OracleResponseCode, result: bytes) -> MadeResponse:
    """The response to a request that waits, by the nodes of the next block. Raises NoResponse.

    A result that is too large, or that the GAS of the request does not pay for, becomes the code that says so.
    """
    state = ledger.execution_at()
    storage = state.storage
    request = request_of(storage, request_id)
    if request is None:
        raise NoResponse(f"there is no oracle request {request_id} that waits for an answer")
    nodes = designated(storage, Role.Oracle, ledger.height + 1)
    if not nodes:
        raise NoResponse("no oracle nodes are designated yet; dev_designate does it")
    asked = ledger.transaction(request.original_hash)
    increment = max_valid_until_block_increment(storage, state.settings)
    last = (ledger.height if asked is None else asked[1]) + increment
    while last <= ledger.height:
        last += increment
    required, account = required_of(len(nodes)), validators_account(nodes)
    script = ACCOUNT_SCRIPTS["n3"].multisig(required, nodes)
    if len(result) > MAX_ORACLE_RESULT_SIZE:
        code, result = OracleResponseCode.ResponseTooLarge, b""
    made = Transaction(
        nonce=request_id & _MOST_NONCE,
        system_fee_datoshi=0,
        network_fee_datoshi=0,
        valid_until_block=last,
        signers=(Signer(_ORACLE, WitnessScope.None_), Signer(account, WitnessScope.None_)),
        attributes=(OracleResponse(request_id, code, result),),
        script=ORACLE_SCRIPT,
        witnesses=(Witness(), Witness(b"", script)),
    )
    fee = _network_fee(made, state)
    if fee > request.gas_for_response:
        made = replace(made, attributes=(OracleResponse(request_id, OracleResponseCode.InsufficientFunds, b""),))
        fee = _network_fee(made, state)
    if fee > request.gas_for_response:
        raise NoResponse(f"request {request_id} pays {request.gas_for_response} datoshi, its response costs {fee}")
    made = replace(made, network_fee_datoshi=fee, system_fee_datoshi=request.gas_for_response - fee)
    witness = ledger.keyring.shared_witness(required, nodes, made.serialize_unsigned())
    signed = replace(made, witnesses=(Witness(), Witness(witness.invocation, witness.verification)))
    return MadeResponse(signed, None if witness.verification else account)


def _network_fee(transaction: Transaction, state: ExecutionState) -> int:
    """The fee for its size and its witnesses, in datoshi."""
    steps = network_fee(transaction, state)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return int(done.value)
