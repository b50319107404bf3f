"""Chains that were recorded from a node, played again."""
