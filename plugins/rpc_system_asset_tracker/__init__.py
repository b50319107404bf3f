"""RpcSystemAssetTracker: Neo 2's coins of NEO and GAS, account by account."""
