import pytest

from rpcnode.payloads.verification import (
    Signatories,
    bft_script,
    committee_script,
    contract_hash,
    invocation_script,
    is_signed_by,
    multisig_script,
    script_hash,
    signatories_of,
    single_key_script,
)
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.address import address_of
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.keys import derive_private_key, public_key_of, sign
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.script_builder import ScriptBuilder

# Committee and validators of neo-go's test chain, the scripts as they stand in witnesses there.
KEYS = [
    "02103a7f7dd016558597f7960d27c516a4394fd968b9e65155eb4b013e4040406e",
    "02a7bc55fe8684e0119768d104ba30795bdcc86619e864add26156723ed185cd62",
    "02b3622bf4017bdfe317c58aed5f4c753f206b7db896046fa7d774bbc4bf7f8dc2",
    "02c429b3ea1aa486cb2edfd6e99d8055c1f81f1a9206664e2c40a586d187257557",
    "02c4de32252c50fa171dbe25379e4e2d55cdc12f69e382c39f59a44573ecff2f9d",
    "03d90c07df63e690ce77912e10ab51acc944b66860237b608c4f8f8309e71ee699",
]
COMMITTEE = [ECPoint.parse(key) for key in KEYS]
VALIDATORS = [COMMITTEE[0], COMMITTEE[1], COMMITTEE[2], COMMITTEE[5]]
SINGLE = "0c21" + KEYS[2] + "4156e7b327"
THREE_OF_FOUR = "13" + "".join("0c21" + str(key) for key in VALIDATORS) + "14" + "419ed0dc3a"
FOUR_OF_SIX = "14" + "".join("0c21" + key for key in KEYS) + "16" + "419ed0dc3a"


def test_an_account_with_one_key_has_neos_script_and_address() -> None:
    script = single_key_script(COMMITTEE[2])
    assert script.hex() == SINGLE
    assert address_of(script_hash(script), 0x35) == "Nhfg3TbpwogLvDGVvAvqyThbsHgoSUKwtn"


def test_blocks_need_more_than_two_thirds_of_the_validators() -> None:
    script = bft_script(VALIDATORS[::-1])
    assert script.hex() == THREE_OF_FOUR
    assert address_of(script_hash(script), 0x35) == "NVTiAjNgagDkTr5HTzDmQP9kPwPHN5BgVq"


def test_the_committee_needs_more_than_half_of_its_members() -> None:
    script = committee_script(COMMITTEE)
    assert script.hex() == FOUR_OF_SIX
    assert str(script_hash(script)) == "0xdc19cdc97888b4d0f7329f71fbcb136aad285252"


@pytest.mark.parametrize(
    ("validators", "required"), [(1, "11"), (2, "12"), (3, "13"), (4, "13"), (6, "15"), (7, "15"), (21, "1f")]
)
def test_a_third_of_the_validators_may_be_faulty(validators: int, required: str) -> None:
    # n - floor((n - 1) / 3)
    keys = [public_key_of(derive_private_key("validators", index)) for index in range(validators)]
    assert bft_script(keys)[:1].hex() == required


@pytest.mark.parametrize(("required", "keys"), [(0, 2), (3, 2), (1, 0), (-1, 2)])
def test_an_impossible_number_of_signatures_is_refused(required: int, keys: int) -> None:
    with pytest.raises(FormatError, match="1 <= required <= keys <= 1024 must hold"):
        multisig_script(required, COMMITTEE[:keys])


def test_more_than_1024_keys_are_refused() -> None:
    assert signatories_of(multisig_script(1, COMMITTEE[:1] * 1024)) == Signatories(1, (COMMITTEE[0],) * 1024)
    with pytest.raises(FormatError, match="1 of 1025 keys"):
        multisig_script(1, COMMITTEE[:1] * 1025)


@pytest.mark.parametrize(
    ("script", "signatories"),
    [
        (SINGLE, Signatories(1, (COMMITTEE[2],))),
        (THREE_OF_FOUR, Signatories(3, tuple(VALIDATORS))),
        (FOUR_OF_SIX, Signatories(4, tuple(COMMITTEE))),
    ],
)
def test_standard_scripts_name_their_signatories(script: str, signatories: Signatories) -> None:
    assert signatories_of(bytes.fromhex(script)) == signatories


@pytest.mark.parametrize(
    "script",
    [
        "",
        "11",
        SINGLE[2:],
        SINGLE + "40",
        "0c21" + "02" + "00" * 31 + "01" + "4156e7b327",
        "0c21" + KEYS[2] + "419ed0dc3a",
        THREE_OF_FOUR.replace("14419ed0dc3a", "15419ed0dc3a"),
        "10" + THREE_OF_FOUR[2:],
        "15" + THREE_OF_FOUR[2:],
        "419ed0dc3a",
        "11419ed0dc3a",
        "1111419ed0dc3a",
        THREE_OF_FOUR[:-10] + "4156e7b327",
    ],
)
def test_other_scripts_have_no_signatories(script: str) -> None:
    assert signatories_of(bytes.fromhex(script)) is None


PRIVATE = sorted(
    (derive_private_key("signatories", index) for index in range(3)), key=lambda key: public_key_of(key).sort_key
)
TWO_OF_THREE = multisig_script(2, [public_key_of(key) for key in PRIVATE])


@pytest.mark.parametrize(
    ("signers", "accepted"),
    [
        ((0, 1), True),
        ((0, 2), True),
        ((1, 2), True),
        ((1, 0), False),
        ((1, 1), False),
        ((0,), False),
        ((0, 1, 2), False),
        ((), False),
    ],
)
def test_signatures_come_once_each_in_the_order_of_the_keys(signers: tuple[int, ...], accepted: bool) -> None:
    invocation = invocation_script(sign(PRIVATE[signer], b"data") for signer in signers)
    assert is_signed_by(Witness(invocation, TWO_OF_THREE), script_hash(TWO_OF_THREE), b"data") is accepted


def test_a_witness_of_another_account_or_message_is_not_accepted() -> None:
    witness = Witness(invocation_script(sign(PRIVATE[i], b"data") for i in (0, 1)), TWO_OF_THREE)
    assert not is_signed_by(witness, UInt160.ZERO, b"data")
    assert not is_signed_by(witness, witness.script_hash, b"other")


def test_an_invocation_that_does_more_than_push_signatures_is_not_accepted() -> None:
    witness = Witness(invocation_script(sign(PRIVATE[i], b"data") for i in (0, 1)) + b"\x21", TWO_OF_THREE)
    assert not is_signed_by(witness, witness.script_hash, b"data")


@pytest.mark.parametrize(
    ("name", "displayed"),
    [
        ("ContractManagement", "0xfffdc93764dbaddd97c48f252a53ea4643faa3fd"),
        ("StdLib", "0xacce6fd80d44e1796aa0c2c625e9e4e0ce39efc0"),
        ("CryptoLib", "0x726cb6e0cd8628a1350a611384688911ab75f51b"),
        ("LedgerContract", "0xda65b600f7124ce6c79950c1772a36403104f2be"),
        ("NeoToken", "0xef4073a0f2b305a38ec4050e4d3d28bc40ea63f5"),
        ("GasToken", "0xd2a4cff31913016155e38e474a2c06d08be276cf"),
        ("PolicyContract", "0xcc5e4edd9f5f8dba8bb65734541df7a1c081c67b"),
        ("RoleManagement", "0x49cf4e5378ffcd4dec034fd98a174c5491e395e2"),
        ("OracleContract", "0xfe924b7cfe89ddd271abaf7210a80a7e11178758"),
        ("Notary", "0xc1e14f19c3e60d0b9244d06dd7ba9b113135ec3b"),
        ("Treasury", "0x156326f25b1b5d839a4d326aeaa75383c9563ac1"),
    ],
)
def test_native_contracts_have_their_well_known_hashes(name: str, displayed: str) -> None:
    assert str(contract_hash(UInt160.ZERO, 0, name)) == displayed


def test_native_contracts_of_the_previews_have_the_hashes_of_their_scripts() -> None:
    preview2 = ScriptBuilder().syscall("Neo.Native.Policy").to_bytes()
    assert str(script_hash(preview2)) == "0x3209d09120465bf181ced70693b897ec6ea4619a"


@pytest.mark.parametrize(
    ("name", "displayed"),
    [
        ("NEO", "0xde5f57d430d3dece511cf975a8d37848cb9e0525"),
        ("GAS", "0x668e0c1f9d7b70a99dd9e06eadd4c784d641afbc"),
        ("Policy", "0xce06595079cd69583126dbfd1d2e25cca74cffe9"),
    ],
)
def test_native_contracts_of_preview3_push_their_name_first(name: str, displayed: str) -> None:
    assert str(script_hash(ScriptBuilder().push(name).syscall("Neo.Native.Call").to_bytes())) == displayed
