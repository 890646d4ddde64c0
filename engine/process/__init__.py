"""The engine in a process of its own, for the window: what is computed there holds none of the window's locks,
what crashes there takes nothing of the window with it, and what it loaded ends with it."""
