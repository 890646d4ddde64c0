"""The deblurring methods. Each has a folder with its descriptor, which needs no torch, and its network."""
