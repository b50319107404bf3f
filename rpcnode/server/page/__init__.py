"""The page that a browser sees: the chain in words, and panels that command the node."""
