"""Who may do what: roles, permissions, the one policy that joins them, and the actor."""

from dataclasses import dataclass
from enum import StrEnum

from qcc.kernel.places import Level, level_of


class Role(StrEnum):
    """In what capacity a person acts for an organization."""

    COMMISSION_OFFICER = "commission_officer"
    EVALUATION_OFFICER = "evaluation_officer"
    INSTITUTION_OFFICER = "institution_officer"
    CENTER_DIRECTOR = "center_director"
    CENTER_SECRETARY = "center_secretary"
    EXPERT = "expert"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
"""Mutually exclusive (三员分立), and excluded from every business role."""


class Permission(StrEnum):
    """One thing that a view or a transition lets somebody do."""

    DESK_USE = "desk.use"
    RULEBOOK_VIEW = "rulebook.view"
    DIRECTORY_VIEW = "directory.view"
    CENTER_PLAN = "center.plan"
    OFFICER_REPORT = "officer.report"
    OFFICER_DECIDE = "officer.decide"
    CALL_VIEW = "call.view"
    CALL_EDIT = "call.edit"
    APPLICATION_VIEW = "application.view"
    APPLICATION_EDIT = "application.edit"
    APPLICATION_CHECK = "application.check"
    APPLICATION_DECIDE = "application.decide"
    COMPETITION_VIEW = "competition.view"
    COMPETITION_EDIT = "competition.edit"
    COMPETITION_OPEN = "competition.open"
    REVIEW_SCORE = "review.score"
    EXPERT_VIEW = "expert.view"
    EXPERT_EDIT = "expert.edit"
    EXPERT_EXPORT = "expert.export"
    PANEL_VIEW = "panel.view"
    PANEL_EDIT = "panel.edit"
    PANEL_NOMINATE = "panel.nominate"
    CONSENT_ANSWER = "consent.answer"
    PANEL_DECIDE = "panel.decide"
    FILING_RECEIVE = "filing.receive"
    MEETING_VIEW = "meeting.view"
    MEETING_EDIT = "meeting.edit"
    MEETING_SIGN = "meeting.sign"
    MEETING_ANSWER = "meeting.answer"
    ACTION_REPORT = "action.report"
    ROUND_VIEW = "round.view"
    ROUND_EDIT = "round.edit"
    ROUND_SCALE = "round.scale"
    ASSESSMENT_VIEW = "assessment.view"
    ASSESSMENT_EDIT = "assessment.edit"
    ASSESSMENT_SUBMIT = "assessment.submit"
    ASSESSMENT_SCORE = "assessment.score"
    APPEAL_RAISE = "appeal.raise"
    APPEAL_DECIDE = "appeal.decide"
    REVOCATION_VIEW = "revocation.view"
    REVOCATION_DECIDE = "revocation.decide"
    RECTIFICATION_VIEW = "rectification.view"
    RECTIFICATION_ORDER = "rectification.order"
    RECTIFICATION_EDIT = "rectification.edit"
    RECTIFICATION_SUBMIT = "rectification.submit"
    VIOLATION_VIEW = "violation.view"
    VIOLATION_REPORT = "violation.report"
    VIOLATION_INVESTIGATE = "violation.investigate"
    VIOLATION_ANSWER = "violation.answer"
    VIOLATION_DECIDE = "violation.decide"
    ANNUAL_VIEW = "annual.view"
    ANNUAL_EDIT = "annual.edit"
    ANNUAL_SUBMIT = "annual.submit"
    ANNUAL_RECEIVE = "annual.receive"
    TASK_VIEW = "task.view"
    TASK_ASSIGN = "task.assign"
    TASK_REPORT = "task.report"
    RECORD_VIEW = "record.view"
    INTERNAL_RULE_EDIT = "internal_rule.edit"
    VISIT_RECORD = "visit.record"
    PAPER_VIEW = "paper.view"
    PAPER_SEAL = "paper.seal"
    DOCUMENT_REGISTER = "document.register"
    CLOCK = "clock"
    JOB_VIEW = "job.view"
    DELIVERY_RETRY = "delivery.retry"
    INCIDENT_EDIT = "incident.edit"
    ORGANIZATION_VIEW = "organization.view"
    ORGANIZATION_EDIT = "organization.edit"
    PERSON_VIEW = "person.view"
    PERSON_EDIT = "person.edit"
    USER_VIEW = "user.view"
    USER_EDIT = "user.edit"
    ROLE_ASSIGN = "role.assign"
    SESSION_END = "session.end"
    AUDIT_VIEW = "audit.view"


P = Permission

_EVERYONE = {P.DESK_USE, P.RULEBOOK_VIEW}
_BUSINESS = _EVERYONE | {P.DIRECTORY_VIEW, P.PAPER_VIEW}
_CENTER = _BUSINESS | {
    P.OFFICER_REPORT,
    P.EXPERT_VIEW,
    P.EXPERT_EDIT,
    P.PANEL_VIEW,
    P.PANEL_EDIT,
    P.FILING_RECEIVE,
    P.MEETING_VIEW,
    P.MEETING_EDIT,
    P.MEETING_ANSWER,
    P.ACTION_REPORT,
    P.ROUND_VIEW,
    P.ROUND_EDIT,
    P.ASSESSMENT_VIEW,
    P.ASSESSMENT_EDIT,
    P.RECTIFICATION_VIEW,
    P.RECTIFICATION_EDIT,
    P.VIOLATION_VIEW,
    P.VIOLATION_REPORT,
    P.ANNUAL_VIEW,
    P.ANNUAL_EDIT,
    P.TASK_VIEW,
    P.TASK_REPORT,
    P.RECORD_VIEW,
    P.INTERNAL_RULE_EDIT,
    P.PAPER_SEAL,
}
_AUTHORITY = {
    P.ROUND_VIEW,
    P.ROUND_EDIT,
    P.ASSESSMENT_VIEW,
    P.REVOCATION_VIEW,
    P.RECTIFICATION_VIEW,
    P.RECTIFICATION_ORDER,
    P.VIOLATION_VIEW,
    P.VIOLATION_REPORT,
    P.VIOLATION_INVESTIGATE,
    P.ANNUAL_VIEW,
    P.ANNUAL_RECEIVE,
    P.TASK_VIEW,
    P.RECORD_VIEW,
    P.VISIT_RECORD,
}

POLICY: dict[Role, frozenset[Permission]] = {
    Role.COMMISSION_OFFICER: frozenset(
        _BUSINESS
        | _AUTHORITY
        | {
            P.ROUND_SCALE,
            P.APPEAL_DECIDE,
            P.REVOCATION_DECIDE,
            P.VIOLATION_DECIDE,
            P.TASK_ASSIGN,
            P.CENTER_PLAN,
            P.OFFICER_REPORT,
            P.OFFICER_DECIDE,
            P.CALL_VIEW,
            P.CALL_EDIT,
            P.APPLICATION_VIEW,
            P.APPLICATION_CHECK,
            P.APPLICATION_DECIDE,
            P.COMPETITION_VIEW,
            P.COMPETITION_EDIT,
            P.COMPETITION_OPEN,
            P.EXPERT_VIEW,
            P.EXPERT_EDIT,
            P.EXPERT_EXPORT,
            P.PANEL_VIEW,
            P.PANEL_DECIDE,
            P.CONSENT_ANSWER,
            P.MEETING_VIEW,
            P.PAPER_SEAL,
            P.DOCUMENT_REGISTER,
            P.INCIDENT_EDIT,
            P.ORGANIZATION_VIEW,
            P.ORGANIZATION_EDIT,
            P.PERSON_VIEW,
            P.PERSON_EDIT,
        }
    ),
    Role.EVALUATION_OFFICER: frozenset(
        _BUSINESS
        | _AUTHORITY
        | {
            P.ASSESSMENT_SCORE,
            P.CALL_VIEW,
            P.APPLICATION_VIEW,
            P.APPLICATION_CHECK,
            P.COMPETITION_VIEW,
            P.COMPETITION_EDIT,
            P.COMPETITION_OPEN,
            P.EXPERT_VIEW,
            P.EXPERT_EXPORT,
            P.PANEL_VIEW,
            P.FILING_RECEIVE,
            P.MEETING_VIEW,
            P.PAPER_SEAL,
            P.DOCUMENT_REGISTER,
            P.ORGANIZATION_VIEW,
            P.PERSON_VIEW,
        }
    ),
    Role.INSTITUTION_OFFICER: frozenset(
        _BUSINESS
        | {
            P.CALL_VIEW,
            P.APPLICATION_VIEW,
            P.APPLICATION_EDIT,
            P.OFFICER_REPORT,
            P.PANEL_VIEW,
            P.CONSENT_ANSWER,
            P.VIOLATION_VIEW,
            P.VIOLATION_REPORT,
        }
    ),
    Role.CENTER_DIRECTOR: frozenset(
        _CENTER
        | {
            P.PANEL_NOMINATE,
            P.MEETING_SIGN,
            P.ASSESSMENT_SUBMIT,
            P.APPEAL_RAISE,
            P.RECTIFICATION_ORDER,
            P.RECTIFICATION_SUBMIT,
            P.VIOLATION_ANSWER,
            P.ANNUAL_SUBMIT,
        }
    ),
    Role.CENTER_SECRETARY: frozenset(_CENTER),
    Role.EXPERT: frozenset(
        _BUSINESS
        | {
            P.REVIEW_SCORE,
            P.MEETING_VIEW,
            P.MEETING_ANSWER,
            P.ACTION_REPORT,
            P.ROUND_VIEW,
            P.ASSESSMENT_VIEW,
            P.ASSESSMENT_SCORE,
        }
    ),
    Role.SYSTEM_ADMIN: frozenset(
        _EVERYONE
        | {
            P.ORGANIZATION_VIEW,
            P.ORGANIZATION_EDIT,
            P.PERSON_VIEW,
            P.PERSON_EDIT,
            P.USER_VIEW,
            P.USER_EDIT,
            P.JOB_VIEW,
            P.DELIVERY_RETRY,
        }
    ),
    Role.SECURITY_ADMIN: frozenset(_EVERYONE | {P.USER_VIEW, P.ROLE_ASSIGN, P.SESSION_END}),
    Role.AUDIT_ADMIN: frozenset(_EVERYONE | {P.AUDIT_VIEW}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person at one of their desks: in one role, for one organization.

    *place* is the GB/T 2260 code of the organization; *source* is where the request came from.
    """

    user_id: int
    person_id: int
    name: str
    assignment_id: int
    role: Role
    organization_id: int
    organization_name: str
    place: str
    center_id: int | None = None
    source: str = ""

    @property
    def permissions(self) -> frozenset[Permission]:
        return POLICY[self.role]

    @property
    def level(self) -> Level:
        return level_of(self.place)

    def may(self, permission: Permission) -> bool:
        return permission in POLICY[self.role]


class NotPermitted(Exception):
    """The actor's role does not carry the permission that the act asks for."""
