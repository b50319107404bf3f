"""Contracts of a node as Python has them: their methods, what they answer, and what transactions did."""
