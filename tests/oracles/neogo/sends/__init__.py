"""Transactions that are sent to this node and to a live neo-go, on equal chains: `python -m tests.oracles.neogo.sends`.

Neo-go makes the blocks; each is handed to this node too, by submitblock, so that the chains stay equal, and their state
roots are compared. What is refused is compared by its code, what is taken in by its log.
"""
