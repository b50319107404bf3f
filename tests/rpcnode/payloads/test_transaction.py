import copy
import pickle
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given

from rpcnode.payloads.attribute import Conflicts, HighPriority, NotValidBefore
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.errors import EndOfData, FormatError
from rpcnode.primitives.uint import UInt160, UInt256
from tests.rpcnode.payloads.payload_strategies import transactions

TRANSACTION = Transaction(
    nonce=0x01020304,
    system_fee_datoshi=258,
    network_fee_datoshi=1,
    valid_until_block=100,
    signers=(Signer(UInt160(b"\xaa" * 20), WitnessScope.CalledByEntry),),
    attributes=(HighPriority(),),
    script=b"\x11\x40",
    witnesses=(Witness(b"\x01", b"\x02"),),
)
UNSIGNED = (
    "00"
    "04030201"
    "0201000000000000"
    "0100000000000000"
    "64000000"  # version, nonce, fees, valid until
    "01" + "aa" * 20 + "01"
    "0101"
    "021140"  # one signer, one attribute, the script
)
SIGNED = UNSIGNED + "0101010102"  # one witness


def _signers(count: int) -> tuple[Signer, ...]:
    return tuple(Signer(UInt160(bytes([number]) * 20)) for number in range(count))


def test_a_transaction_is_its_unsigned_part_and_its_witnesses() -> None:
    assert TRANSACTION.serialize_unsigned().hex() == UNSIGNED
    assert TRANSACTION.serialize().hex() == SIGNED
    assert Transaction.parse(bytes.fromhex(SIGNED)) == TRANSACTION
    assert TRANSACTION.size == len(SIGNED) // 2


def test_the_hash_is_a_single_sha256_of_the_unsigned_part() -> None:
    assert TRANSACTION.hash == sha256(bytes.fromhex(UNSIGNED)).digest()
    assert TRANSACTION.hash is TRANSACTION.hash


def test_witnesses_sign_the_network_and_the_hash() -> None:
    # 860833102 is 0x334f454e.
    assert TRANSACTION.sign_data(860833102) == bytes.fromhex("4e454f33") + sha256(bytes.fromhex(UNSIGNED)).digest()


def test_witnesses_do_not_change_the_hash() -> None:
    unsigned = Transaction.parse_unsigned(bytes.fromhex(UNSIGNED))
    assert unsigned.witnesses == ()
    assert unsigned.hash == TRANSACTION.hash
    assert unsigned.with_witnesses(TRANSACTION.witnesses) == TRANSACTION


def test_another_field_changes_the_hash() -> None:
    assert TRANSACTION.hash
    assert replace(TRANSACTION, nonce=7).hash != TRANSACTION.hash


def test_copies_keep_the_hash() -> None:
    assert TRANSACTION.hash
    assert copy.deepcopy(TRANSACTION).hash == TRANSACTION.hash
    assert pickle.loads(pickle.dumps(TRANSACTION)).hash == TRANSACTION.hash


def test_a_count_in_a_longer_form_hashes_as_the_node_hashes_it() -> None:
    # The node hashes what it would write itself, so the form in which the bytes came does not count.
    longer = SIGNED.replace("021140", "fd02001140")
    assert Transaction.parse(bytes.fromhex(longer)).hash == TRANSACTION.hash


def test_the_sender_is_the_first_signer() -> None:
    assert replace(TRANSACTION, signers=_signers(2)[::-1], witnesses=()).sender == b"\x01" * 20


def test_the_json_has_neo_clis_members_in_its_order() -> None:
    json = TRANSACTION.to_json(0x17)
    assert json == {
        "hash": "0x" + sha256(bytes.fromhex(UNSIGNED)).digest()[::-1].hex(),
        "size": 52 + 5,
        "version": 0,
        "nonce": 16909060,
        "sender": "AXLGyEipUGdjgvdiabYsoy7HZc6fBmTVWz",  # base58.b58encode_check(b"\x17" + b"\xaa" * 20)
        "sysfee": "258",
        "netfee": "1",
        "validuntilblock": 100,
        "signers": [{"account": "0x" + "aa" * 20, "scopes": "CalledByEntry"}],
        "attributes": [{"type": "HighPriority"}],
        "script": "EUA=",
        "witnesses": [{"invocation": "AQ==", "verification": "Ag=="}],
    }
    assert " ".join(json) == (
        "hash size version nonce sender sysfee netfee validuntilblock signers attributes script witnesses"
    )


@given(transactions())
def test_every_transaction_comes_back_from_its_bytes(transaction: Transaction) -> None:
    data = transaction.serialize()
    assert Transaction.parse(data) == transaction
    assert transaction.size == len(data)
    assert Transaction.parse_unsigned(transaction.serialize_unsigned()) == replace(transaction, witnesses=())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"version": 1}, "Invalid version: 1."),
        ({"system_fee_datoshi": -1}, "Invalid system fee: -1."),
        ({"network_fee_datoshi": -1}, "Invalid network fee: -1."),
        ({"system_fee_datoshi": 2**63 - 1}, "Invalid fee: 9223372036854775807"),
        ({"signers": (), "witnesses": ()}, "Signers in Transaction is empty"),
        ({"signers": _signers(17), "witnesses": ()}, "at most 16 signers and attributes together, got 17 and 1"),
        ({"signers": _signers(16), "witnesses": ()}, "at most 16 signers and attributes together, got 16 and 1"),
        ({"signers": _signers(1) * 2, "witnesses": ()}, "` in Transaction is duplicate"),
        ({"attributes": (NotValidBefore(1), NotValidBefore(2))}, "`NotValidBefore` in Transaction is duplicate"),
        ({"script": b""}, "Script in Transaction is empty"),
        ({"script": bytes(65536)}, "script has at most 65535 bytes, got 65536"),
        ({"witnesses": (Witness(), Witness())}, "1 signers need as many witnesses, got 2"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_transaction_past_a_limit_cannot_be_made(changes: dict[str, object], message: str) -> None:
    with pytest.raises(FormatError, match=message):
        replace(TRANSACTION, **changes)  # type: ignore[arg-type]


START, SIGNER = UNSIGNED[:50], "aa" * 20 + "01"
DISTINCT = [bytes([number] * 20).hex() + "01" for number in range(17)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("01" + SIGNED[2:], "Invalid version: 1."),
        (SIGNED[:10] + "ff" * 8 + SIGNED[26:], "Invalid system fee: -1."),
        (SIGNED[:10] + "ff" * 7 + "7f" + SIGNED[26:], "Invalid fee: 9223372036854775807"),
        (START + "0000011100", "Signers in Transaction is empty"),
        (START + "11" + "".join(DISTINCT) + "00011100", "greater than max: 17/16"),
        (START + "10" + "".join(DISTINCT[:16]) + "0101011100", r"VarInt value is greater than max: \d+/0"),
        (START + "02" + SIGNER * 2 + "0001110200000000", "` in Transaction is duplicate"),
        (START + "01" + SIGNER + "0201010111010000", "`HighPriority` in Transaction is duplicate"),
        (START + "01" + SIGNER + "0000010000", "Script in Transaction is empty"),
        (START + "01" + SIGNER + "00fe00000100", r"VarInt value is greater than max: \d+/65535"),
        (START + "01" + SIGNER + "00011100", "1 signers need as many witnesses, got 0"),
        (START + "01" + SIGNER + "0001110200000000", r"VarInt value is greater than max: \d+/1"),
        (SIGNED + "00", "1 bytes too many"),
    ],
    ids=lambda value: value if " " in value else None,
)
def test_bytes_past_a_limit_are_refused(data: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        Transaction.parse(bytes.fromhex(data))


def test_sixteen_signers_and_several_conflicts_are_allowed() -> None:
    full = replace(TRANSACTION, signers=_signers(16), attributes=(), witnesses=(Witness(),) * 16)
    assert Transaction.parse(full.serialize()) == full
    conflicts = (Conflicts(UInt256.ZERO), Conflicts(UInt256(b"\x01" * 32)))
    conflicting = replace(TRANSACTION, attributes=conflicts)
    assert Transaction.parse(conflicting.serialize()) == conflicting


def test_a_transaction_of_more_than_102400_bytes_is_refused() -> None:
    # 12 signers with 16 rules, each an And of 16 public keys: 12 * 16 * 16 * 34 bytes and more.
    condition = "0210" + ("19" + "02103a7f7dd016558597f7960d27c516a4394fd968b9e65155eb4b013e4040406e") * 16
    signers = "".join(bytes([number] * 20).hex() + "4010" + ("01" + condition) * 16 for number in range(12))
    data = START + "0c" + signers + "0001110c" + "0000" * 12
    assert len(data) // 2 > 102_400
    with pytest.raises(FormatError, match="at most 102400 bytes, got"):
        Transaction.parse(bytes.fromhex(data))


@pytest.mark.parametrize("size", range(len(SIGNED) // 2))
def test_a_cut_off_transaction_is_the_end_of_data(size: int) -> None:
    with pytest.raises(EndOfData):
        Transaction.parse(bytes.fromhex(SIGNED)[:size])
