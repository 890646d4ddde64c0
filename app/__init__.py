"""The front end: window and command line. Knows engine and training, holds no image mathematics."""
