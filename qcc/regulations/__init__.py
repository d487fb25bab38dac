"""What regulations say, as data: rulebooks, places, specialties, grades."""
