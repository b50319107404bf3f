"""The rows of getnep5balances: what balanceOf says, in which block, in which order and shape.

Source: neo-plugins v3.0.0-preview2 and v2.12.0, RpcNep5Tracker: OnPersist, GetNep5Balances, Nep5BalanceKey.
"""

from typing import Any, Final

import pytest

from rpcnode.chain.blocks import AppliedBlock, NewBlock
from rpcnode.execution.records import FAULT, HALT, Execution, Notification, Trigger
from rpcnode.models import token
from rpcnode.node import Node
from rpcnode.plugin.followers import Followers
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import Array, Buffer, StackItem
from tests import PROJECT
from tests.plugins.node_builder import (
    GENESIS_MS,
    HOLDER,
    MS_PER_BLOCK,
    OTHER,
    PROFILES,
    REFERENCE,
    TOKEN,
    ZERO,
    Document,
    NodeBuilder,
    address,
    amounts,
    balances,
    block,
    chain_of,
    event,
    history,
    notifies,
    result,
    transfers,
)

SEED: Final = PROJECT / "fixtures" / "seed.yaml"


@pytest.fixture(params=PROFILES)
def profile(request: pytest.FixtureRequest) -> ProfileName:
    name: ProfileName = request.param
    return name


# The page


def test_the_pages_request_gets_the_pages_result(build: NodeBuilder) -> None:
    """Source: the documentation's page of getnep5balances, at preview2."""
    expected = {
        "balance": [
            ("0x8d06bc235c2585c9d27ede8ed7085b3e13fc0c36", "9990000000000000", 17418),
            ("0x8c23f196d8a1bfd103a9dcb1f9ccf0c611377d3b", "1002531616708175", 54499),
            ("0x9bde8f209c88dd0e7ca3bf0af0f476cdd8207789", "9999785", 54496),
            ("0x433f0891e80c107b9e63d5f5b7cddf1fc35eb0b9", "9999200000000000", 19810),
            ("0x9c33bbf2f5afbbc8fe271dd37508acd93573cffc", "9995000000000000", 17145),
        ],
        "address": "NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1",
    }
    for name in ("n3", "n3-preview"):
        for settings in ({}, REFERENCE):
            answer = result(build(SEED, name, settings), "getnep5balances", "NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1", 0)
            rows = [(row["asset_hash"], row["amount"], row["last_updated_block"]) for row in answer["balance"]]
            assert {"balance": rows, "address": answer["address"]} == expected


# Shape

PREFIX: Final[dict[ProfileName, str]] = {"n3": "0x", "n3-preview": "0x", "n2": ""}


def test_members_stand_in_the_nodes_order_and_hashes_have_a_prefix_but_in_n2(
    profile: ProfileName, build: NodeBuilder
) -> None:
    answer = result(build(chain_of(block(1, transfers((None, HOLDER, 5)))), profile), "getnep5balances", HOLDER)
    assert list(answer) == ["balance", "address"]
    (row,) = answer["balance"]
    assert list(row.items()) == [
        ("asset_hash", PREFIX[profile] + TOKEN[2:]),
        ("amount", "5"),
        ("last_updated_block", 1),
    ]
    assert answer["address"] == address(profile, HOLDER)


@pytest.mark.parametrize("written", ["hash", "0x hash", "address"])
def test_the_address_is_in_base58_however_it_was_asked_for(
    written: str, profile: ProfileName, build_once: NodeBuilder
) -> None:
    node = build_once(chain_of(), profile)
    account = {"hash": HOLDER[2:], "0x hash": HOLDER, "address": address(profile, HOLDER)}[written]
    assert result(node, "getnep5balances", account)["address"] == address(profile, HOLDER)


# Order


def test_rows_are_in_order_of_the_assets_storage_bytes(profile: ProfileName, build: NodeBuilder) -> None:
    # Displayed hashes are big-endian: the order is that of their last byte pair, then of the one before it.
    by_last_bytes = [
        "0xff" + "00" * 18 + "01",
        "0x00" + "00" * 17 + "0202",
        "0x01" + "00" * 17 + "ff02",
        "0x00" + "11" * 18 + "ff",
    ]
    contracts = {
        f"t{number}": {"hash": found, "standard": "NEP-5"} for number, found in enumerate(sorted(by_last_bytes))
    }
    chain = chain_of(block(1, *(transfers((None, HOLDER, 5), asset=key) for key in contracts)), contracts=contracts)
    found = [asset for asset, _, _ in balances(build(chain, profile), HOLDER)]
    assert found == by_last_bytes
    assert found != sorted(found)


def test_the_limit_of_results_does_not_cap_balances(profile: ProfileName, build: NodeBuilder) -> None:
    contracts = {f"t{number}": {"standard": "NEP-5"} for number in range(5)}
    chain = chain_of(block(1, *(transfers((None, HOLDER, 5), asset=key) for key in contracts)), contracts=contracts)
    assert len(balances(build(chain, profile, {"MaxResults": 2}), HOLDER)) == 5


# Heights and zero rows


def test_the_height_of_a_row_is_the_last_block_that_touched_it(profile: ProfileName, build: NodeBuilder) -> None:
    chain = chain_of(
        block(1, transfers((None, HOLDER, 10))),
        block(3, transfers((HOLDER, OTHER, 4))),
        block(5, transfers((None, OTHER, 1))),
        height=9,
    )
    node = build(chain, profile)
    assert balances(node, HOLDER) == [(TOKEN, "6", 3)]
    assert balances(node, OTHER) == [(TOKEN, "5", 5)]


def test_a_row_at_zero_is_gone_and_comes_back_with_the_block_that_fills_it(
    profile: ProfileName, build: NodeBuilder
) -> None:
    blocks = [
        block(1, transfers((None, HOLDER, 10))),
        block(2, transfers((HOLDER, OTHER, 10))),
        block(3, transfers((OTHER, HOLDER, 1))),
    ]
    assert balances(build(chain_of(*blocks, height=1), profile), HOLDER) == [(TOKEN, "10", 1)]
    assert balances(build(chain_of(*blocks, height=2), profile), HOLDER) == []
    assert balances(build(chain_of(*blocks, height=3), profile), HOLDER) == [(TOKEN, "1", 3)]


def test_what_is_received_and_spent_in_one_block_leaves_no_row(profile: ProfileName, build: NodeBuilder) -> None:
    node = build(chain_of(block(1, transfers((None, HOLDER, 10), (HOLDER, OTHER, 10)))), profile)
    assert balances(node, HOLDER) == []
    assert balances(node, OTHER) == [(TOKEN, "10", 1)]
    assert amounts(node, HOLDER) == (["10"], ["10"])


def test_minting_and_burning_touch_one_account_and_give_the_zero_hash_no_row(
    profile: ProfileName, build: NodeBuilder
) -> None:
    node = build(chain_of(block(1, transfers((None, HOLDER, 10))), block(2, transfers((HOLDER, None, 3)))), profile)
    assert balances(node, HOLDER) == [(TOKEN, "7", 2)]
    assert balances(node, ZERO) == []


# Refresh by balanceOf


def test_an_event_alone_gives_no_row_when_balance_of_says_zero(profile: ProfileName, build: NodeBuilder) -> None:
    node = build(chain_of(block(1, notifies(event(profile, None, HOLDER, 1000)))), profile)
    assert balances(node, HOLDER) == []
    assert amounts(node, HOLDER) == ([], ["1000"])


def test_a_contract_without_balance_of_has_a_history_and_no_rows(profile: ProfileName, build: NodeBuilder) -> None:
    chain = chain_of(
        block(1, notifies(event(profile, None, HOLDER, 5))), contracts={"demo": {"hash": TOKEN, "standard": "none"}}
    )
    node = build(chain, profile, REFERENCE)
    assert balances(node, HOLDER) == []
    assert amounts(node, HOLDER) == ([], ["5"])


class AnswersBalanceOf:
    """A state after a block in which balanceOf leaves what a test wants."""

    def __init__(self, applied: AppliedBlock, vm_state: str, stack: tuple[StackItem, ...]) -> None:
        self.contract = applied.state.contract
        self.contract_ever = applied.state.contract_ever
        self._really = applied.state.call
        self._left = Execution(Trigger.APPLICATION, None, vm_state, 0, stack, None, ())

    def balances(self, asset: UInt160, gas_datoshi: int) -> None:
        """Nothing is answered without a call."""

    def call(self, script_hash: UInt160, method: str, args: tuple[StackItem, ...], gas_datoshi: int) -> Execution:
        if script_hash != UInt160.parse(TOKEN):  # fees are paid in GAS
            return self._really(script_hash, method, args, gas_datoshi)
        assert (method, gas_datoshi) == ("balanceOf", 100_000_000)
        assert args == (UInt160.parse(HOLDER),)
        assert type(args[0]) is bytes, "a hash is no item"
        return self._left


@pytest.mark.parametrize(
    "vm_state, stack, row",
    [
        (HALT, (77,), ("77", 2)),
        (HALT, (-77,), ("-77", 2)),
        (HALT, (1, 2), ("2", 2)),
        (HALT, (b"\x2c\x01",), ("300", 2)),
        (HALT, (True,), ("1", 2)),
        (HALT, (0,), None),
        (HALT, (b"",), None),
        (HALT, (), ("10", 1)),
        (FAULT, (77,), ("10", 1)),
        (HALT, (None,), ("10", 1)),
        (HALT, (Array([]),), ("10", 1)),
        (HALT, (b"\1" * 33,), ("10", 1)),
        (HALT, (Buffer(b"\x2c\x01"),), ("10", 1)),
        (HALT, (Buffer(b"\1" * 33),), ("10", 1)),
    ],
)
def test_a_row_is_what_balance_of_left_on_top_and_stays_as_it_was_when_that_failed(
    vm_state: str,
    stack: tuple[StackItem, ...],
    row: tuple[str, int] | None,
    profile: ProfileName,
    build: NodeBuilder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Other items than integers are converted; what has no number, where preview2 would throw, changes nothing."""
    hook = Followers.committing

    def with_answer(self: Followers, applied: AppliedBlock, executions: tuple[Execution, ...]) -> None:
        state: Any = AnswersBalanceOf(applied, vm_state, stack) if applied.index == 2 else applied.state
        hook(self, AppliedBlock(applied.index, applied.timestamp_ms, state), executions)

    monkeypatch.setattr(Followers, "committing", with_answer)
    chain = chain_of(block(1, transfers((None, HOLDER, 10))), block(2, notifies(event(profile, HOLDER, None, 1))))
    expected = [] if row is None else [(TOKEN, *row)]
    assert balances(build(chain, profile), HOLDER) == expected


# Executions without a transaction


def with_block_run(node: Node, trigger: Trigger, *, vm_state: str = HALT) -> None:
    """Adds block 2, whose own run moves 3 from HOLDER to OTHER, and one transaction that moves 1 after it."""
    ledger = node.ledger
    holder, other = UInt160.parse(HOLDER), UInt160.parse(OTHER)
    contract = ledger.state().contract(UInt160.parse(TOKEN))
    assert contract is not None
    storage = ledger.new_storage()
    token.move(storage, contract.contract_id, holder, other, 4)
    name = "transfer" if node.options.profile == "n2" else "Transfer"

    def run(kind: Trigger, container: UInt256 | None, amount: int, state: str) -> Execution:
        moved = Notification(contract.script_hash, name, (bytes(holder), bytes(other), amount))
        return Execution(kind, container, state, 0, (), None, (moved,))

    ledger.apply_block(
        NewBlock(
            index=2,
            timestamp_ms=GENESIS_MS + 2 * MS_PER_BLOCK,
            merkle_root=UInt256.ZERO,
            transactions=(),
            executions=(
                run(trigger, None, 3, vm_state),
                run(Trigger.APPLICATION, UInt256(b"\x01" * 32), 1, HALT),
            ),
            storage=storage,
        )
    )


@pytest.mark.parametrize("trigger", [Trigger.ON_PERSIST, Trigger.SYSTEM, Trigger.POST_PERSIST])
def test_a_blocks_own_runs_touch_balances_but_have_no_history_and_no_index(
    trigger: Trigger, profile: ProfileName, build: NodeBuilder
) -> None:
    node = build(chain_of(block(1, transfers((None, HOLDER, 10)))), profile)
    with_block_run(node, trigger)
    assert balances(node, HOLDER) == [(TOKEN, "6", 2)]
    (sent,) = history(node, HOLDER)["sent"]
    assert (sent["amount"], sent["transfer_notify_index"]) == ("1", 0)


@pytest.mark.parametrize("trigger", [Trigger.ON_PERSIST, Trigger.SYSTEM, Trigger.POST_PERSIST])
def test_in_n2_only_what_a_transaction_ran_counts(trigger: Trigger, build: NodeBuilder) -> None:
    chain = chain_of(block(1, transfers((None, HOLDER, 10))))
    for profile in PROFILES:
        node = build(chain, profile)
        ledger = node.ledger
        moved = Notification(
            UInt160.parse(TOKEN),
            "transfer" if profile == "n2" else "Transfer",
            (bytes(UInt160.parse(HOLDER)), None, 1),
        )
        ledger.apply_block(
            NewBlock(
                index=2,
                timestamp_ms=GENESIS_MS + 2 * MS_PER_BLOCK,
                merkle_root=UInt256.ZERO,
                transactions=(),
                executions=(Execution(trigger, None, HALT, 0, (), None, (moved,)),),
                storage=ledger.new_storage(),
            )
        )
        assert balances(node, HOLDER) == [(TOKEN, "10", 1 if profile == "n2" else 2)]


def test_a_verification_run_counts_for_nothing(profile: ProfileName, build: NodeBuilder) -> None:
    node = build(chain_of(block(1, transfers((None, HOLDER, 10)))), profile)
    with_block_run(node, Trigger.VERIFICATION)
    (sent,) = history(node, HOLDER)["sent"]
    assert sent["amount"] == "1"


# The holdings that `balances:` declares


def test_declared_balances_show_with_their_blocks(profile: ProfileName, build: NodeBuilder) -> None:
    text = f"""
contracts:
  demo: {{hash: "{TOKEN}", standard: NEP-5}}
balances:
  - {{account: "{HOLDER}", asset: demo, amount: "12", block: 4}}
  - {{account: "{OTHER}", asset: demo, amount: 0, block: 5}}
"""
    node = build(text, profile)
    assert balances(node, HOLDER) == [(TOKEN, "12", 4)]
    assert balances(node, OTHER) == []


def test_the_recorded_case_of_preview2s_own_tests_has_our_shape(build: NodeBuilder) -> None:
    # RpcTestCases.json of neo-plugins v3.0.0-preview2, case getnep5balances: natives without a declaration.
    holder = "NVVwFw6XyhtRCFQ8SpUTMdPyYt4Vd9A1XQ"
    chain: Document = {
        "balances": [
            {"account": holder, "asset": "NEO", "amount": "89999810", "block": 3096},
            {"account": holder, "asset": "GAS", "amount": "719978585420", "block": 3101},
        ]
    }
    assert result(build(chain, "n3-preview"), "getnep5balances", holder) == {
        "balance": [
            {
                "asset_hash": "0x8c23f196d8a1bfd103a9dcb1f9ccf0c611377d3b",
                "amount": "719978585420",
                "last_updated_block": 3101,
            },
            {
                "asset_hash": "0x9bde8f209c88dd0e7ca3bf0af0f476cdd8207789",
                "amount": "89999810",
                "last_updated_block": 3096,
            },
        ],
        "address": holder,
    }
