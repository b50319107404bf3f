"""Requests that are hard to answer; longest_wait.py sends them."""
