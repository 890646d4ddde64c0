"""What the window says about itself: this machine, its log, what went wrong, newer versions."""
