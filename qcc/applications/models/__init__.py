"""The tables of calls, applications and decisions."""

from qcc.applications.models.applications import (
    Application,
    ApplicationFile,
    EligibilityAnswerRow,
    ProposedOfficer,
    Remark,
    ReportSection,
    Submission,
)
from qcc.applications.models.calls import Audience, Call, CallAddressee, CallCenter
from qcc.applications.models.decisions import Decision

__all__ = [
    "Application",
    "ApplicationFile",
    "Audience",
    "Call",
    "CallAddressee",
    "CallCenter",
    "Decision",
    "EligibilityAnswerRow",
    "ProposedOfficer",
    "Remark",
    "ReportSection",
    "Submission",
]
