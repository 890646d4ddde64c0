"""Masks: how strongly the result covers each pixel of a photo, painted, made from faces or read from a file."""
