"""The published benchmarks of blind deconvolution: pictures, measures, and the results of other methods."""
