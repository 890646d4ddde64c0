"""Restores many photos by one request, for the window and the command line, with a journal and a report."""
