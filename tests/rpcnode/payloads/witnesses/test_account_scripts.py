import pytest

from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.verification import script_hash
from rpcnode.primitives.address import address_of
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError, ProfileName
from rpcnode.primitives.hashes import sha256
from rpcnode.primitives.keys import derive_private_key, public_key_of
from rpcnode.primitives.uint import UInt160
from tests.rpcnode.payloads.older_blocks import NEO2_BLOCK_1, NEO2_GENESIS, PREVIEW2_BLOCK
from tests.rpcnode.payloads.witnesses.testchain_keys import COMMITTEE, FOUR_OF_SIX, THREE_OF_FOUR, VALIDATORS

KEY = "03aa052fbcb8e5b33a4eefd662536f8684641f04109f1d5e69cdda6f084890286a"
PROFILES: tuple[ProfileName, ...] = ("n3", "n3-preview", "n2")
N3 = ACCOUNT_SCRIPTS["n3"]


@pytest.mark.parametrize(
    ("profile", "script"),
    [("n3", f"0c21{KEY}4156e7b327"), ("n3-preview", f"0c21{KEY}0b410a906ad4"), ("n2", f"21{KEY}ac")],
)
def test_a_single_keys_script_is_the_profiles(profile: ProfileName, script: str) -> None:
    assert ACCOUNT_SCRIPTS[profile].single_key(ECPoint.parse(KEY)).hex() == script


@pytest.mark.parametrize(
    ("profile", "script"),
    [("n3", f"110c21{KEY}11419ed0dc3a"), ("n3-preview", f"110c21{KEY}110b413073b3bb"), ("n2", f"5121{KEY}51ae")],
)
def test_one_of_one_keys_script_is_the_profiles(profile: ProfileName, script: str) -> None:
    assert ACCOUNT_SCRIPTS[profile].bft([ECPoint.parse(KEY)]).hex() == script


@pytest.mark.parametrize(
    ("profile", "script"), [("n3", f"0c40{'07' * 64}"), ("n3-preview", f"0c40{'07' * 64}"), ("n2", f"40{'07' * 64}")]
)
def test_a_signature_is_handed_over_by_the_profiles_instruction(profile: ProfileName, script: str) -> None:
    assert ACCOUNT_SCRIPTS[profile].invocation([b"\x07" * 64]).hex() == script


def test_system_calls_are_named_by_the_first_bytes_of_their_names_hash() -> None:
    n3, preview = ACCOUNT_SCRIPTS["n3"], ACCOUNT_SCRIPTS["n3-preview"]
    assert n3.check_signature == b"\x41" + sha256(b"System.Crypto.CheckSig")[:4]
    assert n3.check_signatures == b"\x41" + sha256(b"System.Crypto.CheckMultisig")[:4]
    assert preview.check_signature == b"\x0b\x41" + sha256(b"Neo.Crypto.ECDsaVerify")[:4]
    assert preview.check_signatures == b"\x0b\x41" + sha256(b"Neo.Crypto.ECDsaCheckMultiSig")[:4]


def test_a_preview2_wallets_key_opens_the_account_that_its_node_showed() -> None:
    # A sender of the preview2 RPC client's test cases, with the verification script of its witness.
    account = ACCOUNT_SCRIPTS["n3-preview"].account(ECPoint.parse(KEY))
    assert str(account) == "0xcadb3dc2faa3ef14a13b619c9a43124755aa2569"
    assert address_of(account, 0x35) == "NVVwFw6XyhtRCFQ8SpUTMdPyYt4Vd9A1XQ"


def test_four_validators_of_preview2_have_the_account_that_their_block_names() -> None:
    # The block's witness: 3 of 4 keys, each behind 0c21; its header ends with the account.
    verification = PREVIEW2_BLOCK[100 + 1 + 3 + 264 + 1 :]
    keys = [ECPoint(verification[3 + 35 * number : 36 + 35 * number]) for number in range(4)]
    assert script_hash(ACCOUNT_SCRIPTS["n3-preview"].bft(reversed_order(keys))) == UInt160(PREVIEW2_BLOCK[80:100])


def test_seven_validators_of_neo2s_main_network_have_the_account_that_its_first_block_names() -> None:
    # Block 1's witness: 5 of 7 keys, each behind 21; block 0's header ends with the account.
    verification = NEO2_BLOCK_1[104 + 1 + 3 + 325 + 1 :]
    keys = [ECPoint(verification[2 + 34 * number : 35 + 34 * number]) for number in range(7)]
    assert script_hash(ACCOUNT_SCRIPTS["n2"].bft(reversed_order(keys))) == UInt160(NEO2_GENESIS[84:104])


def test_blocks_need_more_than_two_thirds_of_the_validators() -> None:
    script = N3.bft(VALIDATORS[::-1])
    assert script.hex() == THREE_OF_FOUR
    assert address_of(script_hash(script), 0x35) == "NVTiAjNgagDkTr5HTzDmQP9kPwPHN5BgVq"


def test_the_committee_has_one_account_whatever_the_order_of_its_keys() -> None:
    script = N3.multisig(4, COMMITTEE[::-1])  # more than half of six
    assert script.hex() == FOUR_OF_SIX
    assert str(script_hash(script)) == "0xdc19cdc97888b4d0f7329f71fbcb136aad285252"


@pytest.mark.parametrize(
    ("validators", "required"), [(1, "11"), (2, "12"), (3, "13"), (4, "13"), (6, "15"), (7, "15"), (21, "1f")]
)
def test_a_third_of_the_validators_may_be_faulty(validators: int, required: str) -> None:
    # n - floor((n - 1) / 3)
    keys = [public_key_of(derive_private_key("validators", index)) for index in range(validators)]
    assert N3.bft(keys)[:1].hex() == required


@pytest.mark.parametrize("required", [-1, 0, 3])
def test_an_impossible_number_of_signatures_is_refused(required: int) -> None:
    with pytest.raises(FormatError, match="1 <= required <= keys <= 1024 must hold"):
        N3.multisig(required, COMMITTEE[:2])


def test_more_than_1024_keys_are_refused() -> None:
    # PUSH1, each key behind 0c21, PUSHINT16 of 1024, the system call
    assert len(N3.multisig(1, COMMITTEE[:1] * 1024)) == 1 + 35 * 1024 + 3 + 5
    with pytest.raises(FormatError, match="1 of 1025 keys"):
        N3.multisig(1, COMMITTEE[:1] * 1025)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("required", [0, 2])
def test_as_many_keys_must_sign_as_there_are_or_fewer(profile: ProfileName, required: int) -> None:
    with pytest.raises(FormatError, match=f"{required} of 1 keys"):
        ACCOUNT_SCRIPTS[profile].multisig(required, [ECPoint.parse(KEY)])


def reversed_order(keys: list[ECPoint]) -> list[ECPoint]:
    """The keys of a script, which sorted them, in another order."""
    return keys[::-1]
