"""Blur kernels: make, apply, estimate, invert and store them. numpy and scipy only; families need numpy alone."""
