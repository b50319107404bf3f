"""HTTP, the JSON-RPC envelope, parameter binding and access rules."""
