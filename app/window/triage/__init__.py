"""The triage page: a grid of photos that says which are blurred, how, and which can be saved."""
