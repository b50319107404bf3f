"""PolicyContract: its rows by hardfork, blocked accounts, recovered funds, fixed fees.

Rows and texts are those of neo-cli 3.10.2 (getnativecontracts and findstorage at genesis; SmartContract/Native).
"""

import pytest

from rpcnode.execution.hardforks import Hardfork
from rpcnode.natives.committee import committee_address, multisig_account
from rpcnode.natives.gas_token import GAS
from rpcnode.natives.policy import POLICY
from rpcnode.natives.policy_values import (
    attribute_fee,
    exec_fee_factor,
    exec_pico_fee_factor,
    is_blocked,
    max_traceable_blocks,
    ms_per_block,
)
from rpcnode.natives.treasury import TREASURY
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import integer_bytes, integer_of
from tests.rpcnode.natives.native_world import GENESIS_MS, KEYS, NativeWorld, result

ANYBODY = UInt160(b"\x11" * 20)
YEAR_MS = 31_536_000_000

FIRST = {"0a": 1000, "12": 30, "13": 100_000}
ECHIDNA = {"1422": 10_000_000, "15": 250, "16": 5760, "17": 200_000}


def rows(world: NativeWorld) -> dict[str, int]:
    return {key.hex(): integer_of(value) for key, value in world.storage.find(POLICY.id, b"")}


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (Hardfork.Domovoi, FIRST),
        (Hardfork.Echidna, FIRST | ECHIDNA),
        (Hardfork.Faun, FIRST | ECHIDNA | {"12": 300_000}),
        (Hardfork.Gorgon, FIRST | ECHIDNA | {"12": 300_000}),
    ],
)
def test_each_hardfork_brings_its_rows(last: Hardfork, expected: dict[str, int]) -> None:
    assert rows(NativeWorld({hardfork: 0 for hardfork in Hardfork if hardfork <= last})) == expected


def test_faun_multiplies_the_factor_and_dates_the_accounts_that_were_blocked_before() -> None:
    world = NativeWorld({hardfork: 0 if hardfork < Hardfork.Faun else 5 for hardfork in Hardfork})
    committee = committee_address(world.storage)
    assert result(world.call(POLICY, "blockAccount", ANYBODY, signers=[committee])) is True
    assert world.storage.get(POLICY.id, b"\x0f" + ANYBODY) == b""
    assert exec_pico_fee_factor(world.storage, world.settings, 4) == 300_000
    world.time_ms += 777
    world.reach(5)
    assert world.storage.get(POLICY.id, b"\x0f" + ANYBODY) == integer_bytes(GENESIS_MS + 777)
    assert exec_pico_fee_factor(world.storage, world.settings, 5) == 300_000
    assert exec_fee_factor(world.storage, world.settings, 5) == 30


def test_the_exec_fee_factor_loses_its_fraction_where_datoshi_are_asked_for() -> None:
    world = NativeWorld()
    world.call(POLICY, "setExecFeeFactor", 255_001, signers=[committee_address(world.storage)])
    assert result(world.call(POLICY, "getExecFeeFactor")) == 25
    assert result(world.call(POLICY, "getExecPicoFeeFactor")) == 255_001
    assert exec_fee_factor(world.storage, world.settings, 1) == 25


def test_values_that_have_no_row_yet_come_from_the_settings() -> None:
    world = NativeWorld({})
    assert ms_per_block(world.storage, world.settings) == 250
    assert max_traceable_blocks(world.storage, world.settings) == 200_000
    assert attribute_fee(world.storage, 0x22) == 0


def test_committee_signs_with_more_than_half() -> None:
    world = NativeWorld(committee_size=4)
    for required, text in ((2, "Invalid committee signature."), (3, None)):
        ran = world.call(POLICY, "setFeePerByte", 1, signers=[multisig_account(required, KEYS[:4])])
        assert (ran.exception or "").startswith(text or "") and ran.halted is (text is None)


def test_all_but_two_of_the_committee_recover_a_fund() -> None:
    world = NativeWorld(committee_size=5)
    for required in (2, 3):
        ran = world.call(POLICY, "recoverFund", ANYBODY, GAS.hash, signers=[multisig_account(required, KEYS[:5])])
        text = "Invalid committee signature. It should be a multisig(max(1,len(committee) - 2)))."
        assert ran.exception == ("Request not found." if required == 3 else text)


@pytest.mark.parametrize(
    ("passed_ms", "remaining"),
    [
        (0, "365d 0h 0m"),
        (1, "364d 23h 59m"),
        (YEAR_MS - 86_400_000, "1d 0h 0m"),
        (YEAR_MS - 86_399_999, "23h 59m 59s"),
        (YEAR_MS - 3_600_000, "1h 0m 0s"),
        (YEAR_MS - 61_000, "1m 1s"),
        (YEAR_MS - 1, "0s"),
    ],
)
def test_a_fund_is_not_recovered_before_a_year_has_passed(passed_ms: int, remaining: str) -> None:
    world = NativeWorld()
    committee = committee_address(world.storage)
    world.call(POLICY, "blockAccount", ANYBODY, signers=[committee])
    world.time_ms += passed_ms
    ran = world.call(POLICY, "recoverFund", ANYBODY, GAS.hash, signers=[committee])
    assert ran.exception == f"Request must be signed at least 1 year ago. Remaining time: {remaining}."


def test_after_a_year_the_fund_of_a_blocked_account_goes_to_treasury() -> None:
    world = NativeWorld()
    committee = committee_address(world.storage)
    world.credit(ANYBODY, 55)
    world.call(POLICY, "blockAccount", ANYBODY, signers=[committee])
    world.time_ms += YEAR_MS
    ran = world.call(POLICY, "recoverFund", ANYBODY, GAS.hash, signers=[committee])
    assert result(ran) is True
    assert [(event.event_name, event.state) for event in ran.notifications] == [
        ("Transfer", (bytes(ANYBODY), bytes(TREASURY.hash), 55)),
        ("RecoveredFund", (bytes(ANYBODY),)),
    ]
    assert result(world.call(GAS, "balanceOf", TREASURY.hash)) == 55
    assert result(world.call(POLICY, "recoverFund", ANYBODY, GAS.hash, signers=[committee])) is False


@pytest.mark.parametrize(
    ("token", "text"),
    [
        (ANYBODY, f"Contract {ANYBODY} does not exist."),
        (POLICY.hash, f"Contract {POLICY.hash} does not implement NEP-17 standard."),
    ],
)
def test_only_nep_17_tokens_are_recovered(token: UInt160, text: str) -> None:
    world = NativeWorld()
    committee = committee_address(world.storage)
    world.call(POLICY, "blockAccount", ANYBODY, signers=[committee])
    world.time_ms += YEAR_MS
    assert world.call(POLICY, "recoverFund", ANYBODY, token, signers=[committee]).exception == text


def test_an_account_is_blocked_once_and_unblocked_once() -> None:
    world = NativeWorld()
    signers = [committee_address(world.storage)]
    answers = []
    for method in ("blockAccount", "blockAccount", "unblockAccount", "unblockAccount"):
        answers.append(
            (result(world.call(POLICY, method, ANYBODY, signers=signers)), is_blocked(world.storage, ANYBODY))
        )
    assert answers == [(True, True), (False, True), (True, False), (False, False)]
    for native in (GAS, TREASURY):
        blocked = world.call(POLICY, "blockAccount", native.hash, signers=signers)
        assert blocked.exception == "Cannot block a native contract."


def test_a_whitelisted_method_of_a_native_costs_its_fixed_fee() -> None:
    world = NativeWorld()
    signers = [committee_address(world.storage)]
    usual = world.call(GAS, "totalSupply").gas_consumed
    added = world.call(POLICY, "setWhitelistFeeContract", GAS.hash, "totalSupply", 0, 5, signers=signers)
    assert [event.state for event in added.notifications] == [(bytes(GAS.hash), b"totalSupply", 0, 5)]
    # Its 1<<15 units of 30 datoshi are spared, and the PUSH0 of the native's script; 5 datoshi are paid.
    assert usual - world.call(GAS, "totalSupply").gas_consumed == 30 * (1 << 15) + 30 - 5
    removed = world.call(POLICY, "removeWhitelistFeeContract", GAS.hash, "totalSupply", 0, signers=signers)
    assert [event.state for event in removed.notifications] == [(bytes(GAS.hash), b"totalSupply", 0, None)]
    assert world.call(GAS, "totalSupply").gas_consumed == usual


def test_a_fixed_fee_that_is_set_again_is_the_new_one() -> None:
    # neo, PolicyContract.SetWhitelistFeeContract; neo-cli 3.10.2 had it so in block 51 of the recorded chain `gorgon`.
    world = NativeWorld()
    signers = [committee_address(world.storage)]
    usual = world.call(GAS, "totalSupply").gas_consumed
    for fee in (1000, 7):
        world.call(POLICY, "setWhitelistFeeContract", GAS.hash, "totalSupply", 0, fee, signers=signers)
    assert usual - world.call(GAS, "totalSupply").gas_consumed == 30 * (1 << 15) + 30 - 7


def test_a_method_without_its_number_of_arguments_is_not_whitelisted() -> None:
    world = NativeWorld()
    signers = [committee_address(world.storage)]
    for count in (-1, 1):
        ran = world.call(POLICY, "setWhitelistFeeContract", GAS.hash, "totalSupply", count, 5, signers=signers)
        assert ran.exception == f"Method totalSupply with {count} args was not found in {GAS.hash}"
