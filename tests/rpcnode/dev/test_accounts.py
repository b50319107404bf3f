import json
from importlib.resources import files

import pytest

from rpcnode.chain.network import network_defaults
from rpcnode.dev.accounts import DEFAULT_SEED, dev_accounts
from rpcnode.dev.fixture.accounts import single_key_account
from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.primitives.address import address_of
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.keys import derive_private_key, public_key_of

PROFILES: tuple[ProfileName, ...] = ("n3", "n3-preview", "n2")


@pytest.mark.parametrize("profile", PROFILES)
def test_the_written_out_accounts_are_those_that_the_keys_open(profile: ProfileName) -> None:
    written_out = json.loads(files("rpcnode.dev").joinpath("accounts.json").read_text("utf-8"))[profile]
    assert written_out == [
        str(ACCOUNT_SCRIPTS[profile].account(public_key_of(derive_private_key(DEFAULT_SEED, number))))
        for number in range(10)
    ]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("seed", [DEFAULT_SEED, "another"])
def test_accounts_past_the_written_out_ones_and_of_other_seeds_are_worked_out(profile: ProfileName, seed: str) -> None:
    accounts = dev_accounts(profile, seed, 12)
    assert [account.name for account in accounts] == [f"account{number}" for number in range(1, 13)]
    assert [account.private_key for account in accounts] == [derive_private_key(seed, number) for number in range(12)]
    assert accounts[11].script_hash == ACCOUNT_SCRIPTS[profile].account(public_key_of(accounts[11].private_key))


def test_one_key_opens_another_account_in_each_profile() -> None:
    key = derive_private_key(DEFAULT_SEED, 0)
    assert len({single_key_account(key, profile) for profile in PROFILES}) == 3


@pytest.mark.parametrize(
    ("profile", "address"),
    [
        # Private key 1, whose public key is the curve's base point 036b17d1...c296: Base58Check of the version byte and
        # RIPEMD160(SHA256(0c21 key 4156e7b327)), of 0c21 key 0b410a906ad4, and of 21 key ac, worked out with hashlib,
        # pycryptodome and base58 alone.
        ("n3", "NVHt5YtAnadMwntAVAJLUy36M2nLYKHUeK"),
        ("n3-preview", "NPKjdywvA9n4CjNEUPxFQ1Fwzi8cy4UFbz"),
        ("n2", "AR6NuGFzZfzqbXR3YasfXNmR3VHVNKi2yo"),
    ],
)
def test_a_key_opens_the_account_of_the_profiles_script(profile: ProfileName, address: str) -> None:
    account = single_key_account((1).to_bytes(32, "big"), profile)
    assert address_of(account, network_defaults(profile).address_version) == address
