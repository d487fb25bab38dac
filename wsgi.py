"""What the web server and the flask command load."""

import gc
import os
import sys

gc.disable()  # nothing of what is loaded now is garbage

from config import ConfigurationError  # noqa: E402
from qcc.app import create_app, require_ready  # noqa: E402

REFUSED = 4  # what gunicorn takes for a reason to end, and not to try again

try:
    app = create_app()
    if not os.environ.get("FLASK_RUN_FROM_CLI"):
        require_ready(app)
except ConfigurationError as refusal:
    sys.stderr.write(f"qcc does not start: {refusal}\n")
    sys.exit(REFUSED)

gc.enable()
