"""Run as a module: a migrated database with the demo province, in one start of the product."""

import sys

from qcc.app import create_app

for command in (["db", "upgrade"], ["demo", "load"]):
    done = create_app().test_cli_runner().invoke(args=command, catch_exceptions=False)
    sys.stdout.write(done.output)
    if done.exit_code:
        sys.exit(done.exit_code)
