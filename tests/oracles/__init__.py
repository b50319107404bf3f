"""Scripts and the answers of a running neo-cli 3.10.2, asked of the application engine.

The recordings are large and lie beside the project, not in it. `python -m tests.oracles SET` asks one set whole.
"""
