"""From JSON values to the parameters of methods."""
