"""Forms of yearly documents, assigned tasks, internal rules and visits."""

import re
from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    DateField,
    FieldList,
    FormField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms import Form as PlainForm
from wtforms.validators import NumberRange

from qcc.evaluations.document_labels import SECTION_WORDS
from qcc.evaluations.rules.documents import DocumentKind, InternalRuleKind, Section
from qcc.evaluations.services.records import Edition, VisitReport
from qcc.infra.forms import Form, OnceForm, VersionedForm, at_most, optional, required
from qcc.infra.i18n import _, _l
from qcc.infra.templating import choices

AMOUNT = re.compile(r"\d{1,12}(\.\d{1,2})?")
LONGEST_CELL = 400
SPARE_ROWS = 3
MONTHS = [("", "—"), *((str(number), str(number)) for number in range(1, 13))]
FILE = _l("File (PDF, JPG, PNG or XLSX, at most 10 MB)")


class BeginForm(Form):
    """Which document of which year is begun."""

    kind = SelectField(choices=lambda: choices(DocumentKind))
    year = IntegerField(validators=[NumberRange(2000, 2100)])


class ProseForm(VersionedForm):
    """A section of prose."""

    text = TextAreaField(_l("Text"), [at_most(20000)], render_kw={"rows": 14})

    @property
    def content(self) -> dict[str, Any]:
        """What the section holds."""
        return {"text": self.text.data or ""}


class Row(Form):
    """A row within a form, which carries the token."""

    class Meta(Form.Meta):
        csrf = False


class FigureRow(Row):
    """A figure of the year."""

    name = StringField()
    value = StringField()
    unit = StringField()


class BudgetRow(Row):
    """An item of the budget, in yuan."""

    name = StringField()
    planned = StringField()
    spent = StringField()


class ItemRow(Row):
    """Something that is planned."""

    what = StringField()
    owner = StringField()
    month = SelectField(choices=lambda: MONTHS, validate_choice=False)


ROWS = {"figures": FigureRow, "budget": BudgetRow, "items": ItemRow}
AMOUNTS = ("planned", "spent")


def _cells_are_sound(_form: PlainForm, field: FieldList) -> None:
    """Amounts are amounts, months are months, and no cell is a letter."""
    for number, row in enumerate(field.data, 1):
        for column, value in row.items():
            text = value or ""
            if column in AMOUNTS and text and not AMOUNT.fullmatch(text):
                raise ValidationError(
                    str(_("Row %(number)s: give amounts in yuan such as 12000.50.", number=number))
                )
            if column == "month" and text not in dict(MONTHS):
                raise ValidationError(str(_("Row %(number)s: choose a month.", number=number)))
            if len(text) > LONGEST_CELL:
                raise ValidationError(str(_("Row %(number)s is too long.", number=number)))


class RowsForm(VersionedForm):
    """A section of rows; what is left empty is no row."""

    @property
    def content(self) -> dict[str, Any]:
        """What the section holds."""
        rows = ({name: value or "" for name, value in row.items()} for row in self["rows"].data)
        return {"rows": [row for row in rows if any(row.values())]}


def _rows_form(name: str, row: type[Row]) -> type[RowsForm]:
    """The form of a section whose rows are such."""
    field = FieldList(FormField(row), SECTION_WORDS[name], [_cells_are_sound], max_entries=200)
    return type(f"{row.__name__}sForm", (RowsForm,), {"rows": field})


_ROWS_FORMS = {name: _rows_form(name, row) for name, row in ROWS.items()}

SectionForm = ProseForm | RowsForm


def section_form(part: Section, content: Mapping[str, Any] | None, version: int) -> SectionForm:
    """The form of a section: as it was sent, or as the section stands (*content* given)."""
    if content is None:
        return _ROWS_FORMS[part.name]() if part.columns else ProseForm()
    if not part.columns:
        return ProseForm(formdata=None, data={"text": content.get("text"), "version": version})
    empty = [dict.fromkeys(part.columns, "") for _number in range(SPARE_ROWS)]
    rows = [*content.get("rows", ()), *empty]
    return _ROWS_FORMS[part.name](formdata=None, data={"rows": rows, "version": version})


class StepForm(VersionedForm):
    """A step, with words where it asks for them."""

    reason = TextAreaField(_l("Reason"), [at_most(4000)], render_kw={"rows": 2})


class ReturnForm(VersionedForm):
    """Why a document goes back, and until when it is to be corrected."""

    reason = TextAreaField(_l("Reason"), [required(), at_most(4000)], render_kw={"rows": 3})
    correct_by = DateField(_l("To be corrected by"), [required()])


class AssignForm(OnceForm):
    """A task for centers of the own level."""

    title = StringField(_l("Name of the task"), [required(), at_most(120)])
    text = TextAreaField(_l("What is to be done"), [required(), at_most(8000)])
    due_on = DateField(_l("Until"), [required()])
    centers = SelectMultipleField(_l("Centers"), [required()], coerce=int)


class TaskReportForm(VersionedForm):
    """What a center did."""

    report = TextAreaField(_l("What was done"), [required(), at_most(8000)])
    file = FileField(FILE)


class InternalRuleForm(OnceForm):
    """Internal rules in a new edition."""

    kind = SelectField(_l("About what"), choices=lambda: choices(InternalRuleKind))
    title = StringField(_l("Name of the rules"), [required(), at_most(120)], id="rule-title")
    adopted_on = DateField(_l("Adopted on"), [required()])
    review_on = DateField(_l("To be looked at again by"), [required()], id="rule-review")
    file = FileField(FILE, [FileRequired(_l("Choose a file."))], id="rule-file")

    @property
    def edition(self) -> Edition:
        """What the service is given."""
        return Edition(
            InternalRuleKind(self.kind.data),
            self.title.data,
            self.adopted_on.data,
            self.review_on.data,
        )


class VisitForm(OnceForm):
    """A supervision visit."""

    visited_on = DateField(_l("Visited on"), [required()])
    participants = TextAreaField(
        _l("Who took part"), [required(), at_most(2000)], render_kw={"rows": 2}
    )
    findings = TextAreaField(_l("What was found"), [required(), at_most(8000)])
    review_on = DateField(_l("To be looked at again by"), [optional()])
    file = FileField(FILE)

    @property
    def report(self) -> VisitReport:
        """What the service is given."""
        return VisitReport(
            self.visited_on.data, self.participants.data, self.findings.data, self.review_on.data
        )
