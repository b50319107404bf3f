"""N3's native contracts by name, for plugins."""

from rpcnode.execution.native_hashes import NATIVES_OF_N3

__all__ = ["NATIVES_OF_N3"]
