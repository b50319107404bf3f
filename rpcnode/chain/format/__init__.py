"""Layouts of blocks and transactions, by profile."""
