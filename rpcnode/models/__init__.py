"""Tokens in Python."""
