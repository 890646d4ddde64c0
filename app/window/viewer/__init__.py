"""The picture on the screen: pyramid, viewport, comparison, and what is drawn over it."""
