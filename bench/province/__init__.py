"""A whole province, invented and always the same, written in bulk: what benches measure on."""

from bench.province.build import build
from bench.province.sizes import FULL, SMALL, SMOKE, Size

__all__ = ["FULL", "SMALL", "SMOKE", "Size", "build"]
