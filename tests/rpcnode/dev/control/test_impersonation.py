"""dev_impersonate and dev_stopImpersonating."""

import pytest

from rpcnode.primitives.uint import UInt160
from tests.rpcnode.dev.control.small_chain_nodes import Start

STRANGER = "0x" + "11" * 20
OTHER = "0x" + "22" * 20


def test_accounts_are_impersonated_until_that_is_stopped(start: Start) -> None:
    node = start()
    assert node("dev_impersonate", STRANGER) == [STRANGER]
    assert node("dev_impersonate", OTHER) == [STRANGER, OTHER]
    assert node("dev_impersonate", OTHER) == [STRANGER, OTHER]
    told = [account["script_hash"] for account in node("dev_info")["impersonated"]["accounts"]]
    assert sorted(told) == sorted((STRANGER, OTHER), key=lambda text: str(UInt160.parse(text)))
    assert node("dev_stopImpersonating", STRANGER) == [OTHER]
    assert node("dev_stopImpersonating", OTHER) == []
    assert node("dev_info")["impersonated"]["accounts"] == []


def test_an_account_may_be_named(start: Start) -> None:
    node = start()
    account = node("dev_info")["accounts"][0]
    for named in (account["name"], account["address"], account["script_hash"]):
        assert node("dev_impersonate", named) == [account["script_hash"]]


def test_a_snapshot_has_those_who_are_impersonated(start: Start) -> None:
    node = start()
    snapshot = node("dev_snapshot")
    node("dev_impersonate", STRANGER)
    node("dev_revert", snapshot["id"] if isinstance(snapshot, dict) else snapshot)
    assert node("dev_info")["impersonated"]["accounts"] == []


@pytest.mark.parametrize("profile", ["n2", "n3-preview"])
def test_the_older_profiles_take_in_nothing(start: Start, profile: str) -> None:
    message = start(profile).error("dev_impersonate", STRANGER)["message"]
    assert message.startswith("transactions that clients send are taken in by chains of profile n3")
