"""The life of a yearly document: written, submitted by the director, acknowledged or returned."""

from dataclasses import dataclass
from enum import StrEnum

from qcc.kernel.permissions import Permission as P
from qcc.kernel.workflow import Reason, Transition, Workflow


class DocumentState(StrEnum):
    """Where a document stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACKNOWLEDGED = "acknowledged"


S = DocumentState

WRITTEN = frozenset({S.DRAFT, S.RETURNED})
"""The center may change it."""

HANDED_IN = frozenset({S.SUBMITTED, S.ACKNOWLEDGED})
"""It lies with the commission."""


@dataclass(frozen=True, slots=True)
class DocumentMoment:
    """What the conditions look at: how many sections are not written; whether the day until which
    a returned document is to be corrected lies ahead."""

    unwritten: int = 0
    lies_ahead: bool = True


DOCUMENT = Workflow(
    "annual_document",
    S,
    S.DRAFT,
    [
        Transition(
            "submit",
            (S.DRAFT, S.RETURNED),
            S.SUBMITTED,
            P.ANNUAL_SUBMIT,
            guards=("document_is_written",),
            notifies=("commission", "evaluation_center"),
        ),
        Transition(
            "acknowledge", (S.SUBMITTED,), S.ACKNOWLEDGED, P.ANNUAL_RECEIVE, notifies=("center",)
        ),
        Transition(
            "return",
            (S.SUBMITTED,),
            S.RETURNED,
            P.ANNUAL_RECEIVE,
            guards=("correction_lies_ahead",),
            reason=Reason.REQUIRED,
            notifies=("center",),
        ),
    ],
    guards={
        "document_is_written": lambda facts: facts.unwritten == 0,
        "correction_lies_ahead": lambda facts: facts.lies_ahead,
    },
)
