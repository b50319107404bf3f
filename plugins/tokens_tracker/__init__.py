"""TokensTracker: balances and transfers of NEP-17 and NEP-11 tokens, account by account."""
