"""StateService: the root of all contract storage after each block, and proofs of what it holds."""
