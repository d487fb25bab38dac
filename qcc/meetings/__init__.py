"""Dispatch meetings (调度会): agenda, invitations, minutes, action items, compliance by month."""
