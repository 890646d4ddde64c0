"""The batch in the window: the table of photos, and the page round it."""
