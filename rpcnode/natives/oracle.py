"""OracleContract: contracts ask for data from outside, and get the answers of the oracle nodes.

Source: neo 3.10.2, SmartContract/Native/OracleContract.cs.
"""

from typing import ClassVar, Final

from rpcnode.execution.application_engine import PICO
from rpcnode.execution.parameters import INVALID_STATE, Int64
from rpcnode.execution.serializers.binary import deserialize, serialize
from rpcnode.natives import oracle_requests, roles
from rpcnode.natives.committee import assert_committee, key_account
from rpcnode.natives.gas_token import GAS
from rpcnode.natives.native import Call, Hardfork, NativeContract, NativeEvent, Run, Steps, native_method
from rpcnode.natives.oracle_requests import ORACLE_ID, PRICE_KEY, REQUEST_ID_KEY, OracleRequest, request_key
from rpcnode.payloads.attribute import OracleResponse
from rpcnode.payloads.flags import CallFlags
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import StackItem, integer_bytes, integer_of

_MAX_URL_SIZE: Final = 256  # bytes, as the next two
_MAX_FILTER_SIZE: Final = 128
_MAX_CALLBACK_SIZE: Final = 32
_MAX_USER_DATA_SIZE: Final = 512  # serialized
_MIN_GAS_FOR_RESPONSE: Final = 10_000_000  # datoshi
_MAX_REQUESTS_OF_URL: Final = 256
_FIRST_PRICE: Final = 50_000_000  # datoshi

_WRITE_AND_NOTIFY: Final = CallFlags.States | CallFlags.AllowNotify


class OracleContract(NativeContract):
    """Takes requests for data, and hands the answers to the contracts that asked."""

    id = ORACLE_ID
    name = "OracleContract"
    events: ClassVar[tuple[NativeEvent, ...]] = (
        NativeEvent(
            "OracleRequest",
            (("Id", "Integer"), ("RequestContract", "Hash160"), ("Url", "String"), ("Filter", "String")),
        ),
        NativeEvent("OracleResponse", (("Id", "Integer"), ("OriginalTx", "Hash256"))),
    )
    update_hardforks = (Hardfork.Faun,)

    def standards(self, enabled: frozenset[Hardfork]) -> tuple[str, ...]:
        return ("NEP-30",) if Hardfork.Faun in enabled else ()

    def initialize(self, run: Run, hardfork: Hardfork | None) -> None:
        """The first price, and the first id."""
        if hardfork is None:
            run.storage.put(self.id, REQUEST_ID_KEY, integer_bytes(0))
            run.storage.put(self.id, PRICE_KEY, integer_bytes(_FIRST_PRICE))

    @native_method(cpu_fee=1 << 15, flags=CallFlags.ReadStates)
    def get_price(self, run: Run) -> int:
        """What a request costs, in datoshi."""
        return oracle_requests.price(run.storage)

    @native_method(cpu_fee=1 << 15, flags=CallFlags.States)
    def set_price(self, run: Run, price: Int64) -> None:
        """Sets what a request costs, in datoshi; the committee's to do."""
        if price <= 0:
            raise VmFault("Price must be positive (Parameter 'price')")
        assert_committee(run)
        run.storage.put(self.id, PRICE_KEY, integer_bytes(price))

    @native_method(flags=_WRITE_AND_NOTIFY)
    def request(
        self, run: Run, url: str, filter_: str | None, callback: str, user_data: StackItem, gas_for_response: Int64
    ) -> None:
        """Asks for what is at a URL; `callback` of the calling contract gets the answer, `gas_for_response` pays it.

        The answer's GAS is minted for this contract before anything is asked of the caller.
        """
        _check_request(url, filter_, callback, gas_for_response)
        run.charge(oracle_requests.price(run.storage) * PICO)
        run.charge(gas_for_response * PICO)
        GAS.credit(run, self.hash, gas_for_response)
        storage = run.storage
        request_id = self._next_id(run)
        contract = run.calling_script_hash
        if contract is None or not run.is_contract(contract):
            raise VmFault("Only contracts can make Oracle requests")
        original_hash = _original_hash(run)
        data = serialize(user_data, _MAX_USER_DATA_SIZE)
        request = OracleRequest(original_hash, gas_for_response, url, filter_, contract, callback, data)
        storage.put(self.id, request_key(request_id), request.serialize())
        ids = oracle_requests.ids_of_url(storage, url)
        if len(ids) >= _MAX_REQUESTS_OF_URL:
            raise VmFault("There are too many pending responses for this url")
        oracle_requests.put_ids_of_url(storage, url, [*ids, request_id])
        filter_item = None if filter_ is None else filter_.encode()
        run.notify(self.hash, "OracleRequest", (request_id, bytes(contract), url.encode(), filter_item))

    @native_method(flags=CallFlags.All)
    def finish(self, run: Run) -> Steps[None]:
        """Hands an answer, which the transaction carries as an attribute, to the contract that asked for it."""
        if len(run.frames) != 2 or run.invocation_counters[self.hash] != 1:
            raise VmFault(INVALID_STATE)
        response = response_of(run.container)
        if response is None:
            raise VmFault("Oracle response not found")
        request = oracle_requests.request_of(run.storage, response.id)
        if request is None:
            raise VmFault("Oracle request not found")
        run.notify(self.hash, "OracleResponse", (response.id, bytes(request.original_hash)))
        args = (request.url.encode(), deserialize(request.user_data), int(response.code), response.result)
        yield Call(self.hash, request.callback_contract, request.callback_method, args)

    @native_method(cpu_fee=1 << 15)
    def verify(self, run: Run) -> bool:
        """Whether the transaction carries an answer: such transactions may spend this contract's GAS as their fees."""
        return response_of(run.container) is not None

    def post_persist(self, run: Run) -> None:
        """Takes away the requests that this block answers, and pays the oracle nodes by turns."""
        assert run.persisting is not None
        accounts: list[UInt160] | None = None
        rewards: list[int] = []
        for transaction in run.persisting.transactions:
            response = response_of(transaction)
            if response is None or not self._remove(run, response.id):
                continue
            if accounts is None:
                nodes = roles.designated(run.storage, roles.Role.Oracle, run.persisting.index)
                accounts = [key_account(node) for node in nodes]
                rewards = [0] * len(accounts)
            if accounts:
                rewards[response.id % len(accounts)] += oracle_requests.price(run.storage)
        for account, amount in zip(accounts or (), rewards, strict=True):
            if amount > 0:
                GAS.credit(run, account, amount)

    def _next_id(self, run: Run) -> int:
        row = run.storage.get(self.id, REQUEST_ID_KEY)
        assert row is not None
        request_id = integer_of(row)
        run.storage.put(self.id, REQUEST_ID_KEY, integer_bytes(request_id + 1))
        return request_id

    def _remove(self, run: Run, request_id: int) -> bool:
        """Takes a request away; whether there was one."""
        storage = run.storage
        request = oracle_requests.request_of(storage, request_id)
        if request is None:
            return False
        storage.delete(self.id, request_key(request_id))
        ids = oracle_requests.ids_of_url(storage, request.url)
        if request_id not in ids:
            raise VmFault(INVALID_STATE)
        ids.remove(request_id)
        oracle_requests.put_ids_of_url(storage, request.url, ids)
        return True


ORACLE: Final = OracleContract()


def response_of(container: object) -> OracleResponse | None:
    """The answer to an oracle request that a transaction carries."""
    if not isinstance(container, Transaction):
        return None
    return next((one for one in container.attributes if isinstance(one, OracleResponse)), None)


def _check_request(url: str, filter_: str | None, callback: str, gas_for_response: int) -> None:
    for what, text, limit in (
        ("URL", url, _MAX_URL_SIZE),
        ("Filter", filter_ or "", _MAX_FILTER_SIZE),
        ("Callback", callback, _MAX_CALLBACK_SIZE),
    ):
        size = len(text.encode())
        if size > limit:
            raise VmFault(f"{what} size {size} bytes exceeds maximum allowed size of {limit} bytes.")
    if callback.startswith("_"):
        raise VmFault("Callback cannot start with underscore.")
    if gas_for_response < _MIN_GAS_FOR_RESPONSE:
        least = f"must be at least {_MIN_GAS_FOR_RESPONSE} Datoshi."
        raise VmFault(f"gasForResponse {gas_for_response} {least}")


def _original_hash(run: Run) -> UInt256:
    """The transaction that began it: an answer's callback may ask again."""
    assert isinstance(run.container, Transaction)
    response = response_of(run.container)
    if response is None:
        return run.container.hash
    request = oracle_requests.request_of(run.storage, response.id)
    if request is None:
        raise VmFault("Object reference not set to an instance of an object.")
    return request.original_hash
