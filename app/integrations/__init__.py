"""Entries of Acutance in other programs: what is written where, and how it is taken away again."""
