"""Chainbase: the tokens, balances and metadata of accounts over REST, in the form of Chainbase's Web3 API."""
