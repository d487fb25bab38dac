"""A real Redis for tests, on a free loopback port, that keeps nothing.

The package redis-tools of Debian and Ubuntu holds the server under the name of a tool that checks
its files: the program is one, and does what it is called as. The package redis-server would start
one on each machine that runs the tests.
"""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from tests.databases import free_port

NAMES = ("redis-server", "valkey-server", "redis-check-rdb")
PATIENCE = 10.0
"""Seconds until it has to answer."""


@contextmanager
def running_redis(port: int = 0) -> Iterator[str]:
    """The address of a server that lives for the block."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    assert program, f"none of {', '.join(NAMES)} is installed: run script/setup test"
    port = port or free_port()
    keeps_nothing = ["--save", "", "--appendonly", "no"]
    server = subprocess.Popen(
        ["redis-server", "--bind", "127.0.0.1", "--port", str(port), *keeps_nothing],
        executable=program,
        stdout=subprocess.DEVNULL,
    )
    try:
        address = f"redis://127.0.0.1:{port}/0"
        _await_answer(address)
        yield address
    finally:
        server.kill()
        server.wait()


def _await_answer(address: str) -> None:
    redis = import_module("redis")
    until = time.monotonic() + PATIENCE
    with redis.Redis.from_url(address) as asked:
        while True:
            try:
                asked.ping()
                return
            except redis.ConnectionError:
                assert time.monotonic() < until, "the server does not answer"
                time.sleep(0.02)
