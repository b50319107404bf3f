"""Blocks whose scripts are run by the application engine."""
