"""Writes about experts and panels: registering, rosters, nomination, consents, review, terms."""
