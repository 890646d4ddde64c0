"""Blur areas over the photo: drawn, listed, and given their kernels. The mathematics is in engine.areas."""
