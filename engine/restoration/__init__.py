"""Runs a method on a photo of any size, on the available device."""
