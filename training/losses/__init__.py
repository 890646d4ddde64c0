"""The losses as the papers print them, each a small function over batches; recipes weigh and add them.

All norms are means over pictures, channels and pixels, so that a weight means the same at every crop size.
"""
