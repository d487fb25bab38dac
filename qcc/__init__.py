"""qcc: how a health commission governs its medical quality-control centers."""
