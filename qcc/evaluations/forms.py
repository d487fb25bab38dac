"""Forms of rounds, accounts, scores, appeals and revocations."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    DateField,
    DecimalField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange

from qcc.evaluations.rules.scoring import AUDIENCE, JUDGES, Grade
from qcc.evaluations.services.planning import RoundPlan
from qcc.evaluations.services.revoking import Succession
from qcc.infra.errors import Refused
from qcc.infra.forms import Form, OnceForm, VersionedForm, at_most, optional, required
from qcc.infra.i18n import _l
from qcc.regulations.catalogs import CenterKind

BANDS = 5


class RoundForm(OnceForm):
    """A new round: year, calendar, whom it concerns."""

    title = StringField(_l("Name of the round"), [required(), at_most(120)])
    year = IntegerField(_l("Year assessed"), [required(), NumberRange(2000, 2100)])
    center_kind = SelectField(_l("Kind of center"), validators=[optional()])
    self_from = DateField(_l("Self-assessment from"), [required()])
    self_until = DateField(_l("Self-assessment until"), [required()])
    score_until = DateField(_l("Scoring until"), [required()])
    judges_weight = IntegerField(
        _l("Weight of the judges (%%)"), [NumberRange(0, 100)], default=100
    )
    repeats = SelectField(_l("Repeats the round"), validators=[optional()], choices=list)

    @property
    def plan(self) -> RoundPlan:
        """What the service is given."""
        kind = self.center_kind.data
        return RoundPlan(
            year=self.year.data,
            title=self.title.data,
            center_kind=CenterKind(kind) if kind else None,
            self_from=self.self_from.data,
            self_until=self.self_until.data,
            score_until=self.score_until.data,
            judges_weight=self.judges_weight.data,
            repeats=self.repeats.data or "",
        )


class ScaleForm(VersionedForm):
    """Pass mark and grades, each grade in a line: its name and from which total on."""

    pass_mark = DecimalField(_l("Pass mark"), [required()], places=2)
    grades = TextAreaField(_l("Grades"), [at_most(400)], render_kw={"rows": 5})

    @property
    def bands(self) -> list[Grade]:
        """The grades as typed; raises Refused for a line that is none."""
        found = []
        for line in (self.grades.data or "").splitlines():
            if not line.strip():
                continue
            name, _blank, least = line.strip().rpartition(" ")
            try:
                found.append(Grade(name.strip()[:20], Decimal(least)))
            except InvalidOperation:
                name = ""
            if not name.strip():
                raise Refused(
                    _l("Write each grade in a line: its name, a blank, its least total."), "grades"
                )
        return found


class SeatForm(Form):
    """Who assesses, on which side."""

    person = SelectField(_l("Assessor"), [required()], coerce=int)
    side = RadioField(
        _l("Side"),
        choices=lambda: [(JUDGES, _l("Judges")), (AUDIENCE, _l("Audience"))],
        default=JUDGES,
    )


class StepForm(VersionedForm):
    """A step, with a reason where one is asked for."""

    reason = TextAreaField(_l("Reason"), [at_most(4000)], render_kw={"rows": 3})


class AccountForm(VersionedForm):
    """What a center says of an item."""

    text = TextAreaField(_l("Own account"), [at_most(8000)], render_kw={"rows": 8})
    points = DecimalField(_l("Own points"), [optional()], places=2)


class EvidenceForm(OnceForm):
    """A file for a slot."""

    slot = SelectField(_l("What it proves"), [required()])
    file = FileField(
        _l("File (PDF, JPG, PNG or XLSX, at most 10 MB)"), [FileRequired(_l("Choose a file."))]
    )


class AppealForm(VersionedForm):
    """What a center has against its result."""

    text = TextAreaField(_l("Grounds of the appeal"), [required(), at_most(4000)])


class StrengthForm(Form):
    """What a center does well at an item, for all to read."""

    item = SelectField(_l("Item"), choices=list)
    text = TextAreaField(
        _l("What the others can learn"), [required(), at_most(1000)], render_kw={"rows": 3}
    )


class AppealDecisionForm(VersionedForm):
    """Upheld with other points, or rejected; always with a reason."""

    verdict = RadioField(
        _l("Verdict on the appeal"),
        [required()],
        choices=lambda: [
            ("uphold", _l("Uphold the appeal")),
            ("reject", _l("Reject the appeal")),
        ],
    )
    reason = TextAreaField(_l("Reason"), [required(), at_most(4000)], render_kw={"rows": 4})


class RevokeForm(VersionedForm):
    """The commission revokes the hosting, and calls for a new host."""

    reason = TextAreaField(_l("Reason"), [required(), at_most(4000)], render_kw={"rows": 3})
    ends_on = DateField(_l("The hosting ends on"), [required()])
    call_title = StringField(_l("Title of the call"), [required(), at_most(120)])
    opens_on = DateField(_l("The call opens on"), [required()])
    closes_on = DateField(_l("The call closes on"), [required()])
    conditions = TextAreaField(_l("Conditions"), [at_most(4000)], render_kw={"rows": 3})

    @property
    def succession(self) -> Succession:
        """What the service is given."""
        return Succession(
            ends_on=self.ends_on.data,
            call_title=self.call_title.data,
            opens_on=self.opens_on.data,
            closes_on=self.closes_on.data,
            conditions=self.conditions.data or "",
        )


def typed_points(
    sent: Mapping[str, str], names: Sequence[str]
) -> tuple[dict[str, Decimal | None], dict[str, Any]]:
    """Points out of fields of these names: what was typed as numbers (None where nothing is), and
    by name what cannot be read."""
    points: dict[str, Decimal | None] = {}
    errors: dict[str, Any] = {}
    for name in names:
        text = sent.get(name, "").strip().replace("．", ".").replace("，", ",")
        try:
            value = Decimal(text) if text else None
        except InvalidOperation:
            value = Decimal("NaN")
        if value is not None and not value.is_finite():
            errors[name] = _l("Write a number, with two decimals at most.")
        else:
            points[name] = value
    return points, errors
