"""The comparison of methods: all results for one photo, side by side with one zoom."""
