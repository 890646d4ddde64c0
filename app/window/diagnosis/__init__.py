"""What the window reports about itself: this machine, its log, errors, newer versions."""
