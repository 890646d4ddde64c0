"""The published benchmarks of blind deconvolution: pictures, measures, and what others reached on them."""
