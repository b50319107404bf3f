"""OracleContract: requests, answers, and who is paid for them."""

import pytest

from rpcnode.execution.contract import Contract
from rpcnode.execution.records import Execution, Notification
from rpcnode.execution.serializers.binary import serialize
from rpcnode.natives import oracle_requests
from rpcnode.natives.committee import key_account
from rpcnode.natives.gas_token import GAS
from rpcnode.natives.oracle import ORACLE
from rpcnode.natives.roles import ROLES_ID, Role, designation_key
from rpcnode.payloads.attribute import OracleResponse, OracleResponseCode
from rpcnode.payloads.manifest import Manifest, Method, Parameter, Permission
from rpcnode.payloads.nef import Nef
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Array, StackItem
from rpcnode.vm.script_builder import Pushable, ScriptBuilder
from tests.rpcnode.natives.small_chain import KEY, SmallChain, validators

DROP, RET, PACK, PUSH5 = 0x45, 0x40, 0xC0, 0x15
ASKER = UInt160(b"\x07" * 20)
ASKER_ID = 1
URL = "https://a.example/x"
FINISH = ScriptBuilder().call(ORACLE.hash, "finish", ()).to_bytes()
OTHER_KEY = ECPoint.parse("02103a7f7dd016558597f7960d27c516a4394fd968b9e65155eb4b013e4040406e")


def asker() -> Contract:
    """`ask` hands its five arguments to request; `on_answer` keeps the answer's bytes under `k`."""
    ask = ScriptBuilder().op(PUSH5).op(PACK).push(15).push("request").push(ORACLE.hash)
    ask.syscall("System.Contract.Call").op(DROP).op(RET)
    on_answer = ScriptBuilder().op(DROP).op(DROP).op(DROP).push("k").syscall("System.Storage.Local.Put").op(RET)
    script = ask.to_bytes() + on_answer.to_bytes()
    any_, count = Parameter("p", "Any"), len(ask.to_bytes())
    methods = (Method("ask", (any_,) * 5, "Void", 0, False), Method("on_answer", (any_,) * 4, "Void", count, False))
    manifest = Manifest("asker", (), methods, permissions=(Permission(None, None),))
    return Contract(ASKER_ID, 0, ASKER, Nef("test", script), manifest)


@pytest.fixture
def chain() -> SmallChain:
    chain = SmallChain()
    chain.rows[-1, b"\x08" + ASKER] = asker().serialize()
    chain.rows[ROLES_ID, designation_key(Role.Oracle, 0)] = serialize(Array(map(bytes, (KEY, OTHER_KEY))))
    return chain


def ask(chain: SmallChain, *args: Pushable) -> Execution:
    return chain.run(ScriptBuilder().call(ASKER, "ask", args).to_bytes())


def answer(chain: SmallChain, request_id: int, result: bytes, script: bytes = FINISH) -> list[Execution]:
    response = OracleResponse(request_id, OracleResponseCode.Success, result)
    return chain.add(chain.transaction(script, response))


def test_a_request_is_kept_and_announced_and_its_gas_is_minted(chain: SmallChain) -> None:
    execution = ask(chain, URL, "$.a", "on_answer", 5, 30_000_000)
    request = oracle_requests.request_of(chain, 0)
    assert request is not None
    assert request.original_hash == chain.blocks[-1].transactions[0].hash
    assert (request.url, request.filter, request.callback_contract) == (URL, "$.a", ASKER)
    assert (request.callback_method, request.user_data) == ("on_answer", b"\x21\x01\x05")
    assert oracle_requests.ids_of_url(chain, URL) == [0]
    assert execution.notifications == (
        Notification(GAS.hash, "Transfer", (None, bytes(ORACLE.hash), 30_000_000)),
        Notification(ORACLE.hash, "OracleRequest", (0, bytes(ASKER), URL.encode(), b"$.a")),
    )


def test_each_request_has_the_next_id(chain: SmallChain) -> None:
    for _ in range(3):
        ask(chain, URL, None, "on_answer", None, 10_000_000)
    assert oracle_requests.ids_of_url(chain, URL) == [0, 1, 2]
    assert [request.filter for _, request in oracle_requests.requests(chain)] == [None, None, None]


@pytest.mark.parametrize(
    ("args", "text"),
    [
        (("u" * 257, None, "m", 0, 10**7), "URL size 257 bytes exceeds maximum allowed size of 256 bytes."),
        ((URL, "f" * 129, "m", 0, 10**7), "Filter size 129 bytes exceeds maximum allowed size of 128 bytes."),
        ((URL, None, "é" * 17, 0, 10**7), "Callback size 34 bytes exceeds maximum allowed size of 32 bytes."),
        ((URL, None, "_m", 0, 10**7), "Callback cannot start with underscore."),
        ((URL, None, "m", 0, 10**7 - 1), "gasForResponse 9999999 must be at least 10000000 Datoshi."),
        ((URL, None, "m", b"d" * 511, 10**7), "Operation is not valid due to the current state of the object."),
        ((None, None, "m", 0, 10**7), "The argument `url` can't be null."),
    ],
)
def test_a_request_is_refused_in_the_words_of_neo_cli(chain: SmallChain, args: tuple[Pushable, ...], text: str) -> None:
    assert ask(chain, *args).exception == text
    assert oracle_requests.ids_of_url(chain, URL) == []


def test_only_contracts_ask(chain: SmallChain) -> None:
    script = ScriptBuilder().call(ORACLE.hash, "request", (URL, None, "m", None, 10**7)).to_bytes()
    assert chain.run(script).exception == "Only contracts can make Oracle requests"


def test_256_requests_of_one_url_may_wait(chain: SmallChain) -> None:
    row = Array(range(256))
    chain.rows[oracle_requests.ORACLE_ID, oracle_requests.id_list_key(URL)] = serialize(row)
    assert ask(chain, URL, None, "m", 0, 10**7).exception == "There are too many pending responses for this url"
    assert ask(chain, URL + "y", None, "m", 0, 10**7).halted


def test_an_answer_reaches_the_contract_that_asked_and_the_request_is_gone(chain: SmallChain) -> None:
    ask(chain, URL, None, "on_answer", None, 10**7)
    original = chain.blocks[-1].transactions[0].hash
    finished = answer(chain, 0, b"42")[1]
    assert finished.notifications == (Notification(ORACLE.hash, "OracleResponse", (0, bytes(original))),)
    assert chain.get(ASKER_ID, b"k") == b"42"
    assert list(oracle_requests.requests(chain)) == [] and oracle_requests.ids_of_url(chain, URL) == []


def test_oracle_nodes_are_paid_by_turns_whether_or_not_the_answer_was_taken(chain: SmallChain) -> None:
    chain.run(ScriptBuilder().call(ORACLE.hash, "setPrice", (123,)).to_bytes())
    for request_id in range(2):
        ask(chain, URL, None, "on_answer", None, 10**7)
        executions = answer(chain, request_id, b"", FINISH if request_id else b"\x38")
        assert executions[1].halted == bool(request_id)
        account = key_account((KEY, OTHER_KEY)[request_id])
        assert executions[2].notifications[-1] == Notification(GAS.hash, "Transfer", (None, bytes(account), 123))


def test_without_oracle_nodes_nobody_is_paid(chain: SmallChain) -> None:
    del chain.rows[ROLES_ID, designation_key(Role.Oracle, 0)]
    ask(chain, URL, None, "on_answer", None, 10**7)
    # PostPersist gives the committee its GAS and no more.
    assert len(answer(chain, 0, b"")[2].notifications) == len(chain.add()[1].notifications)
    assert list(oracle_requests.requests(chain)) == []


def test_an_answer_to_nothing_fails_and_costs_nobody(chain: SmallChain) -> None:
    assert answer(chain, 7, b"42")[1].exception == "Oracle request not found"
    assert chain.run(FINISH).exception == "Oracle response not found"


def test_only_the_entry_script_finishes_and_only_once(chain: SmallChain) -> None:
    ask(chain, URL, None, "on_answer", None, 10**7)
    twice = answer(chain, 0, b"", FINISH + FINISH)[1]
    assert twice.exception == "Operation is not valid due to the current state of the object."


@pytest.mark.parametrize(
    ("attributes", "verified"), [((), False), ((OracleResponse(0, OracleResponseCode.Error, b""),), True)]
)
def test_verify_says_whether_there_is_an_answer(
    chain: SmallChain, attributes: tuple[OracleResponse, ...], verified: StackItem
) -> None:
    script = ScriptBuilder().call(ORACLE.hash, "verify", ()).to_bytes()
    assert chain.add(chain.transaction(script, *attributes))[1].stack == (verified,)


def test_the_committee_sets_the_price_of_a_request(chain: SmallChain) -> None:
    set_price = ScriptBuilder().call(ORACLE.hash, "setPrice", (123,)).to_bytes()
    assert oracle_requests.price(chain) == 50_000_000
    chain.rows[GAS.id, b"\x14" + ASKER] = chain.rows[GAS.id, b"\x14" + validators()]  # it pays for its script
    stranger = chain.add(chain.transaction(set_price, accounts=(ASKER,)))[1]
    assert str(stranger.exception).startswith("Invalid committee signature.")
    assert chain.run(set_price).halted and oracle_requests.price(chain) == 123
    refused = chain.run(ScriptBuilder().call(ORACLE.hash, "setPrice", (0,)).to_bytes())
    assert refused.exception == "Price must be positive (Parameter 'price')"
