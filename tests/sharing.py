"""How the tests are shared among processes: those that need the same costly thing go together.

The browser stories are told to one product, the rights are tried in one small world, and the scenes
of a feature are made once for each database.
"""

import re

from xdist.scheduler import LoadScopeScheduling

TOGETHER = (
    (re.compile(r"^tests/(e2e|access)/"), r"\1"),
    (re.compile(r"^tests/integration/test_(kill|bench)\.py"), r"\1"),
    (re.compile(r"^tests/integration/applications/competition/.*\[.*(postgresql|sqlite)"), r"c-\1"),
    (
        re.compile(
            r"^tests/integration/(applications|evaluations|experts|meetings)/"
            r".*\[.*(postgresql|sqlite)"
        ),
        r"\1-\2",
    ),
)


def group_of(nodeid: str) -> str:
    """With which others a test goes to one process; by itself, if with none."""
    for pattern, name in TOGETHER:
        found = pattern.match(nodeid)
        if found:
            return found.expand(name)
    return nodeid


class Sharing(LoadScopeScheduling):
    """Gives whole groups to whoever is free."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
