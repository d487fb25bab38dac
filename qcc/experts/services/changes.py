"""Personnel changes of members (M.12(7)): a successor with own consents, or the exception for who
is of special merit, not yet retired, and whose employer agrees in writing."""

from datetime import date

from sqlalchemy.exc import IntegrityError

from qcc.experts.composition import what_if
from qcc.experts.models import Expert, MemberChange, Panel, PanelMember
from qcc.experts.permissions import is_deciding, is_of_center
from qcc.experts.queries import get_member, lock_member_change, lock_panel
from qcc.experts.rules import PANEL_RULES
from qcc.experts.services.consents import Answer, ask, tell_asked
from qcc.experts.services.facts import (
    has_all_consents,
    member_facts,
    panel_rulebook,
    stored_panel_facts,
)
from qcc.experts.services.filing import send_filings
from qcc.experts.services.papers import ask_for_change_letter, ask_for_letter, ask_for_roster
from qcc.experts.services.rechecks import recheck
from qcc.experts.services.telling import tell_center, tell_commission
from qcc.experts.workflow import MEMBER_CHANGE, MemberChangeMoment, MemberChangeState
from qcc.infra import audit, clock, files
from qcc.infra.db import db, require_version, violates
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.transitions import begin, take
from qcc.kernel.permissions import Actor
from qcc.kernel.rules import Finding


def report_member_change(
    actor: Actor, panel_id: int, member_id: int, what: str, happened_on: date
) -> MemberChange:
    """The center reports that the employment of a member changed; the task is open from then."""
    panel = lock_panel(actor, panel_id)
    if not is_of_center(actor, panel):
        raise NotFound
    member = get_member(panel, member_id)
    _require_acting(panel)
    if not what.strip():
        raise Refused(_l("Say what changed."), "what")
    if happened_on > clock.today():
        raise Refused(_l("The date lies in the future."), "happened_on")
    return open_change(actor, panel, member, what.strip(), happened_on)


def open_change(
    actor: Actor | None, panel: Panel, member: PanelMember, what: str, happened_on: date
) -> MemberChange:
    """Open the task; *actor* None is the clock, which saw that the employer changed."""
    change = MemberChange(
        panel=panel,
        member=member,
        state=MemberChangeState.OPEN,
        what=what,
        happened_on=happened_on,
        employer_id=member.expert.person.employer_id,
        reported_at=clock.now(),
    )
    db.session.add(change)
    try:
        db.session.flush()
    except IntegrityError as error:
        if not violates(error, "uq_member_changes_open"):
            raise
        raise Refused(_l("A change of this member is open already.")) from None
    detail = {"panel": panel.id, "member": member.id}
    if actor is None:
        audit.record(None, "member_change.report", "member_change", change.id, detail)
    else:
        begin(MEMBER_CHANGE, change, "report", actor, reason=what, detail=detail)
    _tell(change, "member.moved")
    return change


def _require_acting(panel: Panel) -> None:
    if (
        not panel.was_approved
        or panel.term_end < clock.today()
        or not panel.may_act(max(clock.today(), panel.term_start))
    ):
        raise Refused(_l("The panel does not serve: its members are not changed any more."))


def _own_open(actor: Actor, change_id: int, version: int) -> MemberChange:
    change = lock_member_change(actor, change_id)
    if not is_of_center(actor, change.panel):
        raise NotFound
    require_version(change, version)
    if change.state is not MemberChangeState.OPEN:
        raise Refused(_l("The change lies before the commission, or is decided."))
    _require_acting(change.panel)
    return change


def name_successor(
    actor: Actor, change_id: int, version: int, expert: Expert, joins: date
) -> MemberChange:
    """Name who is to follow, from which day; employer and authority are asked as for anybody."""
    change = _own_open(actor, change_id, version)
    panel, member = change.panel, change.member
    if not clock.today() <= joins <= panel.term_end:
        raise Refused(_l("The successor joins between today and the end of the term."), "joins")
    taken = {m.expert_id for m in panel.members if m.removed_at is None}
    candidate = change.candidate
    if candidate is not None and candidate.removed_at is None:
        raise Refused(_l("A successor is named already; withdraw the proposal first."), "expert")
    if expert.id in taken:
        raise Refused(_l("The expert is on the roster already."), "expert")
    candidate = PanelMember(
        panel_id=panel.id,
        expert=expert,
        role=member.role,
        group=member.group,
        leads_group=member.leads_group,
        joins=joins,
        is_candidate=True,
    )
    panel.members.append(candidate)
    db.session.flush()
    change.candidate = candidate
    asked = ask(candidate)
    tell_asked(panel, [asked] if asked else [])
    _touch(change)
    detail = {"successor": expert.id, "joins": joins}
    audit.record(actor, "member_change.successor_named", "member_change", change.id, detail)
    return change


def withdraw_successor(actor: Actor, change_id: int, version: int) -> MemberChange:
    """Take back who was named."""
    change = _own_open(actor, change_id, version)
    candidate = change.candidate
    if candidate is None or candidate.removed_at is not None:
        raise Refused(_l("No successor is named."))
    candidate.removed_at, candidate.removed_reason = clock.now(), "“中心”撤回提名"
    change.candidate = None
    _touch(change)
    audit.record(actor, "member_change.successor_withdrawn", "member_change", change.id, {})
    return change


def propose_stay(
    actor: Actor, change_id: int, version: int, reason: str, is_not_retired: bool, proof: Answer
) -> MemberChange:
    """Propose that the member stays: special merit in words, not retired, the employer's consent
    as a file."""
    change = _own_open(actor, change_id, version)
    if not reason.strip():
        raise Refused(_l("Describe the special merit."), "reason")
    if not is_not_retired:
        raise Refused(_l("Only who is not retired can stay by exception."), "is_not_retired")
    if not proof.data:
        raise Refused(_l("Attach the employer's consent."), "file")
    change.evidence = files.accept_upload(
        proof.data, proof.filename, actor.organization_id, actor.user_id
    )
    change.exception_reason, change.is_not_retired = reason.strip(), True
    _touch(change)
    detail = {"reason": change.exception_reason, "evidence": change.evidence.sha256}
    audit.record(actor, "member_change.exception_proposed", "member_change", change.id, detail)
    return change


def _touch(change: MemberChange) -> None:
    change.panel.edits += 1
    db.session.flush()


def change_moment(change: MemberChange) -> MemberChangeMoment:
    """The change as the conditions of its transitions look at it."""
    candidate = change.candidate
    named = candidate is not None and candidate.removed_at is None
    return MemberChangeMoment(
        has_replacement=named,
        replacement_has_consents=named
        and candidate is not None
        and has_all_consents(candidate)
        and candidate.expert.birth_is_proven,
        exception_is_proven=change.evidence_id is not None and change.is_not_retired,
    )


def present_change(actor: Actor, change_id: int, version: int) -> MemberChange:
    """The director lays the answer before the commission."""
    change = _own_open(actor, change_id, version)
    take(MEMBER_CHANGE, change, "present", actor, facts=change_moment(change))
    name = change.member.expert.person.name
    tell_commission(change.panel, "member.present", f"/member-changes/{change.id}", expert=name)
    return change


def replacement_findings(change: MemberChange) -> list[Finding]:
    """What the replacement would newly bring against the panel, and broken principles that would
    stay: what stands against others already is not this successor's."""
    if change.candidate is None or change.candidate.removed_at is not None:
        return []
    facts = stored_panel_facts(change.panel, clock.today())
    difference = what_if(
        facts,
        panel_rulebook(change.panel),
        add=[member_facts(change.candidate)],
        remove={str(change.member_id)},
        rules=PANEL_RULES,
    )
    return [*difference.appear, *(f for f in difference.stay if f.needs_justification)]


def _for_decision(actor: Actor, change_id: int, version: int) -> MemberChange:
    change = lock_member_change(actor, change_id)
    if not is_deciding(actor, change.panel):
        raise NotFound
    require_version(change, version)
    return change


def replace_member(
    actor: Actor, change_id: int, version: int, justification: str = ""
) -> MemberChange:
    """The commission approves the replacement: one leaves, the other serves, and with whom the
    panel was filed the change is filed too (M.12(6))."""
    change = _for_decision(actor, change_id, version)
    _require_acting(change.panel)
    findings, candidate = replacement_findings(change), change.candidate
    MEMBER_CHANGE.find("replace", change.state)
    moment, change.decided_at = change_moment(change), clock.now()
    take(
        MEMBER_CHANGE,
        change,
        "replace",
        actor,
        facts=moment,
        findings=findings,
        reason=justification,
    )
    if candidate is None:  # the condition of the step holds that there is one
        raise NotFound
    change.member.removed_at, change.member.removed_reason = clock.now(), change.what
    candidate.is_candidate = False
    candidate.joins = max(candidate.joins or clock.today(), clock.today())
    _touch(change)
    recheck(change.panel)
    ask_for_letter(change.panel, candidate)
    send_filings(change.panel, change)
    ask_for_roster(change.panel)
    ask_for_change_letter(change, candidate, [f.as_dict() for f in findings], justification)
    _tell(change, "member.replace", successor=candidate.expert.person.name)
    return change


def except_member(actor: Actor, change_id: int, version: int) -> MemberChange:
    """The commission lets the member stay (M.12(7))."""
    change = _for_decision(actor, change_id, version)
    _require_acting(change.panel)
    MEMBER_CHANGE.find("except", change.state)
    moment, change.decided_at = change_moment(change), clock.now()
    take(MEMBER_CHANGE, change, "except", actor, facts=moment)
    change.member.excepted_employer_id = change.member.expert.person.employer_id
    _drop_candidate(change)
    _tell(change, "member.except")
    return change


def return_change(actor: Actor, change_id: int, version: int, reason: str) -> MemberChange:
    """The commission wants another answer."""
    change = _for_decision(actor, change_id, version)
    take(MEMBER_CHANGE, change, "return", actor, facts=change_moment(change), reason=reason)
    _tell(change, "member.return", reason=reason)
    return change


def dismiss_member_change(actor: Actor, change_id: int, version: int, reason: str) -> MemberChange:
    """The commission lays a change aside that was noted in error."""
    change = _for_decision(actor, change_id, version)
    MEMBER_CHANGE.find("dismiss", change.state)
    moment, change.decided_at = change_moment(change), clock.now()
    take(MEMBER_CHANGE, change, "dismiss", actor, facts=moment, reason=reason)
    change.member.excepted_employer_id = change.member.expert.person.employer_id
    _drop_candidate(change)
    _tell(change, "member.dismiss", reason=reason)
    return change


def _drop_candidate(change: MemberChange) -> None:
    candidate = change.candidate
    if candidate is not None and candidate.removed_at is None:
        candidate.removed_at, candidate.removed_reason = clock.now(), "未予替换"
    _touch(change)


def _tell(change: MemberChange, kind: str, **more: object) -> None:
    name = change.member.expert.person.name
    tell_center(change.panel, kind, f"/member-changes/{change.id}", expert=name, **more)
