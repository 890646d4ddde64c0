"""Blur areas: boxes over the photo, each with a kernel of its own; between them the restoration is blended."""
