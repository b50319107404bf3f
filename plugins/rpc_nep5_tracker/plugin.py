"""RpcNep5Tracker: follows Transfer events, keeps what balanceOf says, answers getnep5balances and getnep5transfers.

Source: neo-plugins 3.0.0-preview2 and 2.12, RpcNep5Tracker: RpcNep5Tracker. What documented mode does besides is the
notes of the documentation's getnep5balances page; its codes are our decision.
"""

from typing import ClassVar

from rpcnode.plugin import (
    Account,
    AppliedBlock,
    Execution,
    Flag,
    Json,
    NodeView,
    Notification,
    Plugin,
    PluginConfig,
    ProfileName,
    Survival,
    Trigger,
    UInt64,
    UInt160,
    WindowClock,
    errors,
    rpc_method,
)
from rpcnode.plugin.items import StackItem
from rpcnode.plugin.token_balances import BalanceQuestion, Holding
from rpcnode.plugin.transfer_events import NotATransfer
from rpcnode.plugin.transfer_history import HistoryRow
from rpcnode.plugins.rpc_nep5_tracker.amounts import shown_item
from rpcnode.plugins.rpc_nep5_tracker.config import ContractRules, ErrorSemantics, RpcNep5TrackerConfig
from rpcnode.plugins.rpc_nep5_tracker.dialect import AmountStops, Movement, dialect_of
from rpcnode.plugins.rpc_nep5_tracker.schema import HISTORY, MIGRATIONS
from rpcnode.primitives.errors import NodeError

SEVEN_DAYS_MS = 7 * 24 * 60 * 60 * 1000


class RpcNep5Tracker(Plugin):
    """The tracker of the three profiles; `dialect_of` says where they differ."""

    name = "RpcNep5Tracker"
    requires = ("RpcServer",)
    config_type = RpcNep5TrackerConfig
    as_recorded: ClassVar[dict[str, Json]] = {"ErrorSemantics": "reference"}
    migrations = MIGRATIONS
    interfaces: ClassVar[dict[ProfileName, tuple[str, ...]]] = {
        "n3-preview": ("IPersistencePlugin",),
        "n2": ("IPersistencePlugin", "IRpcPlugin"),
    }

    def __init__(self, node: NodeView, config: PluginConfig) -> None:
        super().__init__(node, config)
        assert isinstance(config, RpcNep5TrackerConfig)
        self.config = config
        self._dialect = dialect_of(node.profile, config.error_semantics)
        self._standards = config.standards
        question = BalanceQuestion(read=self._dialect.number, refused=self._note_balance)
        self._balances = node.balances.follower(self.name, question)
        self._is_documented = config.error_semantics is ErrorSemantics.DOCUMENTED
        self._tracks_history = self._flag("TrackHistory", config.track_history)
        self._records_null_address = self._flag("RecordNullAddressHistory", config.record_null_address_history)
        self._tracks_mint_tokens = self._flag("TrackNonStandardMintTokens", config.track_non_standard_mint_tokens)

    def _flag(self, key: str, value: Flag) -> bool:
        try:
            return self._dialect.flag(value)
        except ValueError as error:
            raise NodeError(f"{self.name}.{key}: {error}") from None

    @property
    def binding(self) -> str:
        return "documented" if self._is_documented else self.node.profile

    @property
    def index_settings(self) -> str:
        standards = "*" if self._standards is None else ",".join(sorted(self._standards))
        flags = (self._tracks_history, self._records_null_address, self._tracks_mint_tokens)
        # Which amounts count is a matter of semantics too, where the profile's node is an older one.
        semantics = "" if self.node.profile == "n3" or self._is_documented else " reference"
        return f"{standards} {flags}{semantics}"

    def serves(self, wire_name: str) -> bool:
        # 3.9 converts parameters before it finds that history is off; the others do not know the method then.
        return wire_name != "getnep5transfers" or self._tracks_history or self.binding == "n3"

    # Following the chain

    def on_reset(self) -> None:
        self._balances.clear()
        HISTORY.clear(self.db)

    def on_committing(self, block: AppliedBlock, executions: tuple[Execution, ...]) -> None:
        touched: dict[tuple[UInt160, UInt160], None] = {}
        ignored: dict[UInt160, bool] = {}
        counting: dict[UInt160, bool] = {}
        history: list[HistoryRow] = []
        timestamp = self._dialect.ticks(block.timestamp_ms)
        for execution in executions:
            if not execution.halted or execution.trigger not in self._dialect.triggers:
                continue
            transaction = execution.container if execution.trigger is Trigger.APPLICATION else None
            for notification in execution.notifications:
                contract = notification.contract
                if contract not in ignored:
                    ignored[contract] = self._ignores(contract, block)
                if ignored[contract]:
                    continue
                try:
                    movement = self._movement(notification)
                    if contract not in counting:
                        counting[contract] = self._counts(contract, block)
                    if not counting[contract]:
                        continue
                except NotATransfer:
                    continue
                except AmountStops as wrong:
                    # The node reads the amounts of transactions only: those of a block's own run go nowhere.
                    if transaction is not None:
                        self._survive(block, contract, f"an amount of {wrong}, its event is left out")
                    continue
                for account in (movement.sender, movement.receiver):
                    if account is not None:
                        touched[account, contract] = None
                if transaction is not None and self._tracks_history:
                    history.append(
                        HistoryRow(
                            timestamp,
                            contract,
                            movement.sender,
                            movement.receiver,
                            str(movement.amount),
                            block.index,
                            len(history),
                            transaction,
                        )
                    )
        if history:
            HISTORY.add(self.db, history, with_null_address=self._records_null_address)
        if touched:
            self._balances.refresh(block, touched)

    def _note_balance(self, block: AppliedBlock, holding: Holding, left: StackItem) -> None:
        """balanceOf left what has no number: the row stays as it was, where a real node may have stopped."""
        if self._dialect.stops_at(left):
            account = self.node.address_of(holding[0])
            what = f"its balanceOf answers {shown_item(left)} for {account}, whose row stays as it was"
            self._survive(block, holding[1], what)

    def _survive(self, block: AppliedBlock, contract: UInt160, what: str) -> None:
        assert self._dialect.stopped_node is not None
        self.node.survived.note(Survival(block.index, self.name, contract, what, self._dialect.stopped_node))

    def _ignores(self, contract: UInt160, block: AppliedBlock) -> bool:
        """Whether nothing that a contract tells counts, however malformed it is."""
        return self._dialect.stopped_node is None and not self._counts(contract, block)

    def _counts(self, contract: UInt160, block: AppliedBlock) -> bool:
        """Whether what a contract moves counts."""
        if self._standards is None:
            return True
        found = block.state.contract_ever(contract)
        return found is not None and bool(found.supported_standards & self._standards)

    def _movement(self, notification: Notification) -> Movement:
        """What an event moves; raises NotATransfer for one that moves nothing."""
        name = notification.event_name
        if name == self._dialect.event_name:
            return self._dialect.movement(notification.state)
        if self._tracks_mint_tokens and name is not None and name == self._dialect.mint_event_name:
            return self._dialect.minted_movement(notification.state)
        raise NotATransfer

    # Answering

    @rpc_method(of_chain=True)
    def get_nep5_balances(self, address: Account) -> Json:
        """What an account holds of each NEP-5 asset, with the block that last touched it.

        Rows are in ascending order of the asset's storage bytes: its displayed hash read from the end.
        """
        if self._is_documented:
            self._check_contract_rules(address)
        state = self.node.ledger.state()
        rows: list[Json] = []
        for balance in self._balances.balances_of(address.script_hash):
            if not self._dialect.shows_destroyed and state.contract(balance.asset) is None:
                continue
            if not self._dialect.is_readable(balance.amount):
                raise errors.InvalidParams
            rows.append(
                {
                    "asset_hash": self._dialect.hash_text(balance.asset),
                    "amount": balance.amount,
                    "last_updated_block": balance.last_updated_block,
                }
            )
        return {"balance": rows, "address": self.node.address_of(address.script_hash)}

    @rpc_method()
    def get_nep5_transfers(
        self, address: Account, start_time: UInt64 | None = None, end_time: UInt64 | None = None
    ) -> Json:
        """What an account sent and received in a span of time, the last seven days by default.

        Times are in ms, in seconds for profile n2; `start_time` is included, `end_time` is not. Each direction is in
        the order of the node's database keys and holds the oldest MaxResults.
        """
        if not self._tracks_history:
            raise errors.MethodNotFound
        if self._dialect.zero_time_is_absent and not self._is_documented:
            start_time, end_time = start_time or None, end_time or None
        now_ms = self.config.clock.now_ms(self.node.ledger)
        # The chain's clock stands a millisecond after the newest block, whose transfers its window holds in any unit.
        is_chains = self.config.clock is WindowClock.CHAIN
        now = -self._dialect.ticks(-now_ms) if is_chains else self._dialect.ticks(now_ms)
        start = self._dialect.ticks(max(now_ms - SEVEN_DAYS_MS, 0)) if start_time is None else start_time
        end = now if end_time is None else end_time
        if end < start:
            raise errors.InvalidParams(data="endTime is before startTime" if self._is_documented else None)
        return {
            "sent": self._transfers_json(address.script_hash, start, end, is_received=False),
            "received": self._transfers_json(address.script_hash, start, end, is_received=True),
            "address": self.node.address_of(address.script_hash),
        }

    def _transfers_json(self, account: UInt160, start: int, end: int, *, is_received: bool) -> list[Json]:
        limit = self.config.max_results
        # The node has read a row more by the time it sees that there are enough.
        found = list(
            HISTORY.of_account(self.db, account, is_received=is_received, start=start, end=end, limit=limit + 1)
        )
        if not all(self._dialect.is_readable(transfer.amount) for transfer in found):
            raise errors.InvalidParams
        return [
            self._transfer_json(transfer, transfer.sender if is_received else transfer.receiver)
            for transfer in found[:limit]
        ]

    def _transfer_json(self, transfer: HistoryRow, counterparty: UInt160 | None) -> Json:
        hash_text = self._dialect.hash_text
        return {
            "timestamp": transfer.timestamp,
            "asset_hash": hash_text(transfer.asset),
            "transfer_address": self.node.address_of(counterparty or UInt160.ZERO),
            "amount": transfer.amount,
            "block_index": transfer.block_index,
            "transfer_notify_index": transfer.notify_index,
            "tx_hash": hash_text(transfer.transaction_hash),
        }

    def _check_contract_rules(self, address: Account) -> None:
        """The page's notes: an error for a contract that is not deployed yet, or is not NEP-5. Raises RpcError."""
        rules = self.config.contract_rules
        if rules is ContractRules.OFF or (rules is ContractRules.HEX and not address.given_in_hex):
            return
        state = self.node.ledger.state()
        known = state.contract_ever(address.script_hash)
        if known is None:
            return
        contract = state.contract(address.script_hash)
        if contract is None:
            when = (
                f"is deployed at block {known.deployed_at}"
                if known.deployed_at > state.block_index
                else f"was destroyed at block {known.destroyed_at}"
            )
            raise errors.UnknownContract(data=f"{known.script_hash} {when}, this node stands at {state.block_index}")
        if self._standards is not None and not contract.supported_standards & self._standards:
            detail = f"not a {' or '.join(sorted(self._standards))} contract"
            raise errors.InvalidParams(detail, data=detail)
