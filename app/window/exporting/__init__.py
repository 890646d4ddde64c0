"""Export: format, depth, quality, size, colours, folder and name on one sheet, with presets."""
