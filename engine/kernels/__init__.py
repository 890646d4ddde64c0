"""Blur kernels: made, applied, estimated, undone, kept in files. numpy and scipy only; families: numpy alone."""
