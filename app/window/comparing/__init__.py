"""What every method makes of the same photo, beside each other under one zoom."""
