"""The side panel: choices above, the outcome below."""
