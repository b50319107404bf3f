"""Why the two nodes differ: what neo-go 0.120 does otherwise than neo-cli 3.10.2, as rules to play a chain by."""
