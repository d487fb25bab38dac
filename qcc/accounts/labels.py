"""How roles and accounts are shown, and the words for events in the audit trail."""

from typing import Any

from qcc.accounts.models import Channel, UserState
from qcc.infra.i18n import _l
from qcc.infra.templating import Label, labels
from qcc.kernel.permissions import Role

labels(
    {
        Role.COMMISSION_OFFICER: _l("Commission officer"),
        Role.EVALUATION_OFFICER: _l("Evaluation-center officer"),
        Role.INSTITUTION_OFFICER: _l("Institution officer"),
        Role.CENTER_DIRECTOR: _l("Center director"),
        Role.CENTER_SECRETARY: _l("Center secretary"),
        Role.EXPERT: _l("Expert"),
        Role.SYSTEM_ADMIN: _l("System administrator"),
        Role.SECURITY_ADMIN: _l("Security administrator"),
        Role.AUDIT_ADMIN: _l("Audit administrator"),
        UserState.INVITED: Label(_l("Not yet activated"), "wait", "…"),
        UserState.ACTIVE: Label(_l("Active"), "done", "✓"),
        UserState.DISABLED: Label(_l("Disabled"), "danger", "✕"),
    }
)
labels(
    {
        Channel.MAIL: _l("Mail"),
        Channel.DINGTALK: _l("DingTalk"),
        Channel.WECOM: _l("WeCom"),
    }
)

EVENTS: dict[str, Any] = {
    "user.signed_in": _l("Signed in"),
    "user.sign_in_failed": _l("Sign-in failed"),
    "user.signed_out": _l("Signed out"),
    "user.switched_desk": _l("Switched role"),
    "user.invited": _l("User invited"),
    "user.link_made": _l("Activation link made"),
    "user.activated": _l("Password set by link"),
    "user.password_changed": _l("Password changed"),
    "user.disabled": _l("User disabled"),
    "user.enabled": _l("User enabled"),
    "user.channels_chosen": _l("Chose how to be told"),
    "delivery.tried_again": _l("Delivery tried again"),
    "user.sessions_ended": _l("Sessions ended by an administrator"),
    "role.assigned": _l("Role given"),
    "role.ended": _l("Role ended"),
    "organization.added": _l("Organization registered"),
    "organization.edited": _l("Organization changed"),
    "organizations.imported": _l("Organizations imported"),
    "person.added": _l("Person registered"),
    "person.edited": _l("Person changed"),
    "incident.registered": _l("Incident registered"),
    "incident.withdrawn": _l("Incident taken off the register"),
    "places.loaded": _l("Places loaded"),
    "audit.verified": _l("Audit chain verified"),
    "audit.exported": _l("Audit trail exported"),
}

BREAKS: dict[str, Any] = {
    "missing": _l("An event is missing here."),
    "not linked to the event before it": _l("This event does not follow from the one before it."),
    "content changed": _l("The content of this event was changed."),
    "the end of the chain is missing or was added to": _l(
        "The end of the chain is missing, or something was added to it."
    ),
    "the head of the chain was changed": _l("The head of the chain was changed."),
}


def event_word(event: str) -> str:
    """The words for an event; its code where it has none."""
    return str(EVENTS.get(event, event))


def break_word(reason: str) -> str:
    """What is wrong at a place of the chain, in the reader's language."""
    return str(BREAKS.get(reason, reason))


# Marks in what browsers say of themselves; several carry the marks of others, so order matters.
_BROWSERS = {
    "MicroMessenger/": "WeChat",
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


def browser_word(said: str) -> str:
    """A browser as its user knows it: Chrome · Windows."""
    found = (next((word for mark, word in words.items() if mark in said), "")
             for words in (_BROWSERS, _SYSTEMS))  # fmt: skip
    return " · ".join(filter(None, found)) or said[:40] or "—"
