"""The window: it shows one photo at a time, its faces and kernel, before and after. It talks to the engine only."""
