"""Blur kernels by hand: drawing one, loading one, and showing those of a field over the photo."""
