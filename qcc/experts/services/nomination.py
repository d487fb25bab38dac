"""Nomination by the director, and the two consents for each expert (M.12(6))."""

from dataclasses import dataclass

from qcc.experts.models import ConsentKind, MemberConsent, Panel, PanelMember
from qcc.experts.permissions import is_of_center
from qcc.experts.queries import (
    find_authority,
    get_consent,
    list_serving_panels,
    lock_any_panel,
    lock_panel,
)
from qcc.experts.rules import PANEL_RULES, ROSTER_RULES, Consent
from qcc.experts.services.facts import panel_rulebook, stored_panel_facts
from qcc.experts.workflow import PANEL, PanelMoment, PanelState
from qcc.infra import audit, clock, files
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify, texts
from qcc.infra.transitions import take
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.rules import Finding, check
from qcc.organizations.models import OrganizationKind

texts(
    {
        "consent.asked": _l("%(center)s asks for consent to the membership of %(expert)s."),
        "consent.refused": _l(
            "%(organization)s refused its consent to %(expert)s, who was taken off the roster:"
            " %(reason)s"
        ),
        "consent.complete": _l("All consents for the panel of %(center)s are there."),
        "panel.present": _l("The panel of %(center)s awaits the review."),
        "panel.return": _l("The panel of %(center)s was returned: %(reason)s"),
        "panel.approve": _l("The panel of %(center)s was approved."),
        "panel.dissolve": _l("The panel of %(center)s was dissolved: %(reason)s"),
        "panel.file": _l("The panel of %(center)s is filed."),
        "filing.sent": _l("The panel of %(center)s is sent to you for filing."),
        "panel.near_end": _l("The term of the panel of %(center)s ends in %(days)s days."),
        "panel.expire": _l("The term of the panel of %(center)s has ended."),
        "panel.broken": _l("A rule no longer holds for the panel of %(center)s."),
    }
)


def roster_findings(panel: Panel) -> list[Finding]:
    """What the rules say of the roster, before consents."""
    return check(ROSTER_RULES, stored_panel_facts(panel, clock.today()), panel_rulebook(panel))


def panel_findings(panel: Panel) -> list[Finding]:
    """What the rules say of the whole panel, consents included."""
    return check(PANEL_RULES, stored_panel_facts(panel, clock.today()), panel_rulebook(panel))


def panel_moment(panel: Panel) -> PanelMoment:
    """The panel as the conditions of its transitions look at it."""
    members = panel.present_members
    return PanelMoment(
        has_members=bool(members),
        births_are_proven=all(m.expert.birth_is_proven for m in members),
        all_have_consented=all(
            any(c.kind is kind and c.state is Consent.GIVEN for c in m.consents)
            for m in members
            for kind in ConsentKind
        ),
        filings_are_complete=bool(panel.filings)
        and all(filing.received_at for filing in panel.filings),
        does_not_overlap=all(
            other.id == panel.id or other.term_end < panel.term_start
            for other in list_serving_panels(panel.center_id)
        ),
    )


def tell_center(panel: Panel, kind: str, **more: object) -> None:
    """A message to the director's and the secretaries' desks."""
    from_host = {"center": panel.center.name, **more}
    for role in (Role.CENTER_DIRECTOR, Role.CENTER_SECRETARY):
        host = _host_of(panel)
        if host is not None:
            notify(host, role, kind, from_host, f"/panels/{panel.id}", panel.center_id)


def _host_of(panel: Panel) -> int | None:
    return stored_panel_facts(panel).host_id


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
    for member in panel.present_members:
        _ask(panel, member, ConsentKind.EMPLOYER)
    db.session.flush()
    return panel


def recall(actor: Actor, panel_id: int, version: int, reason: str) -> Panel:
    """The director takes the roster back to change it; consents already given are kept."""
    panel = lock_panel(actor, panel_id)
    if not is_of_center(actor, panel):
        raise NotFound
    take(PANEL, panel, "recall", actor, facts=panel_moment(panel), version=version, reason=reason)
    return panel


def _ask(panel: Panel, member: PanelMember, kind: ConsentKind) -> None:
    """Ask for a consent that was not asked for yet, and tell who is asked."""
    if any(consent.kind is kind for consent in member.consents):
        return
    employer = member.expert.person.employer
    if employer is None:
        raise Refused(_l("%(name)s has no employer.", name=member.expert.person.name))
    asked = employer if kind is ConsentKind.EMPLOYER else find_authority(employer.place)
    if asked is None:
        raise Refused(_l("No health authority is registered for %(name)s.", name=employer.name))
    member.consents.append(
        MemberConsent(kind=kind, organization=asked, state=Consent.MISSING, asked_at=clock.now())
    )
    role = (
        Role.COMMISSION_OFFICER
        if asked.kind is OrganizationKind.COMMISSION
        else Role.INSTITUTION_OFFICER
    )
    notify(
        asked.id,
        role,
        "consent.asked",
        {"center": panel.center.name, "expert": member.expert.person.name},
        "/consents",
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to a request for consent: given or refused with a reason, number and file."""

    given: bool
    reason: str = ""
    number: str = ""
    data: bytes = b""
    filename: str = ""


def answer_consent(actor: Actor, consent_id: int, version: int, answer: Answer) -> MemberConsent:
    """The asked organization answers."""
    consent = get_consent(actor, consent_id)
    panel = lock_any_panel(consent.member.panel_id)
    db.session.refresh(consent)
    _write_answer(actor, panel, consent, version, answer, recorded_for=False)
    return consent


def record_consent(
    actor: Actor, panel_id: int, consent_id: int, version: int, answer: Answer
) -> MemberConsent:
    """The secretary records an answer that came on paper; the scan is its proof."""
    panel = lock_panel(actor, panel_id)
    consents = [c for member in panel.present_members for c in member.consents]
    consent = next((c for c in consents if c.id == consent_id), None)
    if consent is None or not is_of_center(actor, panel):
        raise NotFound
    if not answer.data:
        raise Refused(_l("Attach the scan of the answer."), "file")
    _write_answer(actor, panel, consent, version, answer, recorded_for=True)
    return consent


def _write_answer(
    actor: Actor,
    panel: Panel,
    consent: MemberConsent,
    version: int,
    answer: Answer,
    recorded_for: bool,
) -> None:
    if panel.state is not PanelState.COLLECTING or consent.member.removed_at is not None:
        raise Refused(_l("Consents are not being collected for this panel now."))
    if consent.state is not Consent.MISSING or consent.version != version:
        raise Refused(_l("This request was answered already."))
    if not answer.given and not answer.reason.strip():
        raise Refused(_l("Give the reason of the refusal."), "reason")
    if answer.data:
        consent.file = files.accept_upload(
            answer.data, answer.filename, actor.organization_id, actor.user_id
        )
    consent.state = Consent.GIVEN if answer.given else Consent.REFUSED
    consent.answered_at, consent.answered_by = clock.now(), actor.person_id
    consent.recorded_for, consent.number = recorded_for, answer.number.strip()
    consent.reason = answer.reason.strip()
    db.session.flush()
    audit.record(
        actor,
        "consent.answered",
        "panel",
        panel.id,
        {
            "consent": consent.id,
            "kind": consent.kind.value,
            "given": answer.given,
            "reason": consent.reason,
            "number": consent.number,
            "recorded_for": recorded_for,
        },
    )
    _follow_up(panel, consent)


def _follow_up(panel: Panel, consent: MemberConsent) -> None:
    """After the employer the authority is asked; a refusal removes the expert and the rest is
    checked again; the last consent is told to the center."""
    member = consent.member
    if consent.state is Consent.REFUSED:
        member.removed_at, member.removed_reason = clock.now(), consent.reason
        tell_center(
            panel,
            "consent.refused",
            organization=consent.organization.name,
            expert=member.expert.person.name,
            reason=consent.reason,
        )
    elif consent.kind is ConsentKind.EMPLOYER:
        _ask(panel, member, ConsentKind.AUTHORITY)
    panel.edits += 1
    db.session.flush()
    panel.findings = [finding.as_dict() for finding in roster_findings(panel)]
    panel.checked_at = clock.now()
    if panel_moment(panel).all_have_consented and panel.present_members:
        tell_center(panel, "consent.complete")
    db.session.flush()
