"""Commands that ask running nodes: `record` and `diff`."""
