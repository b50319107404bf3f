"""Neo 2's transactions, their attributes and their fees."""

from typing import Any

import pytest

from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.neo2.attribute import DESCRIPTION_URL, ECDH02, HASH1, REMARK, SCRIPT, Neo2Attribute
from rpcnode.payloads.neo2.coins import GAS_ASSET, NEO_ASSET, CoinReference, TransactionOutput, fixed8_text
from rpcnode.payloads.neo2.transaction import Neo2Transaction
from rpcnode.payloads.neo2.transaction_data import (
    Claim,
    ContractTransaction,
    Enrollment,
    InvocationTransaction,
    Issue,
    MinerTransaction,
    Publish,
    Register,
    StateDescriptor,
    StateTransaction,
    TransactionData,
)
from rpcnode.payloads.verification import script_hash
from rpcnode.primitives.address import address_of
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.keys import verify
from rpcnode.primitives.uint import UInt160, UInt256
from tests.rpcnode.payloads.older_blocks import (
    NEO2_CLAIM,
    NEO2_CONTRACT,
    NEO2_CONTRACT_WITH_SCRIPT,
    NEO2_INVOCATION,
    NEO2_ISSUE,
    NEO2_REGISTER,
)

ADDRESS_VERSION = 0x17
GAS = 100_000_000
TRANSACTION_MEMBERS = "txid size type version attributes vin vout sys_fee net_fee scripts"
PUBLIC_KEY = ECPoint.parse("039f07df7861c216de3b78c647b77f8b01404b400a437302b651cdf206ec1af626")


@pytest.mark.parametrize(
    ("data", "name", "transaction_hash"),
    [
        (
            NEO2_INVOCATION,
            "InvocationTransaction",
            "0xfe4b3af60677204c57e573a57bdc97bc5059b05ad85b1474f84431f88d910f64",
        ),
        (NEO2_CONTRACT, "ContractTransaction", "0xee85d489e4428a538f39c1903771e1f222a383f8327c96ed19cc02079149a1fd"),
        (
            NEO2_CONTRACT_WITH_SCRIPT,
            "ContractTransaction",
            "0xf999c36145a41306c846ea80290416143e8e856559818065be3f4e143c60e43a",
        ),
        (NEO2_CLAIM, "ClaimTransaction", "0x462c0e6fcd68853dd44f4055e2aa759548038d3b1362b6182398a6d44c0d1bf0"),
        (NEO2_ISSUE, "IssueTransaction", "0xf1ec2baf76c47bb3460369a0f962321d30423e1329d0c0734d9cd7fce8ed89c2"),
        (NEO2_REGISTER, "RegisterTransaction", "0x439af8273fbe25fec2f5f2066679e82314fe0776d52a8c1c87e863bd831ced7d"),
    ],
    ids=["invocation", "contract", "contract with a script attribute", "claim", "issue", "register"],
)
def test_transactions_of_real_networks_hash_as_the_networks_say(data: bytes, name: str, transaction_hash: str) -> None:
    parsed = Neo2Transaction.parse(data)
    assert (parsed.data.name, str(parsed.hash)) == (name, transaction_hash)
    assert parsed.serialize() == data
    assert Neo2Transaction.parse_unsigned(parsed.serialize_unsigned()).with_witnesses(parsed.witnesses) == parsed


def test_an_invocation_prints_its_script_and_gas_last() -> None:
    json = Neo2Transaction.parse(NEO2_INVOCATION).to_json(ADDRESS_VERSION)
    assert " ".join(json) == f"{TRANSACTION_MEMBERS} script gas"
    assert json == {
        "txid": "0xfe4b3af60677204c57e573a57bdc97bc5059b05ad85b1474f84431f88d910f64",
        "size": len(NEO2_INVOCATION),
        "type": "InvocationTransaction",
        "version": 1,
        "attributes": [{"usage": "Script", "data": "6063795d3b9b3cd55aef026eae992b91063db0db"}],
        "vin": [],
        "vout": [],
        "sys_fee": "0",
        "net_fee": "0",
        "scripts": [
            {
                "invocation": "40c6a131c55ca38995402dff8e92ac55d89cbed4b98dfebbcb01acbc01bd78fa2ce2061be921b8999a9ab7"
                "9c2958875bccfafe7ce1bbbaf1f56580815ea3a4feed",
                "verification": "2102d41ddce2c97be4c9aa571b8a32cbc305aa29afffbcae71b0ef568db0e93929aaac",
            }
        ],
        "script": "0400b33f7114839c33710da24cf8e7d536b8d244f3991cf565c8146063795d3b9b3cd55aef026eae992b91063db0db"
        "53c1087472616e7366657267c5cc1cb5392019e2cc4e6d6b5ea54c8d4b6d11acf166cb072961424c54f6",
        "gas": "0",
    }


def test_the_signer_of_an_invocation_signed_its_unsigned_part() -> None:
    parsed = Neo2Transaction.parse(NEO2_INVOCATION)
    (witness,) = parsed.witnesses
    assert parsed.accounts_to_sign() == (witness.script_hash,)
    assert verify(ECPoint(witness.verification[1:34]), parsed.sign_data(), witness.invocation[1:])


def test_a_contract_transaction_prints_as_a_node_printed_it() -> None:
    # A node's getrawtransaction; the input's output held 100,000,000 NEO, the two outputs hold as many.
    parsed = Neo2Transaction.parse(NEO2_CONTRACT_WITH_SCRIPT)
    owner = UInt160.parse("0xe9eed8dc39332032dc22e5d6e86332c50327ba23")
    spent = {parsed.inputs[0]: TransactionOutput(NEO_ASSET, 100_000_000 * GAS, owner)}
    parsed = parsed.with_spent(spent)
    json = parsed.to_json(ADDRESS_VERSION)
    assert " ".join(json) == TRANSACTION_MEMBERS
    assert json["size"] == 283
    assert json["vin"] == [{"txid": "0x539084697cc220916cb5b16d2805945ec9f267aa004b6688fbf15e116c846aff", "vout": 0}]
    assert json["vout"] == [
        {"n": 0, "asset": str(NEO_ASSET), "value": "10000", "address": "AXpNr3SDfLXbPHNdqxYeHK5cYpKMHZxMZ9"},
        {"n": 1, "asset": str(NEO_ASSET), "value": "99990000", "address": "AK2nJJpJr6o664CWJKi1QRXjqeic2zRp8y"},
    ]
    assert (json["sys_fee"], json["net_fee"]) == ("0", "0")
    assert parsed.accounts_to_sign() == (owner,)


def test_a_network_fee_needs_the_coins_that_are_spent() -> None:
    parsed = Neo2Transaction.parse(NEO2_CONTRACT)
    with pytest.raises(FormatError, match=r"output 0 of 0x3631f660.* is spent, but not known"):
        parsed.to_json(ADDRESS_VERSION)


def test_the_network_fee_is_what_comes_in_less_what_goes_out_and_the_system_fee() -> None:
    coin = CoinReference(UInt256.ZERO, 1)
    made = Neo2Transaction(
        InvocationTransaction(b"\x66", gas=2 * GAS),
        version=1,
        inputs=(coin,),
        outputs=(TransactionOutput(GAS_ASSET, 3 * GAS, UInt160.ZERO),),
    )
    # 10 GAS came in, 3 went out, 2 pay for running
    assert made.with_spent({coin: TransactionOutput(GAS_ASSET, 10 * GAS, UInt160.ZERO)}).network_fee == 5 * GAS


def test_a_claim_prints_what_it_claims() -> None:
    json = Neo2Transaction.parse(NEO2_CLAIM).to_json(ADDRESS_VERSION)
    assert " ".join(json) == f"{TRANSACTION_MEMBERS} claims"
    assert json["claims"] == [{"txid": "0xee85d489e4428a538f39c1903771e1f222a383f8327c96ed19cc02079149a1fd", "vout": 0}]
    assert (json["net_fee"], json["vout"]) == (
        "0",
        [
            {
                "n": 0,
                "asset": str(GAS_ASSET),
                "value": "0.01144",
                "address": address_of(UInt160.parse("0xbcce7e9d00e0ddf86ba33f444718c47e4bdd1cf4"), ADDRESS_VERSION),
            }
        ],
    )


def test_a_registration_prints_its_asset() -> None:
    # On the main network a registration costs 10,000 GAS: 34,334.98856 came in, 24,334.98856 went out.
    parsed = Neo2Transaction.parse(NEO2_REGISTER)
    admin = UInt160.parse("0xbcce7e9d00e0ddf86ba33f444718c47e4bdd1cf4")
    spent = {parsed.inputs[0]: TransactionOutput(GAS_ASSET, 3433498856000, admin)}
    parsed = parsed.with_spent(spent)
    json = parsed.to_json(ADDRESS_VERSION)
    assert (json["sys_fee"], json["net_fee"]) == ("10000", "0")
    assert json["asset"] == {
        "type": "Token",
        "name": [{"lang": "zh-CN", "name": "Hello AntShares Mainnet"}],
        "amount": "1024",
        "precision": 8,
        "owner": str(PUBLIC_KEY),
        "admin": address_of(admin, ADDRESS_VERSION),
    }


@pytest.mark.parametrize(("name", "shown"), [("", None), ("Plain", "Plain"), ('{"a":1}', {"a": 1}), ("NaN", "NaN")])
def test_an_assets_name_is_json_where_it_reads_as_such(name: str, shown: Any) -> None:
    data = Register(0x60, name, -1, 8, PUBLIC_KEY, UInt160.ZERO)
    asset: Any = data.json_members(ADDRESS_VERSION)["asset"]
    assert (asset["name"], asset["amount"]) == (shown, "-0.00000001")


def test_an_enrollment_a_vote_and_a_publication_print_their_members() -> None:
    enrollment = Neo2Transaction(Enrollment(PUBLIC_KEY))
    assert enrollment.to_json(ADDRESS_VERSION)["pubkey"] == str(PUBLIC_KEY)
    assert enrollment.serialize().hex() == "2000" + str(PUBLIC_KEY) + "00000000"
    state = Neo2Transaction(
        StateTransaction(
            (
                StateDescriptor(0x48, PUBLIC_KEY, "Registered", b"\x01"),
                StateDescriptor(0x40, bytes(20), "Votes", b"\x00"),
            )
        )
    )
    assert state.system_fee == 1000 * GAS
    assert state.with_spent({}).to_json(ADDRESS_VERSION)["descriptors"] == [
        {"type": "Validator", "key": str(PUBLIC_KEY), "field": "Registered", "value": "01"},
        {"type": "Account", "key": "00" * 20, "field": "Votes", "value": "00"},
    ]
    publication = Publish(b"\x66", b"\x07\x10", 0x05, True, "n", "v", "a", "e", "d")
    assert publication.json_members(ADDRESS_VERSION) == {
        "contract": {
            "code": {
                "hash": str(script_hash(b"\x66")),
                "script": "66",
                "parameters": ["String", "Array"],
                "returntype": "ByteArray",
            },
            "needstorage": True,
            "name": "n",
            "version": "v",
            "author": "a",
            "email": "e",
            "description": "d",
        }
    }
    assert Neo2Transaction(publication, 1).serialize().hex() == (
        "d001" + "0166" + "020710" + "05" + "01" + "016e" + "0176" + "0161" + "0165" + "0164" + "00000000"
    )
    assert Neo2Transaction(publication, 0).serialize().hex().startswith("d000" + "0166" + "020710" + "05" + "016e")


@pytest.mark.parametrize(
    ("data", "version", "outputs", "fee"),
    [
        (MinerTransaction(1), 0, (), 0),
        (Claim((CoinReference(UInt256.ZERO, 0),)), 0, (), 0),
        (ContractTransaction(), 0, (), 0),
        (Issue(), 0, (TransactionOutput(NEO_ASSET, 1, UInt160.ZERO),), 0),
        (Issue(), 0, (TransactionOutput(UInt256.ZERO, 1, UInt160.ZERO),), 500),
        (Issue(), 1, (TransactionOutput(UInt256.ZERO, 1, UInt160.ZERO),), 0),
        (Enrollment(PUBLIC_KEY), 0, (), 1000),
        (Publish(b"", b"", 0, False, "", "", "", "", ""), 1, (), 500),
        (Register(0x00, "", 1, 0, None, UInt160.ZERO), 0, (), 0),
        (InvocationTransaction(b"\x66", 7 * GAS), 1, (), 7),
    ],
)
def test_system_fees_are_those_of_the_main_network(
    data: TransactionData, version: int, outputs: tuple[TransactionOutput, ...], fee: int
) -> None:
    assert Neo2Transaction(data, version, outputs=outputs).system_fee == fee * GAS


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1, "0.00000001"), (150_000_000, "1.5"), (100_000_000, "1"), (10**16, "100000000"), (-1, "-0.00000001")],
)
def test_amounts_print_without_zeros_at_their_end(value: int, text: str) -> None:
    assert fixed8_text(value) == text


@pytest.mark.parametrize(
    ("attribute", "data"),
    [
        (Neo2Attribute(SCRIPT, b"\x01" * 20), "20" + "01" * 20),
        (Neo2Attribute(HASH1, b"\x02" * 32), "a1" + "02" * 32),
        (Neo2Attribute(ECDH02, b"\x02" + b"\x03" * 32), "02" + "03" * 32),
        (Neo2Attribute(DESCRIPTION_URL, b"neo"), "81" + "03" + "6e656f"),
        (Neo2Attribute(REMARK, bytes(253)), "f0" + "fdfd00" + "00" * 253),
    ],
    ids=["script", "hash", "public key", "url", "remark"],
)
def test_how_an_attribute_is_written_depends_on_its_usage(attribute: Neo2Attribute, data: str) -> None:
    assert attribute.serialize().hex() == data
    assert Neo2Attribute.parse(bytes.fromhex(data)) == attribute


@pytest.mark.parametrize(
    ("data", "name"),
    [("20" + "00" * 20, "Script"), ("af" + "00" * 32, "Hash15"), ("ff00", "Remark15"), ("9000", "Description")],
)
def test_usages_have_their_names(data: str, name: str) -> None:
    assert Neo2Attribute.parse(bytes.fromhex(data)).to_json()["usage"] == name


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("0300", "no transaction has type 0x03"),
        ("0001" + "00000000", "the version of MinerTransaction is at most 0, got 1"),
        ("d102", "the version of InvocationTransaction is at most 1, got 2"),
        ("d10100", "script has 1 to 65536 bytes, got 0"),
        ("d1010166" + "ffffffffffffffff", "an invocation's gas is not negative, got -1"),
        ("020000", "a claim names at least one output"),
        ("80000191", "no transaction attribute has usage 0x91"),
        ("0000" + "00000000" + "00" + "01" + "00" * 34 + "00", "a miner transaction has no inputs, got 1"),
        ("8000" + "0000" + "01" + "00" * 60, "an output is of more than 0, got 0"),
        ("400060" + "00" + "00" * 8 + "08" + "00", "only NEO and GAS have no owner"),
        ("9000" + "01" + "41" + "000000", "a state descriptor's type is 40 or 48, got 41"),
        ("9000" + "01" + "40" + "000000", "the state of Account has 20 bytes of key and the field Votes"),
    ],
)
def test_what_the_node_refuses_is_no_transaction(data: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        Neo2Transaction.parse(bytes.fromhex(data) + bytes(40))


def test_a_single_key_opens_the_account_that_signed_with_it() -> None:
    (witness,) = Neo2Transaction.parse(NEO2_CLAIM).witnesses
    assert ACCOUNT_SCRIPTS["n2"].single_key(PUBLIC_KEY) == witness.verification
    assert str(ACCOUNT_SCRIPTS["n2"].account(PUBLIC_KEY)) == "0xbcce7e9d00e0ddf86ba33f444718c47e4bdd1cf4"
