"""Tests of what clients and wallets of the older profiles send."""
