"""Open wallets: their keys, the transactions that they make, and who else has to sign those."""
