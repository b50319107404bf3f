"""Chains that a file declares, as blocks and transactions."""
