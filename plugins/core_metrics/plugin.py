"""CoreMetrics: getmetricblocktimestamp. Source: neo-modules 2.12.2, CoreMetrics: CoreMetrics."""

from typing import ClassVar, Final

from rpcnode.plugin import Json, Plugin, ProfileName, UInt64, rpc_method

_DAY_MS: Final = 24 * 60 * 60 * 1000


class CoreMetrics(Plugin):
    """The times of the newest blocks. What it refuses is a result, and a text."""

    name = "CoreMetrics"
    requires = ("RpcServer",)
    profiles: ClassVar[tuple[ProfileName, ...]] = ("n2",)
    interfaces: ClassVar[dict[ProfileName, tuple[str, ...]]] = {"n2": ("IRpcPlugin",)}

    @rpc_method(name="getmetricblocktimestamp", profiles=("n2",), of_chain=True)
    def get_metric_block_timestamp(self, block_count: UInt64, last_height: UInt64 | None = None) -> Json:
        """The times of so many blocks and one more, in seconds, up to `last_height`, or up to the one below the tip."""
        ledger = self.node.ledger
        refusal = self._refusal(block_count, last_height or 0)
        if refusal is not None:
            return refusal
        first = (last_height or ledger.height - 1) - block_count
        return [
            {"timestamp": ledger.timestamp_ms(index) // 1000, "height": index}
            for index in range(first, first + block_count + 1)
        ]

    def _refusal(self, block_count: int, last_height: int) -> str | None:
        height = self.node.ledger.height
        most = _DAY_MS // self.node.ledger.parameters.ms_per_block
        if last_height and last_height >= height:
            return f"Requested height to start {last_height} exceeds {height}"
        if last_height and block_count > last_height:
            return f"Requested {block_count} blocks timestamps is greater than starting at height {last_height}"
        if block_count > most:
            return f"Requested number of blocks timestamps exceeds {most}"
        if block_count >= height:
            return f"Requested number of blocks timestamps {block_count} exceeds quantity of known blocks {height}"
        return None if block_count else "Requested number of block times can not be <= 0"
