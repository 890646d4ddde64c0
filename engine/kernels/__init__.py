"""Blur kernels: made, applied, estimated, drawn on disk. numpy only."""
