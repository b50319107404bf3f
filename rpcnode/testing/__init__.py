"""What tests use: nodes in this process, and the suite every plugin passes."""
