"""Declared tokens as real contracts: their scripts, NEFs and manifests, and the twins of these scripts in Python."""
