"""The batch page and its table of photos."""
