"""Faces in a photo: found, aligned, pasted back without a seam."""
