"""All open photos at once, and what the desktop shows while that takes long."""
