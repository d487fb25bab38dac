"""Forms of meetings."""

from datetime import datetime

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    DateField,
    DateTimeLocalField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange

from qcc.infra.forms import Form, OnceForm, VersionedForm, at_most, mail_address, required
from qcc.infra.i18n import _l
from qcc.infra.templating import choices
from qcc.kernel.dates import SHANGHAI
from qcc.meetings.models import Capacity, MeetingFileKind, MeetingMode, Reply
from qcc.meetings.services.preparing import MeetingPlan


class PlanForm(VersionedForm):
    """When, where and how."""

    title = StringField(_l("Title of the meeting"), [required(), at_most(120)])
    starts_at = DateTimeLocalField(_l("Begins at"), [required()])
    mode = RadioField(_l("Manner"), choices=lambda: choices(MeetingMode))
    venue = StringField(_l("Room"), [at_most(120)])
    link = StringField(_l("Address of the online meeting"), [at_most(200)])

    @property
    def plan(self) -> MeetingPlan:
        """What the service is given."""
        moment: datetime = self.starts_at.data
        return MeetingPlan(
            self.title.data,
            MeetingMode(self.mode.data),
            moment.replace(tzinfo=SHANGHAI),
            self.venue.data or "",
            self.link.data or "",
        )


class TopicForm(OnceForm):
    """A topic of the agenda."""

    title = StringField(_l("Topic"), [required(), at_most(200)], id="topic-title")
    presenter = StringField(_l("Presenter"), [at_most(60)])
    minutes = IntegerField(_l("Minutes of time"), [NumberRange(1, 480)], default=10)


class MoveForm(Form):
    """To which place of the agenda an entry moves, from 0."""

    to = IntegerField(validators=[NumberRange(0, 1000)])


class CenterForm(Form):
    """Which center is invited."""

    center = IntegerField(_l("Center"), [NumberRange(1, 2**31 - 1)])


class GuestForm(OnceForm):
    """A guest, such as somebody of the national center."""

    name = StringField(_l("Name of the person"), [required(), at_most(60)])
    organization = StringField(_l("Organization"), [at_most(120)])
    email = StringField(_l("E-mail"), mail_address())
    capacity = SelectField(_l("Comes to"), choices=lambda: choices(Capacity))


class ExpertForm(Form):
    """Which registered expert is invited, by the code."""

    expert = StringField(_l("Expert"), [required(), at_most(10)])


class FileForm(OnceForm):
    """A file of a meeting."""

    kind = SelectField(_l("Kind of file"), choices=lambda: choices(MeetingFileKind))
    file = FileField(
        _l("File (PDF, JPG, PNG or XLSX, at most 10 MB)"), [FileRequired(_l("Choose a file."))]
    )


class AnswerForm(Form):
    """The answer to an invitation."""

    reply = SelectField(
        _l("Answer"), choices=lambda: [c for c in choices(Reply) if c[0] != Reply.NONE]
    )
    substitute = StringField(_l("Who comes instead"), [at_most(60)])
    reason = StringField(_l("Reason"), [at_most(400)])


class CorrectionForm(Form):
    """What is to be corrected in the minutes."""

    text = TextAreaField(
        _l("What is to be corrected"), [required(), at_most(4000)], render_kw={"rows": 3}
    )


class PresenceForm(Form):
    """Whether somebody is there."""

    present = SelectField(choices=lambda: [("yes", ""), ("no", "")])


class StepForm(VersionedForm):
    """A step, with words where it asks for them."""

    reason = TextAreaField(_l("Reason"), [at_most(4000)], render_kw={"rows": 2})


class SectionForm(VersionedForm):
    """One topic of the minutes."""

    topic = StringField(_l("Topic"), [required(), at_most(200)])
    discussion = TextAreaField(_l("Discussion"), [at_most(20000)], render_kw={"rows": 8})
    decision = TextAreaField(_l("Decision"), [at_most(20000)], render_kw={"rows": 5})


class NewSectionForm(OnceForm):
    """A topic that came up in the meeting."""

    topic = StringField(_l("Topic"), [required(), at_most(200)])


class ActionForm(OnceForm):
    """A task that a section gives to somebody."""

    what = StringField(_l("Task"), [required(), at_most(200)])
    owner = SelectField(_l("Who does it"), coerce=int)
    due_on = DateField(_l("Until"), [required()])


class ActionChangeForm(VersionedForm):
    """A task of minutes that are being written."""

    what = StringField(_l("Task"), [required(), at_most(200)])
    owner = SelectField(_l("Who does it"), coerce=int)
    due_on = DateField(_l("Until"), [required()])


class ReportForm(VersionedForm):
    """What was done."""

    evidence = TextAreaField(
        _l("What was done, and how it is seen"),
        [required(), at_most(4000)],
        render_kw={"rows": 4},
    )
    file = FileField(_l("Evidence (PDF, JPG, PNG or XLSX)"))


class AmendmentForm(OnceForm):
    """What is to be added to final minutes, and why."""

    text = TextAreaField(_l("What is added"), [required(), at_most(4000)], render_kw={"rows": 3})
    reason = TextAreaField(_l("Reason"), [required(), at_most(4000)], render_kw={"rows": 2})
