"""Bytes of a file to samples as they lie in it, one module a family of formats."""
