"""ApplicationLogs: what each block and transaction did."""
