"""Many at once: the same moment, each with a session of its own."""

from collections.abc import Callable, Sequence
from contextvars import copy_context
from threading import Barrier, Thread
from typing import Any

from flask import Flask

from qcc.infra.db import db

PATIENCE = 120
"""Seconds after which a crowd that got stuck is a failure and no longer waited for."""


def at_once(app: Flask, acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """What came of each act, in their order: its result, or the error it raised.

    The acts begin together and open their own transactions. Whoever calls this keeps no
    transaction open.
    """
    db.session.rollback()
    outcomes: list[Any] = [None] * len(acts)
    gate = Barrier(len(acts), timeout=PATIENCE)

    def run(number: int) -> None:
        with app.app_context():
            gate.wait()
            try:
                outcomes[number] = acts[number]()
            except Exception as error:
                outcomes[number] = error
            finally:
                db.session.remove()

    threads = [
        Thread(target=copy_context().run, args=(run, number), daemon=True)
        for number in range(len(acts))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "somebody in the crowd is stuck"
    return outcomes
