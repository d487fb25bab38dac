"""How kinds of organizations, levels, and verdicts on imported rows are shown."""

from qcc.infra.i18n import _l
from qcc.infra.templating import Label, labels
from qcc.kernel.places import Level
from qcc.organizations.models import OrganizationKind, Sex
from qcc.organizations.services import Verdict

labels(
    {
        OrganizationKind.COMMISSION: Label(_l("Health commission"), "action"),
        OrganizationKind.EVALUATION_CENTER: Label(_l("Evaluation center"), "wait"),
        OrganizationKind.INSTITUTION: Label(_l("Medical institution"), "idle"),
        Sex.FEMALE: _l("Female"),
        Sex.MALE: _l("Male"),
        Level.NATION: _l("National"),
        Level.PROVINCE: _l("Provincial"),
        Level.CITY: _l("City level"),
        Level.COUNTY: _l("County level"),
        Verdict.NEW: Label(_l("To be added"), "action", "+"),
        Verdict.CHANGED: Label(_l("Changed"), "wait", "≠"),
        Verdict.UNCHANGED: Label(_l("Unchanged"), "idle", "="),
        Verdict.WRONG: Label(_l("Wrong"), "danger", "✕"),
    }
)
