"""Training on the user's own photos: survey, runs in separate processes, and their results."""
