"""Stories told through a real browser, against the product as it really runs."""
