"""What an assessment comes to, and what follows from the results of years."""
