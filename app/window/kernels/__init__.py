"""Blur kernels by hand: draw one, load one, and show the kernels of a field over the photo."""
