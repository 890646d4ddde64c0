"""Teaches and judges the diagnosis of photos (`engine.diagnosis`) by photos that are spoiled in known ways."""
