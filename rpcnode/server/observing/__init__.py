"""What monitors ask: whether the node is well, and its numbers."""
