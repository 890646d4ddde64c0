"""Runs a method over a photo of any size on the device at hand."""
