"""How the web server runs, in development (script/run) and behind nginx in production.

Sync workers, one for each core: measured faster than threads for pages that are mostly Python.
They do not buffer slow clients, so in production nginx stands in front.
"""

import gc
import os
from pathlib import Path

wsgi_app = "wsgi:app"
bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY") or max(2, len(os.sched_getaffinity(0))))
worker_class = "sync"

# A page takes milliseconds and a PDF seconds; what takes a minute is lost and gives way.
timeout = 60
graceful_timeout = 15
keepalive = 5

# A worker that grew slowly gives everything back when it is replaced, which takes as long as a
# start: so it is done seldom. The jitter keeps them from all being replaced at one time.
max_requests = 20_000
max_requests_jitter = 4_000

# Longer than any address or header the product makes.
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190

# Heartbeats go to memory, so that a slow disk does not look like a dead worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108


def post_worker_init(_worker: object) -> None:
    """What was loaded stays to the end: the collector need not walk through it, and a page makes
    thousands of short-lived objects, so it need not look as often as for a script."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


# Nothing steers the server from outside but signals.
control_socket_disable = True

errorlog = "-"
loglevel = "warning"
accesslog = None
