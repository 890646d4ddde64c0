"""Decodes a file's bytes to its samples. There is one module for each family of formats."""
