"""Yearly assessment of the centers, what follows from it, violations (M.20 to M.28)."""
