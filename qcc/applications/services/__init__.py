"""Writes about calls and applications, by who does them."""
