"""One node as several processes on one port: a writer, which the user starts, and readers, which it starts."""
