"""The deblurring methods: one folder each, its descriptor free of torch, its network beside it."""
