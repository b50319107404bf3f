"""The chain's tables."""
