"""What the web server and the flask command load."""

import os

from qcc.app import create_app, require_ready

app = create_app()
if not os.environ.get("FLASK_RUN_FROM_CLI"):
    require_ready(app)
