"""Workflows as tables a commission officer could read, and the small engine that reads them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from qcc.kernel.permissions import Permission

Guard = Callable[[Any], bool]
"""A pure condition over the facts of a subject: True lets the transition pass."""


class Reason(StrEnum):
    """When a transition asks for words: never, always, or when a principle rule is overridden."""

    NONE = "none"
    REQUIRED = "required"
    ON_OVERRIDE = "on_override"


@dataclass(frozen=True, slots=True)
class Transition:
    """Who may take which action in which states, on what conditions, and whom it tells."""

    action: str
    sources: tuple[StrEnum, ...]
    target: StrEnum
    may: Permission
    guards: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    reason: Reason = Reason.NONE
    notifies: tuple[str, ...] = ()


class WorkflowError(Exception):
    """An action that the table does not allow."""


class ActionNotPossible(WorkflowError):
    """The action does not start from the present state."""

    def __init__(self, action: str, state: StrEnum) -> None:
        super().__init__(f"{action} is not possible in state {state.value}")
        self.action, self.state = action, state


class GuardFailed(WorkflowError):
    """A condition of the transition does not hold; *guard* names it."""

    def __init__(self, action: str, guard: str) -> None:
        super().__init__(f"{action} is stopped by {guard}")
        self.action, self.guard = action, guard


class Workflow:
    """A named set of states and the transitions between them, proven consistent when made."""

    def __init__(
        self,
        name: str,
        states: type[StrEnum],
        initial: StrEnum,
        transitions: Iterable[Transition],
        guards: Mapping[str, Guard] | None = None,
    ) -> None:
        self.name, self.states, self.initial = name, states, initial
        self.transitions = tuple(transitions)
        self.guards = dict(guards or {})
        self._by_key: dict[tuple[str, StrEnum], Transition] = {}
        for transition in self.transitions:
            self._add(transition)
        self._require_reachable()

    def _add(self, transition: Transition) -> None:
        for name in transition.guards:
            if name not in self.guards:
                raise ValueError(f"{self.name}: {transition.action} names unknown guard {name}")
        for source in transition.sources:
            if (transition.action, source) in self._by_key:
                raise ValueError(f"{self.name}: {transition.action} from {source} twice")
            self._by_key[transition.action, source] = transition

    def _require_reachable(self) -> None:
        reached = {self.initial} | {transition.target for transition in self.transitions}
        lost = sorted(state.value for state in self.states if state not in reached)
        if lost:
            raise ValueError(f"{self.name}: no way leads to {', '.join(lost)}")

    def find(self, action: str, state: StrEnum) -> Transition:
        """The transition of *action* from *state*; raises ActionNotPossible."""
        try:
            return self._by_key[action, state]
        except KeyError:
            raise ActionNotPossible(action, state) from None

    def possible(self, state: StrEnum, permissions: Iterable[Permission]) -> list[Transition]:
        """What holders of the permissions could do in *state*, in the table's order."""
        held = set(permissions)
        return [t for t in self.transitions if state in t.sources and t.may in held]

    def failed_guard(self, transition: Transition, facts: Any) -> str | None:
        """The first condition that does not hold, or None."""
        return next((name for name in transition.guards if not self.guards[name](facts)), None)

    def require(self, action: str, state: StrEnum, facts: Any) -> Transition:
        """The transition, once its conditions hold; raises ActionNotPossible or GuardFailed."""
        transition = self.find(action, state)
        failed = self.failed_guard(transition, facts)
        if failed:
            raise GuardFailed(action, failed)
        return transition
