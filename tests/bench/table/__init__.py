"""The table of speed, made by one command: `python -m tests.bench.table`."""
