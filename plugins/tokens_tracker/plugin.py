"""TokensTracker: follows Transfer events of NEP-17 and NEP-11 contracts, and answers who holds and moved what.

Source: neo-node 3.10.2, plugins/TokensTracker: TokensTracker, TrackerBase, Nep17Tracker, Nep11Tracker.
"""

import logging
from collections.abc import Sequence
from typing import ClassVar

from rpcnode.plugin import (
    Account,
    Answer,
    AppliedBlock,
    Execution,
    Json,
    NodeView,
    Plugin,
    PluginConfig,
    Policy,
    ProfileName,
    Result,
    Survival,
    UInt64,
    UInt160,
    errors,
    rpc_method,
)
from rpcnode.plugin.steps import Steps, answer_of_steps
from rpcnode.plugin.transfer_history import HistoryRow, TransferHistory
from rpcnode.plugins.tokens_tracker import nep11, nep17, queries
from rpcnode.plugins.tokens_tracker.config import TokensTrackerConfig
from rpcnode.plugins.tokens_tracker.events import AmountTooLong
from rpcnode.plugins.tokens_tracker.schema import MIGRATIONS, NEP11_HISTORY, NEP17_HISTORY

log = logging.getLogger("rpcnode.plugin")

SEVEN_DAYS_MS = 7 * 24 * 60 * 60 * 1000
NOT_GIVEN = UInt64(0)


class TokensTracker(Plugin):
    """The trackers of N3's two token standards."""

    name = "TokensTracker"
    profiles: ClassVar[tuple[ProfileName, ...]] = ("n3",)
    requires = ("RpcServer",)
    config_type = TokensTrackerConfig
    migrations = MIGRATIONS

    def __init__(self, node: NodeView, config: PluginConfig) -> None:
        super().__init__(node, config)
        assert isinstance(config, TokensTrackerConfig)
        self.config = config
        self._standards = config.enabled_trackers
        self._nep17_balances = node.balances.follower(self.name, nep17.BALANCE_QUESTION)

    @property
    def index_settings(self) -> str:
        policy = self.config.unhandled_exception_policy.value
        return f"{','.join(sorted(self._standards))} {self.config.track_history} {policy}"

    def serves(self, wire_name: str) -> bool:
        standard = nep11.STANDARD if wire_name.startswith("getnep11") else nep17.STANDARD
        return standard in self._standards

    def on_reset(self) -> None:
        queries.clear(self.db)
        self._nep17_balances.clear()
        NEP17_HISTORY.clear(self.db)
        NEP11_HISTORY.clear(self.db)

    def on_committing(self, block: AppliedBlock, executions: tuple[Execution, ...]) -> None:
        try:
            writers = self._follow(block, executions)
        except AmountTooLong as wrong:
            if self.config.unhandled_exception_policy is not Policy.IGNORE:
                raise
            # The node keeps what its trackers wrote before they threw; rows that raise out of a hook are undone.
            log.error("plugin %s failed at block %d (Ignore): %s", self.name, block.index, wrong)
            return
        for contract in sorted(writers):
            self._survive(block, contract, "its balanceOf writes into storage", "neo-cli 3.10.2 keeps what it writes")

    def _follow(self, block: AppliedBlock, executions: tuple[Execution, ...]) -> set[UInt160]:
        """Both trackers, in the node's order; gives the tokens whose balanceOf writes into storage."""

        def too_long(wrong: AmountTooLong) -> None:
            if self.config.unhandled_exception_policy is not Policy.CONTINUE:
                raise wrong
            what = f"an amount of {wrong.size} bytes, its event is left out"
            self._survive(block, wrong.contract, what, "neo-cli 3.10.2 stops TokensTracker")

        with_history = self.config.track_history
        writers: set[UInt160] = set()
        if nep11.STANDARD in self._standards:
            writers |= nep11.follow(self.db, block, executions, with_history=with_history, too_long=too_long)
        if nep17.STANDARD in self._standards:
            balances = self._nep17_balances
            writers |= nep17.follow(self.db, balances, block, executions, with_history=with_history, too_long=too_long)
        return writers

    def _survive(self, block: AppliedBlock, contract: UInt160, what: str, real_node: str) -> None:
        self.node.survived.note(Survival(block.index, self.name, contract, what, real_node))

    @rpc_method(of_chain=True)
    def get_nep17_balances(self, address: Account) -> Answer:
        """What an account holds of each NEP-17 asset, in the order of the assets' storage bytes."""
        balances, account, most = self._nep17_balances, address.script_hash, self.config.max_results
        return self._balances(account, nep17.balances_json(balances, self.node.ledger.state(), account, most))

    @rpc_method()
    def get_nep17_transfers(
        self, address: Account, start_time: UInt64 = NOT_GIVEN, end_time: UInt64 = NOT_GIVEN
    ) -> Json:
        """What an account sent and received of NEP-17 assets, the last seven days by default, newest first.

        Times are in ms; `start_time` is included, `end_time` is not, 0 is as if not given: the setting Clock says
        which time it is then. When more than MaxResults
        match in a direction, the oldest are kept: the node cuts first and sorts after.
        """
        return self._transfers_json(NEP17_HISTORY, address, start_time, end_time)

    @rpc_method(of_chain=True)
    def get_nep11_balances(self, address: Account) -> Answer:
        """Which tokens an account holds of each NEP-11 asset, in the order of the node's database keys."""
        account, most = address.script_hash, self.config.max_results
        return self._balances(account, nep11.balances_json(self.db, self.node.ledger.state(), account, most))

    @rpc_method()
    def get_nep11_transfers(
        self, address: Account, start_time: UInt64 = NOT_GIVEN, end_time: UInt64 = NOT_GIVEN
    ) -> Json:
        """As getnep17transfers, for NEP-11; each row ends with its `tokenid`."""
        return self._transfers_json(NEP11_HISTORY, address, start_time, end_time)

    @rpc_method(of_chain=True)
    def get_nep11_properties(self, address: Account, token_id: str) -> Answer:
        """The properties of a token: texts for the standard's names, base64 for others; {} where the call fails."""
        token = nep11.token_id_of(token_id)
        return answer_of_steps(nep11.properties_json(self.node.ledger.state(), address.script_hash, token))

    def _balances(self, account: UInt160, rows: Steps[list[Json]]) -> Answer:
        def answer() -> Steps[Result]:
            return {"address": self.node.address_of(account), "balance": (yield from rows)}

        return answer_of_steps(answer())

    def _transfers_json(self, history: TransferHistory, address: Account, start_time: int, end_time: int) -> Json:
        if not self.config.track_history:
            raise errors.MethodNotFound
        now_ms = self.config.clock.now_ms(self.node.ledger)
        start, end = start_time or max(now_ms - SEVEN_DAYS_MS, 0), end_time or now_ms
        if end < start:
            raise errors.InvalidParams
        lists: list[list[Json]] = []
        for is_received in (False, True):
            found = list(
                history.of_account(
                    self.db,
                    address.script_hash,
                    is_received=is_received,
                    start=start,
                    end=end,
                    limit=self.config.max_results,
                )
            )
            lists.append(self._rows(found, is_received=is_received))
        return {"address": self.node.address_of(address.script_hash), "sent": lists[0], "received": lists[1]}

    def _rows(self, transfers: Sequence[HistoryRow], *, is_received: bool) -> list[Json]:
        newest_first = sorted(transfers, key=lambda transfer: -transfer.timestamp)
        return [
            self._transfer_json(transfer, transfer.sender if is_received else transfer.receiver)
            for transfer in newest_first
        ]

    def _transfer_json(self, transfer: HistoryRow, other: UInt160 | None) -> Json:
        row: dict[str, Json] = {
            "timestamp": transfer.timestamp,
            "assethash": str(transfer.asset),
            "transferaddress": None if other is None or other == UInt160.ZERO else self.node.address_of(other),
            "amount": transfer.amount,
            "blockindex": transfer.block_index,
            "transfernotifyindex": transfer.notify_index,
            "txhash": str(transfer.transaction_hash),
        }
        if transfer.token_id is not None:
            row["tokenid"] = transfer.token_id.hex()
        return row
