"""Wallet files (NEP-6) and the encrypted keys in them (NEP-2)."""
