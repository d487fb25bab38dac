"""Nightly: employers that changed without the panels being told, on the pages of people.

Nothing stale is approved meanwhile: consents count for the present employer only.
"""

from datetime import date

import sqlalchemy as sa

from qcc.experts.models import (
    ConsentKind,
    Employment,
    Expert,
    MemberChange,
    MemberConsent,
    Panel,
    PanelMember,
)
from qcc.experts.queries import IS_MEMBER, lock_any_panel
from qcc.experts.rules import Consent
from qcc.experts.services.changes import open_change
from qcc.experts.services.nomination import ask_all
from qcc.experts.services.people import note_employment
from qcc.experts.workflow import SERVING, MemberChangeState, PanelState
from qcc.infra.db import db
from qcc.organizations.models import Person


def follow_moves(today: date) -> tuple[int, int]:
    """Write the history of employment on; open a change for each member of a serving panel who
    moved; ask the new employers of panels whose consents are being collected. How many members
    and panels those are."""
    moved, members, panels = _moved_people(), _moved_members(), _unasked_panels()
    for person_id, employer_id in moved:
        note_employment(person_id, employer_id, today)
    for panel_id, member_id in members:
        _open(panel_id, member_id, today)
    for panel_id in panels:
        panel = lock_any_panel(panel_id)
        if panel.state is PanelState.COLLECTING:
            ask_all(panel)
    return len(members), len(panels)


def _moved_people() -> list[tuple[int, int]]:
    """Experts whose history of employment does not end with their employer."""
    same = sa.exists().where(
        Employment.person_id == Person.id,
        Employment.ended_on.is_(None),
        Employment.organization_id == Person.employer_id,
    )
    found = (
        sa.select(Person.id, Person.employer_id)
        .join(Expert, Expert.person_id == Person.id)
        .where(Person.employer_id.is_not(None), ~same)
        .order_by(Person.id)
    )
    return [(person_id, employer_id or 0) for person_id, employer_id in db.session.execute(found)]


def _members() -> sa.Select[int, int]:
    return (
        sa.select(PanelMember.panel_id, PanelMember.id)
        .join(Panel, Panel.id == PanelMember.panel_id)
        .join(Expert, Expert.id == PanelMember.expert_id)
        .join(Person, Person.id == Expert.person_id)
        .where(IS_MEMBER)
        .order_by(PanelMember.panel_id, PanelMember.id)
    )


def _moved_members() -> list[tuple[int, int]]:
    """Members of serving panels whose present employer neither consented nor was let pass by an
    exception, and for whom no change is open."""
    agreed = sa.exists().where(
        MemberConsent.member_id == PanelMember.id,
        MemberConsent.kind == ConsentKind.EMPLOYER,
        MemberConsent.state == Consent.GIVEN,
        MemberConsent.employer_id == Person.employer_id,
    )
    is_open = sa.exists().where(
        MemberChange.member_id == PanelMember.id,
        MemberChange.state.in_((MemberChangeState.OPEN, MemberChangeState.PROPOSED)),
    )
    excepted = sa.and_(
        PanelMember.excepted_employer_id.is_not(None),
        PanelMember.excepted_employer_id == Person.employer_id,
    )
    found = _members().where(Panel.state.in_(SERVING), ~agreed, ~is_open, ~excepted)
    return [(panel_id, member_id) for panel_id, member_id in db.session.execute(found)]


def _unasked_panels() -> list[int]:
    """Panels that collect consents and have a member whose present employer was not asked."""
    asked = sa.exists().where(
        MemberConsent.member_id == PanelMember.id,
        MemberConsent.kind == ConsentKind.EMPLOYER,
        MemberConsent.employer_id == Person.employer_id,
    )
    found = _members().where(
        Panel.state == PanelState.COLLECTING, ~asked, Person.employer_id.is_not(None)
    )
    return sorted({panel_id for panel_id, _member_id in db.session.execute(found)})


def _open(panel_id: int, member_id: int, today: date) -> None:
    panel = lock_any_panel(panel_id)
    member = next((m for m in panel.present_members if m.id == member_id), None)
    if member is not None and panel.state in SERVING:
        employer = member.expert.person.employer
        what = f"工作单位变动：现为{employer.name if employer else '（无）'}"
        open_change(None, panel, member, what, today)
