"""The engine in a process of its own, for the window.

Its computations hold none of the window's locks, its crashes do not affect the window, and its libraries end with it.
"""
