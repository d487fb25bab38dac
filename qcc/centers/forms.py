"""Forms of centers and of personnel changes."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField

from qcc.centers.rules import HostPosition
from qcc.centers.services import Replacement, Upload
from qcc.infra import clock
from qcc.infra.forms import (
    OnceForm,
    VersionedForm,
    at_most,
    not_in_future,
    optional,
    required,
)
from qcc.infra.i18n import _l
from qcc.infra.templating import choices
from qcc.organizations.models import Organization

WORDS = 4000


def _not_after_today(form: Any, field: Any) -> None:
    not_in_future(clock.today())(form, field)


class PlanForm(OnceForm):
    """A center to be entered in the directory; its kind is that of the specialty."""

    specialty_id = SelectField(_l("Specialty"), [required()], coerce=int)


class ActForm(VersionedForm):
    """A step in the life of a center, with the reason that the record keeps."""

    reason = TextAreaField(_l("Reason"), [required(), at_most(WORDS)], render_kw={"rows": 4})


class EndHostingForm(ActForm):
    """The end of a hosting, from a day on."""

    on = DateField(_l("Last day of the hosting"), [required(), _not_after_today])


class ReportForm(OnceForm):
    """The employment of an officer changed."""

    officer_id = SelectField(_l("Officer"), [required()], coerce=int)
    what = TextAreaField(_l("What changed"), [required(), at_most(WORDS)], render_kw={"rows": 4})
    happened_on = DateField(_l("Since when"), [required(), _not_after_today])


class ReplacementForm(VersionedForm):
    """Who is to follow in the post."""

    name = StringField(_l("Name of the person"), [required(), at_most(60)])
    birth_date = DateField(_l("Birth date"), [optional(), _not_after_today])
    employer = StringField(_l("Employer"), [required(), at_most(120)])
    job = StringField(_l("Post at the employer"), [required(), at_most(60)])
    title = StringField(_l("Professional title"), [required(), at_most(60)])
    host_position = SelectField(
        _l("Position in the host's leadership"),
        choices=lambda: choices(HostPosition),
        default=HostPosition.OTHER.value,
    )
    is_discipline_leader = BooleanField(_l("Leader of the host's discipline (学科带头人)"))
    in_host_discipline = BooleanField(_l("Member of the host's discipline"))
    is_specialist = BooleanField(_l("Specialist of the discipline in the province"))

    def replacement(self, employer: Organization) -> Replacement:
        """What the service takes."""
        return Replacement(
            name=self.name.data,
            employer_id=employer.id,
            employer_name=employer.name,
            job=self.job.data,
            title=self.title.data,
            birth_date=self.birth_date.data,
            host_position=HostPosition(self.host_position.data),
            is_discipline_leader=self.is_discipline_leader.data,
            in_host_discipline=self.in_host_discipline.data,
            is_specialist=self.is_specialist.data,
        )


class ExceptionForm(VersionedForm):
    """The person is to stay in the post (M.12(7))."""

    reason = TextAreaField(
        _l("Special contribution and standing"), [required(), at_most(WORDS)], render_kw={"rows": 5}
    )
    is_not_retired = BooleanField(_l("The person is not retired."))
    file = FileField(_l("Employer's written consent (PDF, JPG or PNG, at most 10 MB)"))

    @property
    def consent(self) -> Upload | None:
        """The file as it was sent, if one was."""
        sent = self.file.data
        return Upload(sent.read(), sent.filename) if sent else None


class DecideForm(VersionedForm):
    """The commission's decision; whether words are needed depends on the decision."""

    reason = TextAreaField(_l("Reason"), [at_most(WORDS)], render_kw={"rows": 4})
