"""The mask over the photo: painting it, showing it, keeping it. The mathematics is in engine.masks."""
