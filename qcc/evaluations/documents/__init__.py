"""What the papers and reports of assessments say."""
