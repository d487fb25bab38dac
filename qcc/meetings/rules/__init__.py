"""What is worked out about meetings without database or clock: the agenda and the compliance."""
