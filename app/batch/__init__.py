"""Many photos by one request, for window and command line alike: journal, report, what becomes of each."""
