"""CoreMetrics: how a chain of Neo 2 runs."""
