"""RpcSecurity: who may call what of a node of Neo 2."""
