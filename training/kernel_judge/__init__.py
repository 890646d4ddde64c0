"""Teaches the judge that ranks the kernels found in a photo and says what the best of them is worth."""
