"""Encrypted keys. The vectors are those of NEP-2 (Neo 2) and of neon-js (N3), the quick one of neo-cli 3.10.2."""

import pytest

from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.wallet.nep2 import QUICK, Scrypt, WrongPassword, decrypted_key, encrypted_key
from rpcnode.primitives.address import N2_VERSION, N3_VERSION, address_of
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError, ProfileName
from rpcnode.primitives.keys import private_key_from_wif, wif_of

NEP2 = "6PYRGojeRjiHwuSx3h3sGANfBKxEU79j67175KtkbzmiEABrVG56n9A1ns"
WIF = "KzuQdW9hp9yUDkm4542x3jref9PRLBUWCRQczHXKKXmYr7Z8eZUa"


def n3_address(key: ECPoint) -> str:
    return address_of(ACCOUNT_SCRIPTS["n3"].account(key), N3_VERSION)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("profile", "version", "nep2", "password", "wif"),
    [
        (
            "n2",
            N2_VERSION,
            "6PYVPVe1fQznphjbUxXP9KZJqPMVnVwCx5s5pr5axRJ8uHkMtZg97eT5kL",
            "TestingOneTwoThree",
            "L44B5gGEpqEDRS9vVPz7QT35jcBG2r3CZwSwQ4fCewXAhAhqGVpP",
        ),
        (
            "n2",
            N2_VERSION,
            "6PYN6mjwYfjPUuYT3Exajvx25UddFVLpCw4bMsmtLdnKwZ9t1Mi3CfKe8S",
            "Satoshi",
            "KwYgW8gcxj1JWJXhPSu4Fqwzfhp5Yfi42mdYmMa4XqK7NJxXUSK7",
        ),
        (
            "n3",
            N3_VERSION,
            "6PYUUUFei9PBBfVkSn8q7hFCnewWFRBKPxcn6Kz6Bmk3FqWyLyuTQE2XFH",
            "city of zion",
            "L1QqQJnpBwbsPGAuutuzPTac8piqvbR1HRjrY5qHup48TBCBFe4g",
        ),
    ],
    ids=["NEP-2, first", "NEP-2, second", "N3"],
)
def test_keys_of_the_usual_scrypt_open_and_close(
    profile: ProfileName, version: int, nep2: str, password: str, wif: str
) -> None:
    def address(key: ECPoint) -> str:
        return address_of(ACCOUNT_SCRIPTS[profile].account(key), version)

    assert wif_of(decrypted_key(nep2, password, Scrypt(), address)) == wif
    assert encrypted_key(private_key_from_wif(wif), password, Scrypt(), address) == nep2


def test_a_key_of_the_quick_scrypt_opens_and_closes() -> None:
    assert wif_of(decrypted_key(NEP2, "pass", QUICK, n3_address)) == WIF
    assert encrypted_key(private_key_from_wif(WIF), "pass", QUICK, n3_address) == NEP2


@pytest.mark.parametrize("password", ["", "Pass", "pass ", "päss"])
def test_a_wrong_password_opens_nothing(password: str) -> None:
    with pytest.raises(WrongPassword):
        decrypted_key(NEP2, password, QUICK, n3_address)


@pytest.mark.parametrize("text", ["", "x", "0OIl", NEP2[:-1], NEP2[:-1] + "t", NEP2 + "1", WIF, "1" * 10_000])
def test_what_is_no_encrypted_key_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(FormatError) as refused:
        decrypted_key(text, "pass", QUICK, n3_address)
    assert str(refused.value) == "an encrypted key is Base58 of 0142e0, 36 bytes and a checksum"


@pytest.mark.parametrize(("n", "r", "p"), [(0, 1, 1), (1, 1, 1), (3, 1, 1), (2, 0, 1), (2, 1, 0), (-2, 1, 1)])
def test_parameters_that_scrypt_does_not_have_are_refused(n: int, r: int, p: int) -> None:
    with pytest.raises(FormatError, match="a power of 2 over 1"):
        Scrypt(n, r, p)


@pytest.mark.parametrize(("n", "r", "p"), [(2**20, 8, 1), (16384, 8, 65), (2, 1, 2**23), (2, 2**20, 1)])
def test_parameters_that_cost_more_than_a_node_has_are_refused(n: int, r: int, p: int) -> None:
    with pytest.raises(FormatError, match="costs more than"):
        Scrypt(n, r, p)
