"""The steps of a run, in their order: measure, candidates, whole, faces, explain."""
