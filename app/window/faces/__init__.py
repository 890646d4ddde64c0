"""The faces of the photo: their boxes, the strip that shows them, and whether they are still the same persons."""
