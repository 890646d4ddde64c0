"""A photo to the bytes of a file, one module a format; each hands on pieces to be written one after the other."""
