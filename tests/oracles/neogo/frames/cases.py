"""What is sent to the websocket of a live neo-go: subscriptions, calls, messages, and transactions for them."""

import json
from base64 import b64encode
from typing import Any, Final

from rpcnode.execution.native_hashes import GAS, NEO
from rpcnode.payloads.attribute import Conflicts
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.vm.script_builder import ScriptBuilder
from tests.oracles.neogo.live import NETWORK
from tests.oracles.neogo.people import Draft, Person, Together, keys_of

ONE_GAS: Final = 100_000_000
VALID_UNTIL: Final = 1000
_ASSERT, _ABORT, _PUSHNULL = 0x39, 0x38, 0x0B

(VALIDATOR,) = keys_of("frames/key", 1)
ALICE, BOB = keys_of("frames/user", 2)
BANK: Final = Together(1, (VALIDATOR,))


def _transaction(
    nonce: int,
    script: bytes,
    people: tuple[Person, ...],
    *,
    system_fee: int = ONE_GAS,
    network_fee: int = ONE_GAS,
    conflicts: Transaction | None = None,
) -> Transaction:
    signers = tuple(Signer(person.account, WitnessScope.CalledByEntry) for person in people)
    attributes = () if conflicts is None else (Conflicts(conflicts.hash),)
    return Draft(script, signers, people, system_fee, network_fee, attributes).signed(nonce, VALID_UNTIL, NETWORK)


def _transfers(sender: Person, *moves: tuple[Any, Person, int]) -> ScriptBuilder:
    builder = ScriptBuilder()
    for token, receiver, amount in moves:
        builder.call(token, "transfer", [sender.account, receiver.account, amount, None]).op(_ASSERT)
    return builder


OPENING: Final = _transaction(
    1,
    _transfers(BANK, (GAS, ALICE, 10_000 * ONE_GAS), (GAS, BOB, 100 * ONE_GAS), (NEO, ALICE, 1000)).to_bytes(),
    (BANK,),
)
BY_TWO: Final = _transaction(2, _transfers(ALICE, (GAS, BOB, 5 * ONE_GAS)).to_bytes(), (ALICE, BOB))
FAILING: Final = _transaction(3, _transfers(ALICE, (GAS, BOB, 7)).op(_ABORT).to_bytes(), (ALICE,))
CANDIDATE: Final = _transaction(
    4,
    ScriptBuilder().call(NEO, "registerCandidate", [bytes(ALICE.public)]).op(_ASSERT).to_bytes(),
    (ALICE,),
    system_fee=1010 * ONE_GAS,
)
OF_NOTHING: Final = _transaction(5, _transfers(BOB, (GAS, ALICE, 0)).to_bytes(), (BOB,))
VALUES: Final = _transaction(
    6,
    ScriptBuilder().push([b"text", -5, True, [], [b"key"]]).op(_PUSHNULL).to_bytes(),
    (ALICE,),
)
REPLACED: Final = _transaction(7, b"\x11", (ALICE,), network_fee=ONE_GAS)
REPLACING: Final = _transaction(8, b"\x12", (ALICE,), network_fee=3 * ONE_GAS, conflicts=REPLACED)
TRANSACTIONS: Final = ((OPENING,), (BY_TWO,), (FAILING,), (CANDIDATE,), (OF_NOTHING, VALUES), (REPLACED, REPLACING))


def _hash(key: Person) -> str:
    return str(key.account)


SUBSCRIPTIONS: Final[dict[str, list[list[Any]]]] = {
    "everything": [
        ["block_added"],
        ["header_of_added_block"],
        ["transaction_added"],
        ["transaction_executed"],
        ["notification_from_execution"],
        ["mempool_event"],
    ],
    "twice the same": [["block_added"], ["block_added", {"since": 3}]],
    "some blocks": [["block_added", {"primary": 0, "since": 6, "till": 9}]],
    "some headers": [["header_of_added_block", {"since": 5, "till": 5}]],
    "no header": [["header_of_added_block", {"primary": 1}]],
    "empty filter": [["header_of_added_block", {}]],
    "null filter": [["header_of_added_block", None]],
    "sent by Bob": [["transaction_added", {"sender": _hash(BOB)}]],
    "signed by Bob": [["transaction_added", {"signer": _hash(BOB).removeprefix("0x")}]],
    "sent by Alice, signed by Bob": [["transaction_added", {"sender": _hash(ALICE), "signer": _hash(BOB)}]],
    "of NEO": [["notification_from_execution", {"contract": str(NEO)}]],
    "named": [["notification_from_execution", {"name": "CandidateStateChanged"}]],
    "to Bob": [
        [
            "notification_from_execution",
            {
                "contract": str(GAS),
                "name": "Transfer",
                "parameters": [{"type": "Any"}, {"type": "Hash160", "value": _hash(BOB)}],
            },
        ]
    ],
    "of nothing": [
        [
            "notification_from_execution",
            {
                "name": "Transfer",
                "parameters": [{"type": "Any", "value": None}, {"type": "Any"}, {"type": "Integer", "value": "0"}],
            },
        ]
    ],
    "a public key": [
        [
            "notification_from_execution",
            {
                "parameters": [{"type": "PublicKey", "value": str(ALICE.public)}, {"type": "Boolean", "value": True}],
            },
        ]
    ],
    "bytes": [
        [
            "notification_from_execution",
            {
                "parameters": [{"type": "ByteArray", "value": b64encode(BOB.account).decode()}],
            },
        ]
    ],
    "more parameters than items": [
        ["notification_from_execution", {"parameters": [*[{"type": "Any"}] * 5, {"type": "Integer", "value": 1}]}]
    ],
    "failed": [["transaction_executed", {"state": "FAULT"}]],
    "of one transaction": [["transaction_executed", {"state": "HALT", "container": str(BY_TWO.hash)}]],
    "of a failed one": [
        ["notification_from_execution", {"contract": str(GAS)}],
        ["transaction_executed", {"container": str(FAILING.hash)}],
    ],
    "taken into the pool": [["mempool_event", {"type": "added", "signer": _hash(BOB)}]],
    "out of the pool": [["mempool_event", {"type": "removed", "sender": _hash(ALICE)}]],
}

ASKED: Final[list[tuple[str, list[Any]]]] = [
    *[("subscribe", ["block_added"])] * 15,
    ("subscribe", ["transaction_added", {"sender": _hash(ALICE)}]),
    ("subscribe", ["block_added"]),
    ("unsubscribe", ["3"]),
    ("unsubscribe", ["3"]),
    ("unsubscribe", [4]),
    ("subscribe", ["header_of_added_block"]),
    ("unsubscribe", ["16"]),
    ("unsubscribe", ["-1"]),
    ("unsubscribe", ["text"]),
    ("unsubscribe", []),
    ("unsubscribe", [None]),
    ("unsubscribe", [True]),
    ("unsubscribe", [1.5]),
    ("unsubscribe", ["5", "surplus"]),
    ("subscribe", []),
    ("subscribe", [None]),
    ("subscribe", [1]),
    ("subscribe", ["event_missed"]),
    ("subscribe", ["missed_event"]),
    ("subscribe", ["blocks"]),
    ("subscribe", ["Block_Added"]),
    ("subscribe", ["notary_request_event"]),
    ("subscribe", ["block_added", {"height": 1}]),
    ("subscribe", ["block_added", {"Since": 1}]),
    ("subscribe", ["block_added", {"since": -1}]),
    ("subscribe", ["block_added", {"since": "1"}]),
    ("subscribe", ["block_added", {"since": 1.5}]),
    ("subscribe", ["block_added", {"since": 2**32}]),
    ("subscribe", ["block_added", {"primary": 256}]),
    ("subscribe", ["block_added", {"primary": None}]),
    ("subscribe", ["block_added", []]),
    ("subscribe", ["block_added", "text"]),
    ("subscribe", ["block_added", 1]),
    ("subscribe", ["transaction_added", {"sender": "text"}]),
    ("subscribe", ["transaction_added", {"sender": 1}]),
    ("subscribe", ["transaction_added", {"sender": ALICE.address}]),
    ("subscribe", ["transaction_added", {"since": 1}]),
    ("subscribe", ["transaction_executed", {"state": "NONE"}]),
    ("subscribe", ["transaction_executed", {"state": "halt"}]),
    ("subscribe", ["transaction_executed", {"container": "0x00"}]),
    ("subscribe", ["notification_from_execution", {"name": "n" * 33}]),
    ("subscribe", ["notification_from_execution", {"name": 5}]),
    ("subscribe", ["notification_from_execution", {"parameters": [{"type": "Any"}]}]),
    ("subscribe", ["notification_from_execution", {"parameters": [{"type": "Integer", "value": 1}] * 17}]),
    ("subscribe", ["notification_from_execution", {"parameters": [{"type": "Array", "value": []}]}]),
    ("subscribe", ["notification_from_execution", {"parameters": [{"type": "Integer", "value": "text"}]}]),
    ("subscribe", ["notification_from_execution", {"parameters": [{"type": "Word", "value": 1}]}]),
    ("subscribe", ["notification_from_execution", {"parameters": [{"value": 1}]}]),
    ("subscribe", ["notification_from_execution", {"parameters": {}}]),
    ("subscribe", ["mempool_event", {"type": "changed"}]),
    ("subscribe", ["mempool_event", {"type": 1}]),
    ("subscribe", ["mempool_event", {"name": "x"}]),
    # What is taken is given up again, so that there is room.
    *[
        call
        for taken in (
            ["notification_from_execution", {"name": "n" * 32}],
            ["notification_from_execution", {"parameters": []}],
            ["notification_from_execution", {"parameters": [{"type": "Integer", "value": 1}] * 16}],
            ["notification_from_execution", {"parameters": [{"type": "String", "value": "text"}]}],
            ["notification_from_execution", {"parameters": [{"type": "Hash256", "value": "0x" + "00" * 32}]}],
            ["notification_from_execution", {"parameters": [{"type": "Signature", "value": "00" * 64}]}],
            ["notification_from_execution", {"contract": None, "name": None, "parameters": None}],
            ["transaction_executed", {"state": None}],
            ["block_added", {"since": 5, "till": 3}],
            ["block_added", {}, "surplus"],
        )
        for call in (("subscribe", taken), ("unsubscribe", ["4"]))
    ],
    ("getblockcount", []),
    ("getblockhash", [0]),
    ("nosuchmethod", []),
]

RAW: Final = {
    "a batch": json.dumps(
        [
            {"jsonrpc": "2.0", "id": 1, "method": "subscribe", "params": ["transaction_added"]},
            {"jsonrpc": "2.0", "id": 2, "method": "getblockhash", "params": [0]},
            {"jsonrpc": "2.0", "id": 3, "method": "unsubscribe", "params": ["0"]},
        ]
    ),
    "an id that is text": '{"jsonrpc":"2.0","id":"one","method":"getblockhash","params":[0]}',
    "broken JSON": "{",
    "an empty message": "",
    "a scalar": "1",
    "null": "null",
    "an empty batch": "[]",
    "no method": '{"jsonrpc":"2.0","id":1,"params":[]}',
    "named params": '{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"stream":"block_added"}}',
}
TOO_LONG: Final = 4 * 1024 * 1024
