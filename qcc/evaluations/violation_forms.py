"""Forms of cases of prohibited conduct."""

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, SelectField, TextAreaField, ValidationError

from qcc.evaluations.forms import RevokeForm
from qcc.evaluations.services.ordering import OrderTerms, Want
from qcc.evaluations.services.violations import Report
from qcc.infra.forms import Form, OnceForm, VersionedForm, at_most, optional, required
from qcc.infra.i18n import _, _l

FILE = _l("File (PDF, JPG, PNG or XLSX, at most 10 MB)")


class ReportForm(OnceForm):
    """What is said to have happened."""

    conduct = SelectField(_l("Prohibited conduct"), [required()])
    happened_on = DateField(_l("Happened on"), [required()])
    account = TextAreaField(_l("Account of the violation"), [required(), at_most(8000)])
    file = FileField(FILE)

    @property
    def report(self) -> Report:
        """What the service is given."""
        upload = self.file.data
        data, name = (upload.read(), upload.filename or "") if upload else (b"", "")
        return Report(self.conduct.data, self.happened_on.data, self.account.data, data, name)


class FindingsForm(VersionedForm):
    """What was found, and what is laid before the center."""

    findings = TextAreaField(
        _l("What the investigation found"), [required(), at_most(8000)], render_kw={"rows": 5}
    )
    allegation = TextAreaField(
        _l("Laid before the center"), [required(), at_most(8000)], render_kw={"rows": 5}
    )


class FindingFileForm(Form):
    """A file of the investigation."""

    file = FileField(FILE, [FileRequired(_l("Choose a file."))])


class HearForm(VersionedForm):
    """Until when the center is heard."""

    statement_by = DateField(_l("Statement until"), [required()])


class StatementForm(VersionedForm):
    """What the center says."""

    text = TextAreaField(_l("Statement of the center"), [required(), at_most(8000)])
    file = FileField(FILE)


class FoundedForm(VersionedForm):
    """Founded: a warning, or with a day and what is to be put right, a rectification."""

    reason = TextAreaField(
        _l("Reason"), [required(), at_most(4000)], render_kw={"rows": 3}, id="founded-reason"
    )
    due_on = DateField(_l("To be put right by"), [optional()])
    wants = TextAreaField(
        _l("To be put right, one thing in a line"), [at_most(8000)], render_kw={"rows": 3}
    )

    @property
    def order(self) -> OrderTerms | None:
        """The rectification, if one is ordered."""
        lines = [line.strip() for line in (self.wants.data or "").splitlines()]
        wants = [Want(line[:2000]) for line in lines if line]
        if self.due_on.data is None or not wants:
            return None
        return OrderTerms(self.reason.data, self.due_on.data, wants)

    def validate_wants(self, field: Any) -> None:
        """Day and demands come together."""
        if bool((field.data or "").strip()) != bool(self.due_on.data):
            raise ValidationError(
                str(_("Give both the day and what is to be put right, or neither."))
            )


class SeriousForm(RevokeForm):
    """Serious: the hosting is revoked, and a new host called for."""

    reason = TextAreaField(
        _l("Reason"), [required(), at_most(4000)], render_kw={"rows": 3}, id="serious-reason"
    )
