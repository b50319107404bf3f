"""Commands for the nodes that the committee designates, and for what the oracle nodes among them do."""

from base64 import b64decode
from typing import Final

from rpcnode.chain.declaration import DeclaredInvocation, DeclaredTransaction, PlayError
from rpcnode.chain.impersonation import impersonated, set_impersonated
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.mempool import Work
from rpcnode.chain.miner import Miner
from rpcnode.chain.oracle_response import NoResponse, response_to
from rpcnode.chain.verification.verdict import Verdict
from rpcnode.dev.control.arguments import array, integer, text
from rpcnode.dev.control.chain_names import names_of
from rpcnode.dev.control.method import BadArgument, DevFailed, dev_method
from rpcnode.dev.control.parameter_place import parameter, reading_parameters
from rpcnode.execution.native_hashes import NATIVES_OF_N3
from rpcnode.natives.committee import committee_address
from rpcnode.natives.role_management import MAX_NODES
from rpcnode.natives.roles import Role
from rpcnode.payloads.attribute import MAX_ORACLE_RESULT_SIZE, OracleResponseCode
from rpcnode.payloads.signer import Signer
from rpcnode.plugin.base import NodeView
from rpcnode.plugin.config import nearest_of
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError, NodeError
from rpcnode.primitives.json import Json
from rpcnode.vm.items import Array

_ROLES: Final = {role.name: int(role) for role in Role}
_CODES: Final = {code.name: int(code) for code in OracleResponseCode}
_KEY_DIGITS: Final = 66
_MOST_ID: Final = 2**64 - 1
_MOST_TEXT: Final = 2 * MAX_ORACLE_RESULT_SIZE


class ServicesControl:
    """Who has a role, and the answers of oracles. Each gives a transaction's id."""

    def __init__(self, ledger: Ledger, miner: Miner, view: NodeView) -> None:
        self._ledger: Final = ledger
        self._miner: Final = miner
        self._view: Final = view

    @dev_method("dev_designate")
    def designate(self, role: Json, keys: Json) -> Json:
        """Designates the nodes of a role, from the block after its own on: the committee calls RoleManagement.

        `role` is StateValidator, Oracle, NeoFSAlphabetNode or P2PNotary, or its number; `keys` are public keys, or the
        names or addresses of accounts whose keys are known.
        """
        self._check_executed()
        number = _numbered(role, "role", _ROLES)
        points = [self._point(key, f"keys[{position}]") for position, key in enumerate(array(keys, "keys"))]
        if not 1 <= len(points) <= MAX_NODES:
            raise BadArgument(f"keys: {len(points)} are given, a role has 1 to {MAX_NODES} nodes")
        call = DeclaredInvocation(
            contract=NATIVES_OF_N3["RoleManagement"],
            method="designateAsRole",
            args=(number, Array(bytes(point) for point in points)),
            signers=(Signer(committee_address(self._ledger.execution_at().storage)),),
            where="role",
        )
        try:
            return str(self._miner.submit(Work(DeclaredTransaction((), (), False, "role", invocations=(call,)))))
        except PlayError as error:
            raise DevFailed(error.message) from error
        except NodeError as error:
            raise DevFailed(str(error)) from error

    @dev_method("dev_oracleResponse")
    def oracle_response(self, request: Json, code: Json = "Success", result: Json = "") -> Json:
        """Answers an oracle request as the oracle nodes do, with the transaction that calls the contract back.

        `request` is its id, `code` an OracleResponseCode by name or number, `result` the data in Base64, of a success
        only. The nodes sign; where their keys are not known, their account is impersonated from now on. A callback that
        fails is in the block as a failed one.
        """
        self._check_executed()
        request_id = integer(request, "request", 0, _MOST_ID)
        answer = OracleResponseCode(_numbered(code, "code", _CODES))
        data = _data(result, answer)
        try:
            response = response_to(self._ledger, request_id, answer, data)
        except NoResponse as error:
            raise DevFailed(str(error)) from error
        store, passed = self._ledger.store, impersonated(self._ledger.store)
        if response.unsigned is not None:
            set_impersonated(store, passed | {response.unsigned})
        verdict = self._view.relay.send(response.transaction)
        if verdict is not Verdict.SUCCEED:
            if response.unsigned is not None:
                set_impersonated(store, passed)
            raise DevFailed(f"the response to request {request_id} is not taken in: {verdict.value}")
        return str(response.transaction.hash)

    def _check_executed(self) -> None:
        if not self._ledger.is_executed:
            raise DevFailed("roles and oracles are of chains of profile n3 that are executed, and this is none")

    def _point(self, key: Json, name: str) -> ECPoint:
        written = text(key, name)
        if len(written) == _KEY_DIGITS:
            try:
                return ECPoint.parse(written)
            except FormatError as error:
                raise BadArgument(f"{name}: {error}") from None
        with reading_parameters():
            account = names_of(self._ledger, self._miner.contracts).account(written, parameter(name))
        point = self._ledger.keyring.public_key(account)
        if point is None:
            raise BadArgument(f"{name}: the key of {written} is not known; write the public key")
        return point


def _numbered(value: Json, name: str, numbers: dict[str, int]) -> int:
    """The number of a name, or one of the numbers."""
    if isinstance(value, str):
        if value not in numbers:
            raise BadArgument(f"{name}: there is no {value!r}; the nearest is {nearest_of(value, numbers)!r}")
        return numbers[value]
    number = integer(value, name, 0, 255)
    if number not in numbers.values():
        known = ", ".join(f"{each} ({told})" for told, each in numbers.items())
        raise BadArgument(f"{name}: there is no {number}; there are {known}")
    return number


def _data(result: Json, code: OracleResponseCode) -> bytes:
    if result == "":
        return b""
    written = text(result, "result", most=_MOST_TEXT)
    try:
        data = b64decode(written, validate=True)
    except ValueError as error:
        raise BadArgument(f"result: is not Base64: {error}") from None
    if data and code is not OracleResponseCode.Success:
        raise BadArgument(f"result: goes with Success only, {code.name} has none")
    return data
