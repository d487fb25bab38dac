"""What needs me today: the desk that each role sees first, and the inbox."""
