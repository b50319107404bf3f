"""Headers, blocks, transactions, NEF files and manifests: objects, wire bytes and JSON."""
