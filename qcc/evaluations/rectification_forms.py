"""Forms of rectification orders: issuing, planning an item, evidence, verification."""

from collections.abc import Mapping, Sequence

from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, RadioField, SelectField, TextAreaField
from wtforms.validators import ValidationError

from qcc.evaluations.models import RectificationItem
from qcc.evaluations.services.ordering import OrderTerms, Want
from qcc.evaluations.workflow import Effect
from qcc.infra.forms import OnceForm, VersionedForm, at_most, optional, required
from qcc.infra.i18n import _, _l

LONGEST_WANT = 2000
FILE = _l("File (PDF, JPG, PNG or XLSX, at most 10 MB)")


class OrderForm(OnceForm):
    """An order after a failed result; what is to be put right comes item by item beside it."""

    due_on = DateField(_l("To be put right by"), [required()])
    reason = TextAreaField(
        _l("Reasons of the order"), [required(), at_most(2000)], render_kw={"rows": 3}
    )

    def terms(self, wants: Sequence[Want]) -> OrderTerms:
        """What the service is given."""
        return OrderTerms(self.reason.data, self.due_on.data, wants)


class FreeOrderForm(OrderForm):
    """An order of the commission after a visit: what is to be put right, a thing in a line."""

    wants = TextAreaField(_l("To be put right, one thing in a line"), [required(), at_most(8000)])

    def validate_wants(self, field: TextAreaField) -> None:
        """Each line is one thing, and not longer than a thing may be."""
        if any(len(line.strip()) > LONGEST_WANT for line in field.data.splitlines()):
            raise ValidationError(too_long())

    @property
    def free_terms(self) -> OrderTerms:
        """What the service is given."""
        lines = [line.strip() for line in self.wants.data.splitlines()]
        return self.terms([Want(line) for line in lines if line])


def too_long() -> str:
    """That a thing to be put right is longer than it may be."""
    words = _("What is to be put right has at most %(most)s characters each.", most=LONGEST_WANT)
    return str(words)


def typed_wants(sent: Mapping[str, str], lost: Sequence[Want]) -> list[Want]:
    """What is to be put right at each item, as typed; items left empty are not part of it."""
    found = []
    for want in lost:
        text = sent.get(f"want-{want.item}", "").replace("\0", "").strip()
        if text:
            found.append(Want(text, want.item, want.title, want.lost))
    return found


class PlanItemForm(VersionedForm):
    """The measure at an item, who answers for it, and by when."""

    measure = TextAreaField(_l("Measures"), [required(), at_most(4000)], render_kw={"rows": 5})
    owner = SelectField(_l("Answered for by"), [required()], coerce=int)
    due_on = DateField(_l("Done by"), [required()])


class DoneForm(VersionedForm):
    """What was done about an item."""

    done = TextAreaField(_l("What was done"), [at_most(4000)], render_kw={"rows": 5})


class RectificationFileForm(OnceForm):
    """A file that proves it."""

    file = FileField(FILE, [FileRequired(_l("Choose a file."))])


class PostponeForm(VersionedForm):
    """A later day, with the reason."""

    later = DateField(_l("New last day"), [required()], id="postpone-later")
    reason = TextAreaField(
        _l("Reason"), [required(), at_most(4000)], render_kw={"rows": 2}, id="postpone-reason"
    )


class VerifyForm(VersionedForm):
    """The effect at every item comes beside it; then closed, or extended to a later day."""

    verdict = RadioField(
        _l("Outcome of the verification"),
        [required()],
        choices=lambda: [
            ("close", _l("The rectification is complete")),
            ("extend", _l("Go on, up to a later day")),
        ],
    )
    later = DateField(_l("New last day"), [optional()])
    opinion = TextAreaField(
        _l("Opinion of the verification"), [required(), at_most(4000)], render_kw={"rows": 4}
    )


def typed_effects(sent: Mapping[str, str], items: Sequence[RectificationItem]) -> dict[int, Effect]:
    """The effect that was chosen at each item; what is none of the three is left out."""
    chosen = ((item.id, sent.get(f"effect-{item.id}", "")) for item in items)
    known = {effect.value for effect in Effect}
    return {key: Effect(value) for key, value in chosen if value in known}
