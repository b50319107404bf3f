"""Transactions and blocks that are valid but for one change, sent to a node: `python -m tests.oracles.fuzz`.

Whatever comes is answered with a hash or with an error of the node's table, never with an internal one; what is taken
in somebody has signed. With `--binary` a live neo-go judges a sample: what ours takes in it takes in too, and the other
way round, but for what neo-cli is known to decide otherwise (`_known` of run.py).
"""
