"""Users, the desks they sit at, their sessions, and how they sign in."""
