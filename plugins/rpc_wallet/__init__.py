"""RpcWallet: the wallet methods of Neo 2."""
