"""What is wrong with a photo: sharp, shaken, out of focus, with a subject that moved; without restoring it."""
