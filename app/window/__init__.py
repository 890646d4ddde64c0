"""The window: one photo at a time, its faces, its kernel, before and after. Talks to the engine only."""
