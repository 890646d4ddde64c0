"""Looks through folders of photos: which are blurred, how, and which can be saved. No Qt."""
