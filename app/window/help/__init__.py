"""What the window says about itself: versions, licences, cards, this machine, its log, errors, newer versions."""
