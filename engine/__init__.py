"""Photos in, sharp photos out. No Qt, no training; torch is imported only when a network runs."""
