"""Centers, their hosts and officers, the planned directory, and coverage."""
