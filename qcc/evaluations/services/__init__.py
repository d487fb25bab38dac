"""What is done in the assessment of centers: one function for each verb."""
