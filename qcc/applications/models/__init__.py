"""The tables of calls, applications, designations, decisions, and what is said about them."""

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
from qcc.applications.models.competitions import (
    Competition,
    CompetitionCriterion,
    DraftScore,
    Draw,
    LodgedScore,
    Reviewer,
    Slot,
)
from qcc.applications.models.decisions import Decision
from qcc.applications.models.designations import DesignatedOfficer, Designation, DesignationFile
from qcc.applications.models.extensions import CallEnding, CallExtension
from qcc.applications.models.opinions import Opinion, OpinionFile

__all__ = [
    "Application",
    "ApplicationFile",
    "Audience",
    "Call",
    "CallAddressee",
    "CallCenter",
    "CallEnding",
    "CallExtension",
    "Competition",
    "CompetitionCriterion",
    "Decision",
    "DesignatedOfficer",
    "Designation",
    "DesignationFile",
    "DraftScore",
    "Draw",
    "EligibilityAnswerRow",
    "LodgedScore",
    "Opinion",
    "OpinionFile",
    "ProposedOfficer",
    "Remark",
    "ReportSection",
    "Reviewer",
    "Slot",
    "Submission",
]
