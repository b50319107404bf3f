"""The native contracts."""
