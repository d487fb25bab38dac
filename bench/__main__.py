"""`python -m bench`: measure, print each figure beside its limit, exit 1 if one is missed."""

import argparse
import sys

from bench import machine, pages, panels, reports, scoring

BENCHES = {"pages": pages, "panels": panels, "scoring": scoring, "reports": reports}
"""What is measured; each in a file of its own."""


def main() -> int:
    """Run all benches, or those that are named."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHES], help="which; all if none")
    parser.add_argument("--quick", action="store_true", help="a small trial; no speed is judged")
    parser.add_argument("--only", default="", help="only this database: postgresql or sqlite")
    wanted = parser.parse_args()
    print(f"{machine.describe()}; load before: {machine.load():.1f}")
    kept = [BENCHES[n].run(wanted.quick, wanted.only) for n in wanted.names or BENCHES]
    said = "No speed was judged." if wanted.quick else "Every limit is kept."
    print(f"\n{said if all(kept) else 'A limit is missed.'}")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
