"""The HTTP server, and what goes over its connections."""
