"""The side panel: what to do on top, what came of it below."""
