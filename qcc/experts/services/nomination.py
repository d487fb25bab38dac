"""Nomination by the director (M.12(6)), and what each later step looks at."""

from qcc.centers.queries import current_hosting
from qcc.experts.models import Panel
from qcc.experts.permissions import is_of_center
from qcc.experts.queries import list_serving_terms, lock_panel
from qcc.experts.services.consents import Answer, answer_consent, ask, record_consent, tell_asked
from qcc.experts.services.facts import has_all_consents, panel_rulebook, roster_findings
from qcc.experts.workflow import PANEL, PanelMoment
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.infra.transitions import take
from qcc.kernel.permissions import Actor

__all__ = [
    "Answer",
    "answer_consent",
    "ask_all",
    "nominate",
    "panel_moment",
    "recall",
    "record_consent",
]


def panel_moment(panel: Panel) -> PanelMoment:
    """The panel as the conditions of its transitions look at it."""
    members = panel.present_members
    return PanelMoment(
        has_host=current_hosting(panel.center_id) is not None,
        has_members=bool(members),
        births_are_proven=all(member.expert.birth_is_proven for member in members),
        all_have_consented=all(has_all_consents(member) for member in members),
        filings_are_complete=bool(panel.filings)
        and all(filing.received_at for filing in panel.filings_of(None)),
        does_not_overlap=all(
            term.id == panel.id or term.term_end < panel.term_start
            for term in list_serving_terms(panel.center_id)
        ),
    )


def nominate(actor: Actor, panel_id: int, version: int) -> Panel:
    """The director signs the roster off; every expert's employer is asked for consent.

    A mandatory finding stops it; a broken principle is for the commission to justify.
    """
    panel = lock_panel(actor, panel_id)
    if not is_of_center(actor, panel):
        raise NotFound
    findings = roster_findings(panel)
    take(
        PANEL,
        panel,
        "nominate",
        actor,
        facts=panel_moment(panel),
        version=version,
        findings=[finding for finding in findings if finding.blocks],
    )
    panel.rulebook_version = panel_rulebook(panel).version
    ask_all(panel)
    return panel


def ask_all(panel: Panel) -> None:
    """Ask for every consent that may be asked for now and was not; one message to each body."""
    asked = [ask(member) for member in panel.present_members]
    tell_asked(panel, [consent for consent in asked if consent is not None])
    db.session.flush()


def recall(actor: Actor, panel_id: int, version: int, reason: str) -> Panel:
    """The director takes the roster back to change it; consents already given are kept."""
    panel = lock_panel(actor, panel_id)
    if not is_of_center(actor, panel):
        raise NotFound
    take(PANEL, panel, "recall", actor, facts=panel_moment(panel), version=version, reason=reason)
    panel.rulebook_version = ""  # judged anew by the edition of the term's first day
    return panel
