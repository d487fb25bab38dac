"""Calls, applications, their check and decision, and the establishment of a center."""
