"""RpcServer: the endpoint's settings, and the methods about the chain and the node."""
