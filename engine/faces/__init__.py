"""Faces in a photo: find them, align them, and paste them back without a seam."""
