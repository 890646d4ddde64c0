"""Photo files: one door in, one door out, nothing that they carry lost."""
