"""Writes of meetings: proposing, preparing, holding, minutes, action items, amendments."""
