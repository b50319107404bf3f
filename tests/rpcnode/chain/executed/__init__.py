"""Chains whose blocks the application engine runs."""
