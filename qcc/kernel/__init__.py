"""Pure ideas: legal dates, places, findings and rules, workflow tables, permissions."""
