"""Faults, fixtures, recordings and the methods that drive a chain."""
