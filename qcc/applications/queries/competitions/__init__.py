"""Reads about competitions: for staff within its scope, for reviewers what is assigned to them."""
