"""Random contracts and scripts, woven of snippets."""
