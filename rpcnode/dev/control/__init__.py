"""The methods that command a node."""
