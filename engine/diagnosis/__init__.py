"""What is wrong with a photo: sharp, shaken, out of focus, with a subject that moved; told without restoring it.

`diagnosing.diagnosed` answers. `windows` and `figures` look at parts of the photo, `photo_figures` at how they
differ, and `judging` holds what was learned about them.
"""
