"""What a case of the matrix is: an address, what is sent to it, and about what."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from qcc.kernel.permissions import Actor
from tests.access.world import Filed, Things, World

APPLICATION, PLACE, NOTHING = "application", "place", "nothing"


@dataclass(frozen=True)
class Subject:
    """What a cell of the matrix is about, and who asks under what name."""

    world: World
    role: str
    actor: Actor | None
    relation: str
    things: Things
    filed: dict[str, Filed]

    @property
    def codes(self) -> list[str]:
        """The codes of its applications, drafts aside."""
        return [each.code for state, each in self.filed.items() if state != "draft"]


Form = Callable[[Subject], dict[str, Any]]


@dataclass(frozen=True)
class Case:
    """An address, the form that is sent to it, and what a list is searched for."""

    path: Callable[[Subject], str]
    form: Form = lambda subject: {}
    about: str = PLACE
    look: Callable[[Subject], Iterable[str]] | None = None


def plain(path: str, form: Form = lambda subject: {}) -> Case:
    return Case(lambda subject: path, form, NOTHING)


def listed(
    path: Callable[[Subject], str], look: Callable[[Subject], Iterable[str]], about: str = PLACE
) -> Case:
    return Case(path, about=about, look=look)


def key_of(subject: Subject) -> str:
    """The key of a form that creates."""
    return f"{subject.role[:20]}-{subject.relation}"
