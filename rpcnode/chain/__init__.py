"""Store, ledger, clock and the one writer of chain state."""
