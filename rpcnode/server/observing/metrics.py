"""A node's numbers in the form that Prometheus reads; loaded by the first question for them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import accumulate
from typing import Any, Final, NamedTuple

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)

from rpcnode.chain.ledger import Ledger
from rpcnode.server.observing.health import Health
from rpcnode.server.observing.tally import ChainTally
from rpcnode.server.traffic.meter import BUCKETS, CallMeter, CallTimes

_DATOSHI_A_GAS: Final = 100_000_000


class WebSocketNumbers(NamedTuple):
    """How many clients and subscriptions there are, and how often a client was told that it missed something."""

    clients: int
    subscriptions: int
    missed: int


class NodeCollector:
    """Reads a node's numbers whenever it is asked."""

    def __init__(
        self,
        version: str,
        ledger: Ledger,
        health: Callable[[], Health],
        meter: CallMeter,
        tally: ChainTally,
        websocket: Callable[[], WebSocketNumbers],
    ) -> None:
        self._version = version
        self._ledger = ledger
        self._health = health
        self._meter = meter
        self._tally = tally
        self._websocket = websocket

    def collect(self) -> Iterable[Metric]:
        """All of them; each name begins with `rpcnode_`."""
        yield from self._of_node()
        yield from self._of_calls()
        yield from self._of_chain()
        yield from self._of_websocket()

    def _of_node(self) -> Iterator[Metric]:
        ledger = self._ledger
        yield InfoMetricFamily(
            "rpcnode_node",
            "What this node is.",
            {"version": self._version, "profile": ledger.profile, "network": str(ledger.parameters.magic)},
        )
        health = self._health()
        yield GaugeMetricFamily("rpcnode_healthy", "1 if /health says ok, 0 otherwise.", int(health.is_ok))
        running = GaugeMetricFamily("rpcnode_plugin_running", "1, or 0 once a hook failed.", labels=["plugin"])
        for name, state in health.plugins.items():
            running.add_metric([name], int(state == "running"))
        yield running
        lag = GaugeMetricFamily("rpcnode_tracker_lag_blocks", "Blocks a tracker is behind the node.", labels=["plugin"])
        for name, blocks in health.lag.items():
            lag.add_metric([name], blocks)
        yield lag

    def _of_calls(self) -> Iterator[Metric]:
        meter = self._meter
        help_text = "Time of JSON-RPC calls, by method; their number is its _count."
        yield _histogram("rpcnode_rpc_call_seconds", help_text, "method", meter.calls)
        yield _counter("rpcnode_rpc_errors", "JSON-RPC errors answered, by code.", "code", meter.errors)
        help_text = "Time of REST requests, by route; their number is its _count."
        yield _histogram("rpcnode_rest_request_seconds", help_text, "route", meter.rest)
        yield _counter("rpcnode_rest_errors", "REST requests that failed, by status.", "status", meter.rest_errors)

    def _of_chain(self) -> Iterator[Metric]:
        ledger, tally = self._ledger, self._tally
        yield GaugeMetricFamily("rpcnode_height", "Index of the newest block.", ledger.height)
        yield GaugeMetricFamily("rpcnode_header_height", "Index of the newest header.", ledger.header_height)
        yield GaugeMetricFamily("rpcnode_waiting_transactions", "Transactions without a block.", len(ledger.mempool))
        yield GaugeMetricFamily("rpcnode_database_bytes", "Size of the database.", database_bytes(ledger))
        yield CounterMetricFamily("rpcnode_blocks", "Blocks added since the start.", tally.blocks)
        yield CounterMetricFamily("rpcnode_transactions", "Transactions executed since the start.", tally.transactions)
        yield CounterMetricFamily("rpcnode_transaction_faults", "Those of them that failed.", tally.faults)
        yield CounterMetricFamily("rpcnode_gas", "GAS consumed by transactions.", tally.gas_datoshi / _DATOSHI_A_GAS)
        yield CounterMetricFamily("rpcnode_transfers", "Transfer events of transactions.", tally.transfers)

    def _of_websocket(self) -> Iterator[Metric]:
        numbers = self._websocket()
        yield GaugeMetricFamily("rpcnode_websocket_clients", "Clients of the websocket.", numbers.clients)
        yield GaugeMetricFamily("rpcnode_websocket_subscriptions", "Their subscriptions.", numbers.subscriptions)
        yield CounterMetricFamily("rpcnode_websocket_missed", "event_missed that clients were sent.", numbers.missed)


def _histogram(name: str, help_text: str, label: str, rows: Mapping[str, CallTimes]) -> Metric:
    family = HistogramMetricFamily(name, help_text, labels=[label])
    for row, times in sorted(rows.items()):
        ends = zip((*map(str, BUCKETS), "+Inf"), map(float, accumulate(times.classes)), strict=True)
        family.add_metric([row], [*ends], times.seconds)
    return family


def _counter(name: str, help_text: str, label: str, rows: Mapping[Any, int]) -> Metric:
    family = CounterMetricFamily(name, help_text, labels=[label])
    for row, count in sorted((str(row), count) for row, count in rows.items()):
        family.add_metric([row], count)
    return family


def database_bytes(ledger: Ledger) -> int:
    """How large the database is, in memory or on the disk, without what a file's journal holds."""
    (pages,) = ledger.store.connection.execute("PRAGMA page_count").fetchone()
    (size,) = ledger.store.connection.execute("PRAGMA page_size").fetchone()
    return int(pages * size)


def metrics_text(collector: NodeCollector, accept: str) -> tuple[bytes, str]:
    """The numbers and their content type, as whoever accepts what likes them."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(collector)
    encoder, content_type = choose_encoder(accept)
    return encoder(registry), content_type
