"""Settings, presets and language: the dialogs, and how the window follows them."""
