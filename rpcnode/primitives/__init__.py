"""Value types, hashes, addresses, keys and error classes; imports nothing else of rpcnode."""
