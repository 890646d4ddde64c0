"""The open photos: what belongs to each, which one is shown, and what can be undone."""
