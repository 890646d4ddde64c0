"""Training methods on the user's own photos: survey, runs in processes of their own, what they reached."""
