"""Forms of competitions: the plan, reviewers, scores (M.11)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    DecimalField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms import Form as PlainForm

from qcc.applications.rules.plan import Fault, Plan, PlannedCriterion, Seats
from qcc.infra.forms import Form, OnceForm, VersionedForm, at_most, optional, required
from qcc.infra.i18n import _l

BLANK_CRITERIA = 4
LONGEST = 60
LEVELS = 2_000
LARGEST = 1_000


def in_tenths(_form: PlainForm, field: Any) -> None:
    """A number with at most one decimal."""
    value: Decimal | None = field.data
    if value is None:
        return
    if not value.is_finite() or abs(value) > LARGEST or value * 10 % 1:
        raise ValidationError(str(_l("Give a number with at most one decimal.")))


class WholeField(IntegerField):
    """A whole number; what is none is told in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if typed:
            try:
                self.data = int(typed)
            except ValueError:
                raise ValueError(str(_l("Give a whole number."))) from None


class RowForm(Form):
    """A row of a form; the form around it carries the token."""

    class Meta(Form.Meta):
        csrf = False


class CriterionForm(RowForm):
    """A criterion of a plan."""

    title = StringField(_l("Criterion"), [at_most(LONGEST)])
    weight = WholeField(_l("Weight"))
    most = WholeField(_l("Most points"))
    levels = TextAreaField(_l("What the points mean"), [at_most(LEVELS)], render_kw={"rows": 2})

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into the row."""
        return not any(
            field.raw_data and field.raw_data[0].strip()
            for field in (self.title, self.weight, self.most, self.levels)
        )


class SeatsForm(RowForm):
    """So many reviewers of a specialty."""

    specialty = SelectField(_l("Specialty"))
    count = WholeField(_l("Reviewers"))


class PlanForm(OnceForm):
    """The plan of a competition; rows are added and taken off without losing what was typed."""

    version = IntegerField(widget=HiddenField.widget, default=0)
    criteria = FieldList(FormField(CriterionForm), max_entries=40)
    seats = FieldList(FormField(SeatsForm), max_entries=40)
    drops_extremes = BooleanField(
        _l("Of each criterion the highest and the lowest score are dropped")
    )
    minimum = DecimalField(_l("Minimum total"), [optional(), in_tenths], places=None)
    bound = DecimalField(
        _l("Bound for a reviewer's distance"), [optional(), in_tenths], places=None
    )
    slot_minutes = WholeField(_l("Minutes of each presentation"), [optional()])
    review_days = WholeField(_l("Days for the review"), [optional()])

    def offer(self, specialties: Iterable[str]) -> None:
        """The specialties that seats can be of, besides any."""
        options = [("", _l("Any specialty")), *((name, name) for name in specialties)]
        for row in self.seats:
            row.form.specialty.choices = options

    def fill(self, plan: Plan) -> None:
        """What the form shows of a plan."""
        _empty(self.criteria)
        for criterion in plan.criteria:
            self.criteria.append_entry(
                {
                    "title": criterion.title,
                    "weight": criterion.weight,
                    "most": criterion.most,
                    "levels": criterion.levels,
                }
            )
        _empty(self.seats)
        for seat in plan.seats:
            self.seats.append_entry({"specialty": seat.specialty, "count": seat.count})
        self.drops_extremes.data = plan.drops_extremes
        self.minimum.data, self.bound.data = plan.minimum, plan.bound
        self.slot_minutes.data, self.review_days.data = plan.slot_minutes or None, plan.review_days

    def fill_blank(self) -> None:
        """Rows for a plan that begins with nothing."""
        for _number in range(BLANK_CRITERIA):
            self.criteria.append_entry()
        self.seats.append_entry()

    def change_rows(self, wish: str) -> bool:
        """Add a row or take one off, as its button says; False if the wish is another."""
        kind, _, number = wish.partition("-")
        rows = {"criterion": self.criteria, "seat": self.seats}
        if kind == "add" and number in rows:
            if len(rows[number].entries) < rows[number].max_entries:
                rows[number].append_entry()
            return True
        if kind in rows and number.isdecimal():
            if int(number) < len(rows[kind].entries):
                del rows[kind].entries[int(number)]
                _renumber(rows[kind])
            return True
        return False

    @property
    def plan(self) -> Plan:
        """What was typed; rows in which nothing stands are none."""
        return Plan(
            criteria=tuple(
                PlannedCriterion(
                    row.form.title.data or "",
                    row.form.weight.data or 0,
                    row.form.most.data or 0,
                    row.form.levels.data or "",
                )
                for row in self.criteria
                if not row.form.is_blank
            ),
            seats=tuple(
                Seats(row.form.specialty.data or "", row.form.count.data or 0) for row in self.seats
            ),
            drops_extremes=bool(self.drops_extremes.data),
            minimum=self.minimum.data,
            bound=self.bound.data,
            slot_minutes=self.slot_minutes.data or 0,
            review_days=self.review_days.data,
        )

    @property
    def weights(self) -> int:
        """What the weights add up to."""
        return sum(row.form.weight.data or 0 for row in self.criteria)

    def tell(self, faults: Iterable[Fault], words: Any) -> None:
        """Every fault of the plan, above the form."""
        self.form_errors = [*self.form_errors, *(words[fault] for fault in faults)]


def _empty(rows: FieldList) -> None:
    while rows.entries:
        rows.pop_entry()


def _renumber(rows: FieldList) -> None:
    """Fields are named by their row's number."""
    for number, entry in enumerate(rows.entries):
        before = entry.name
        entry.name = entry.id = f"{rows.short_name}-{number}"
        for field in entry.form:
            field.name = field.id = field.name.replace(before, entry.name, 1)
            field.label.field_id = field.id
    rows.last_index = len(rows.entries) - 1


class DrawForm(OnceForm):
    """Draw the reviewers that a specialty's seats lack."""

    specialty = StringField()


class ChooseForm(OnceForm):
    """Choose a reviewer with a reason, instead of drawing."""

    specialty = StringField()
    expert = StringField(_l("Expert"), [required()])
    reason = TextAreaField(_l("Reason"), [required(), at_most(4000)], render_kw={"rows": 3})


class ScheduleForm(Form):
    """When presentations begin, and where."""

    starts_at = DateTimeLocalField(_l("Beginning of the first presentation"), [required()])
    place = StringField(_l("Place"), [required(), at_most(120)])


class CloseForm(Form):
    """Close the review; a reason where somebody has not lodged or a seat is empty."""

    reason = TextAreaField(_l("Reason"), [at_most(4000)], render_kw={"rows": 3})


class TieForm(Form):
    """The commission's choice among equals, with its reason."""

    application = StringField(_l("Those who lead with the same total"), [required()])
    reason = TextAreaField(_l("Reason"), [required(), at_most(4000)], render_kw={"rows": 4})


class DeclareForm(Form):
    """The reviewer's declaration that nothing binds them to an applicant."""

    free = BooleanField(
        _l("I declare that none of this applies to me."),
        [required()],
    )


class ScoreForm(VersionedForm):
    """The score of one criterion, or the remark that says why there is none."""

    points = DecimalField(_l("Points"), [optional(), in_tenths], places=None)
    remark = TextAreaField(_l("Remark"), [at_most(2000)])


class LodgeForm(Form):
    """The reviewer confirms what the check page shows."""

    sure = BooleanField(_l("I have judged every application by myself."), [required()])
