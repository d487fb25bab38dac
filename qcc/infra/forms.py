"""Forms: explicit fields, errors in the reader's language, nothing typed is lost."""

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateTimeField, HiddenField, IntegerField, ValidationError
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from qcc.infra.errors import Refused
from qcc.infra.i18n import _l
from qcc.infra.idempotency import new_key
from qcc.kernel.dates import YEARS


def _tidied(text: Any) -> Any:
    """Text without blanks at its ends, and without the one character that PostgreSQL refuses."""
    return text.replace("\0", "").strip() if isinstance(text, str) else text


def _within_calendar(_form: PlainForm, field: Any) -> None:
    """A day or moment lies in years that people reckon with: what is done with it later, such as
    the day after, must not fall off the end of the calendar."""
    if field.data is not None and field.data.year not in YEARS:
        words = _l("Give a day between %(first)s and %(last)s.", first=YEARS[0], last=YEARS[-1])
        raise ValidationError(str(words))


class Form(FlaskForm):
    """A form of the product. Text is stripped and stays as typed when the form comes back."""

    class Meta(FlaskForm.Meta):
        @staticmethod
        def bind_field(form: PlainForm, unbound: Any, options: dict[str, Any]) -> Any:
            filters = list(unbound.kwargs.get("filters", ()))
            if unbound.field_class.__name__ in {"StringField", "TextAreaField", "HiddenField"}:
                filters.append(_tidied)
            field = unbound.bind(form=form, filters=filters, **options)
            if isinstance(field, DateTimeField):
                field.validators = [*field.validators, _within_calendar]
            return field

    def refuse(self, refusal: Refused) -> None:
        """Put a service's refusal at the field it concerns, or above the form."""
        field = self._fields.get(refusal.field or "")
        if field is None:
            self.form_errors: list[Any] = [*self.form_errors, refusal.message]
        else:
            field.errors = [*field.errors, refusal.message]


class VersionedForm(Form):
    """A form that edits a row and knows which version it shows."""

    version = IntegerField(widget=HiddenField.widget, validators=[InputRequired()])


class OnceForm(Form):
    """A form that creates: its key makes a double click one record."""

    key = HiddenField(default=new_key)


def required() -> DataRequired:
    """The field must be filled in."""
    return DataRequired(_l("Fill this in."))


def optional() -> Optional:
    """The field may stay empty; nothing further is checked then."""
    return Optional()


def at_most(characters: int) -> Length:
    """No more than so many characters."""
    return Length(max=characters, message=_l("At most %(max)d characters."))


def mail_address() -> list[Any]:
    """The field may hold one mail address."""
    shape = r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+\Z"
    return [optional(), at_most(120), Regexp(shape, message=_l("Write it as name@example.org."))]


def not_in_future(today: date) -> Any:
    """The date may not lie after *today*."""

    def validate(_form: PlainForm, field: Any) -> None:
        if field.data and field.data > today:
            raise ValidationError(str(_l("The date lies in the future.")))

    return validate
