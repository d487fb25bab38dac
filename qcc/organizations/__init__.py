"""Jurisdictions, organizations and people: who is who in the system."""
