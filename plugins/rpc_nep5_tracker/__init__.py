"""RpcNep5Tracker: balances and transfers of NEP-5 tokens, account by account."""
