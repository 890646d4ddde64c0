"""Encodes a photo to the bytes of a file, one module per format. Each returns pieces to write in order."""
