"""Contracts of a node in Python, and what transactions did."""
