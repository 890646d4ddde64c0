"""Trains and evaluates weights. No Qt."""
