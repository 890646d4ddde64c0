"""Makes and judges weights. No Qt."""
