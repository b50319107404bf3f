"""Dev methods that write past all scripts, and those of designated nodes."""
