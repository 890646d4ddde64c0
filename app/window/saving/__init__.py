"""How results go out, and what would be lost if they did not."""
