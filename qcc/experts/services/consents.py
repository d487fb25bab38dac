"""The two consents for each expert (M.12(6)): asked, answered, recorded from paper.

First the expert's employer is asked, then the health authority of the employer's place. A refusal
removes the expert; the rest is checked again.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qcc.experts.models import ConsentKind, MemberConsent, Panel, PanelMember
from qcc.experts.permissions import is_of_center
from qcc.experts.queries import find_authority, get_consent, lock_any_panel, lock_panel
from qcc.experts.rules import Consent
from qcc.experts.services.facts import consents_in_force, has_all_consents
from qcc.experts.services.rechecks import recheck
from qcc.experts.services.telling import tell_center
from qcc.experts.workflow import PanelState
from qcc.infra import audit, clock, files
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Organization, OrganizationKind


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to a request for consent: given or refused with a reason, number and file."""

    given: bool
    reason: str = ""
    number: str = ""
    data: bytes = b""
    filename: str = ""


def ask(member: PanelMember) -> MemberConsent | None:
    """Ask for the consent that is next for the member's present employment: the employer's, and
    once it is given the authority's; None if both were asked or an answer is awaited."""
    asked = consents_in_force(member)
    employer = asked.get(ConsentKind.EMPLOYER)
    if employer is None:
        return _ask(member, ConsentKind.EMPLOYER, _employer(member))
    if employer.state is Consent.GIVEN and ConsentKind.AUTHORITY not in asked:
        return _ask(member, ConsentKind.AUTHORITY, _authority(member))
    return None


def _employer(member: PanelMember) -> Organization:
    employer = member.expert.person.employer
    if employer is None:
        raise Refused(_l("%(name)s has no employer.", name=member.expert.person.name))
    return employer


def _authority(member: PanelMember) -> Organization:
    employer = _employer(member)
    authority = find_authority(employer.place)
    if authority is None:
        raise Refused(_l("No health authority is registered for %(name)s.", name=employer.name))
    return authority


def _ask(member: PanelMember, kind: ConsentKind, whom: Organization) -> MemberConsent:
    consent = MemberConsent(
        kind=kind,
        organization=whom,
        employer_id=_employer(member).id,
        state=Consent.MISSING,
        asked_at=clock.now(),
    )
    member.consents.append(consent)
    return consent


def tell_asked(panel: Panel, consents: Sequence[MemberConsent]) -> None:
    """One message to each body that was asked, however many experts it is asked about."""
    by_body: dict[Organization, list[MemberConsent]] = defaultdict(list)
    for consent in consents:
        by_body[consent.organization].append(consent)
    for body, asked in by_body.items():
        authority = body.kind is OrganizationKind.COMMISSION
        role = Role.COMMISSION_OFFICER if authority else Role.INSTITUTION_OFFICER
        many = len(asked) > 1
        values = {"center": panel.center.name, "count": len(asked)}
        values["expert"] = asked[0].member.expert.person.name
        kind = "consent.asked_many" if many else "consent.asked"
        notify(body.id, role, kind, values, "/consents")


def answer_consent(actor: Actor, consent_id: int, version: int, answer: Answer) -> MemberConsent:
    """The asked organization answers."""
    consent = get_consent(actor, consent_id)
    panel = lock_any_panel(consent.member.panel_id)
    db.session.refresh(consent)
    asked = _write_answer(actor, panel, consent, version, answer, recorded_for=False)
    tell_asked(panel, asked)
    return consent


def consent_together(actor: Actor, chosen: Mapping[int, int], number: str) -> int:
    """The asked organization consents to several with one document: all of them, or nothing.
    *chosen*: request → its version. Returns how many."""
    if not chosen:
        raise Refused(_l("Choose at least one expert."))
    found = [get_consent(actor, consent_id) for consent_id in chosen]
    by_panel: dict[int, list[MemberConsent]] = defaultdict(list)
    for consent in found:
        by_panel[consent.member.panel_id].append(consent)
    for panel_id in sorted(by_panel):  # always in this order, so that nobody waits in a circle
        panel, asked = lock_any_panel(panel_id), list[MemberConsent]()
        for consent in by_panel[panel_id]:
            db.session.refresh(consent)
            answer = Answer(given=True, number=number)
            version = chosen[consent.id]
            asked += _write_answer(actor, panel, consent, version, answer, recorded_for=False)
        tell_asked(panel, asked)
    return len(found)


def record_consent(
    actor: Actor, panel_id: int, consent_id: int, version: int, answer: Answer
) -> MemberConsent:
    """The secretary records an answer that came on paper; the scan is its proof."""
    panel = lock_panel(actor, panel_id)
    consents = [c for member in panel.members for c in member.consents]
    consent = next((c for c in consents if c.id == consent_id), None)
    if consent is None or not is_of_center(actor, panel):
        raise NotFound
    if not answer.data:
        raise Refused(_l("Attach the scan of the answer."), "file")
    asked = _write_answer(actor, panel, consent, version, answer, recorded_for=True)
    tell_asked(panel, asked)
    return consent


def may_be_answered(panel: Panel, consent: MemberConsent) -> bool:
    """Whether an answer is awaited: while consents are collected, or for a successor on a panel
    that serves or is approved and about to; and only for the present employment."""
    member = consent.member
    if member.removed_at is not None or consent.state is not Consent.MISSING:
        return False
    if consent.employer_id != member.expert.person.employer_id:
        return False
    if member.is_candidate:
        return panel.may_act(max(clock.today(), panel.term_start))
    return panel.state is PanelState.COLLECTING


def _write_answer(
    actor: Actor,
    panel: Panel,
    consent: MemberConsent,
    version: int,
    answer: Answer,
    recorded_for: bool,
) -> list[MemberConsent]:
    """Returns what is asked next."""
    if consent.state is not Consent.MISSING or consent.version != version:
        raise Refused(_l("This request was answered already."))
    if not may_be_answered(panel, consent):
        raise Refused(_l("Consents are not being collected for this panel now."))
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
    return _follow_up(panel, consent)


def _follow_up(panel: Panel, consent: MemberConsent) -> list[MemberConsent]:
    """After the employer the authority is asked; a refusal removes the expert. That the last
    consent is there is told to the center."""
    member = consent.member
    panel.edits += 1
    asked = None
    if consent.state is Consent.REFUSED:
        _remove_refused(panel, consent)
    else:
        asked = ask(member)
    db.session.flush()
    recheck(panel)
    members = panel.present_members
    if members and not member.is_candidate and all(has_all_consents(each) for each in members):
        tell_center(panel, "consent.complete")
    return [asked] if asked else []


def _remove_refused(panel: Panel, consent: MemberConsent) -> None:
    member = consent.member
    member.removed_at, member.removed_reason = clock.now(), consent.reason
    tell_center(
        panel,
        "consent.refused",
        organization=consent.organization.name,
        expert=member.expert.person.name,
        reason=consent.reason,
    )
