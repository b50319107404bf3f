"""Neo 2's own numbers and assets, for plugins that answer its profile."""

from rpcnode.payloads.neo2_coins import GAS_ASSET, NEO_ASSET, ONE, fixed8_text

__all__ = ["GAS_ASSET", "NEO_ASSET", "ONE", "fixed8_text"]
