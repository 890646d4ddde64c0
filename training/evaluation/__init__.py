"""Evaluates methods by the papers' protocols on any folder of sharp pictures."""
