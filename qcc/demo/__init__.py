"""The demo province: real divisions, specialties and hospitals; invented people and events.

Everything goes through the real services, at moments of its own, so that the demo holds only what
the product can make. It is never loaded in production.
"""
