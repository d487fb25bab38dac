"""Experts and panels: who may sit on a center's panel, and how it is composed and judged."""
