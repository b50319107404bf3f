"""The state trie: a Merkle Patricia trie over all contract storage, with its roots and proofs."""
