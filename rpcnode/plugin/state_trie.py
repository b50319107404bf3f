"""The state trie, for plugins: tries after each block of an executed chain, and proofs."""

from rpcnode.chain.trie.proof import MissingNode, proof_bytes, proven_value
from rpcnode.chain.trie.state_tries import StateTries, contract_id_in, storage_key
from rpcnode.chain.trie.trie import MOST_NIBBLES, Trie

__all__ = [
    "MOST_NIBBLES",
    "MissingNode",
    "StateTries",
    "Trie",
    "contract_id_in",
    "proof_bytes",
    "proven_value",
    "storage_key",
]
