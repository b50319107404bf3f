"""Recorded chains, from their files to blocks and what was recorded of them."""
