"""Forms of calls and applications."""

from typing import Any

from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from qcc.centers.rules import HostPosition, OfficerPost
from qcc.infra.forms import Form, OnceForm, VersionedForm, at_most, optional, required
from qcc.infra.i18n import _l
from qcc.infra.templating import choices

LONG = 20_000


class CallForm(OnceForm):
    """A call that a commission publishes."""

    title = StringField(_l("Title of the call"), [required(), at_most(120)])
    center_ids = SelectMultipleField(_l("Planned centers to open"), [required()], coerce=int)
    opens_on = DateField(_l("Opening day"), [required()])
    closes_on = DateField(_l("Closing day"), [required()])
    conditions = TextAreaField(_l("Conditions and notes"), [at_most(LONG)])
    invited_ids = SelectMultipleField(_l("Invited institutions"), [optional()], coerce=int)


class ExtendForm(OnceForm):
    """A later closing day of a call, and why."""

    closes_on = DateField(_l("New closing day"), [required()])
    reason = TextAreaField(_l("Reason"), [required(), at_most(4000)], render_kw={"rows": 4})


def _yes_no(value: Any) -> bool | None:
    return {"yes": True, "no": False, True: True, False: False}.get(value)


class ApplicationForm(VersionedForm):
    """The cells of the annex's form that come from nowhere else.

    A draft may be saved with any of them empty; what is missing shows on the check page.
    """

    legal_representative = StringField("法定代表人", [at_most(60)])
    is_national_center_host = RadioField(
        "是否国家质控中心挂靠单位",
        [optional()],
        choices=lambda: [("yes", "是"), ("no", "否")],
    )
    is_national_center_lead = RadioField(
        "是否国家医学中心或国家区域医疗中心牵头建设单位",
        [optional()],
        choices=lambda: [("yes", "是"), ("no", "否")],
    )
    reason = TextAreaField("申请理由", [at_most(LONG)], render_kw={"rows": 14})

    @property
    def values(self) -> dict[str, Any]:
        """What the service saves."""
        return {
            "legal_representative": self.legal_representative.data or "",
            "is_national_center_host": _yes_no(self.is_national_center_host.data),
            "is_national_center_lead": _yes_no(self.is_national_center_lead.data),
            "reason": self.reason.data or "",
        }


def as_choice(value: bool | None) -> str | None:
    """How a stored yes or no is chosen in the form."""
    return None if value is None else "yes" if value else "no"


class SectionForm(VersionedForm):
    """A section of the feasibility report."""

    text = TextAreaField(_l("Text of this section"), [at_most(LONG)], render_kw={"rows": 16})


class AnswerForm(VersionedForm):
    """What is declared for one condition of M.7."""

    declared = BooleanField(_l("We declare that this condition is met."))
    statement = TextAreaField(_l("Statement"), [at_most(LONG)], render_kw={"rows": 8})


class OfficerForm(OnceForm):
    """A person proposed for a post."""

    post = SelectField(_l("Post in the center"), [required()], choices=lambda: choices(OfficerPost))
    name = StringField("姓名", [required(), at_most(60)])
    birth_date = DateField(_l("Birth date"), [optional()])
    employer = StringField(_l("Employer"), [at_most(120)])
    job = StringField("职务", [required(), at_most(60)])
    title = StringField("职称", [required(), at_most(60)])
    area_in_charge = TextAreaField("分管工作", [at_most(500)], render_kw={"rows": 2})
    specialty = StringField("从事专业", [at_most(60)])
    ability = TextAreaField("专业水平能力", [at_most(2000)], render_kw={"rows": 5})
    host_position = SelectField(
        _l("Position in the host's leadership"),
        choices=lambda: choices(HostPosition),
        default=HostPosition.OTHER.value,
    )
    is_discipline_leader = BooleanField(_l("Leader of the host's discipline (学科带头人)"))
    in_host_discipline = BooleanField(_l("Member of the host's discipline"))
    is_specialist = BooleanField(_l("Specialist of the discipline in the province"))

    @property
    def values(self) -> dict[str, Any]:
        """What the service saves."""
        return {
            "post": OfficerPost(self.post.data),
            "name": self.name.data,
            "birth_date": self.birth_date.data,
            "job": self.job.data,
            "title": self.title.data,
            "area_in_charge": self.area_in_charge.data or "",
            "specialty": self.specialty.data or "",
            "ability": self.ability.data or "",
            "host_position": HostPosition(self.host_position.data),
            "is_discipline_leader": self.is_discipline_leader.data,
            "in_host_discipline": self.in_host_discipline.data,
            "is_specialist": self.is_specialist.data,
        }


class EditOfficerForm(OfficerForm, VersionedForm):
    """The same, for a person who is on the list."""


class FileForm(OnceForm):
    """A file to attach."""

    file = FileField(
        _l("File (PDF, JPG, PNG or XLSX, at most 10 MB)"), [FileRequired(_l("Choose a file."))]
    )


class DesignationForm(OnceForm):
    """Which institution is to host which center."""

    center_id = SelectField(_l("Planned or vacant center"), [required()], coerce=int)
    institution = StringField(_l("Institution to be designated"), [required(), at_most(120)])


class GroundsForm(VersionedForm):
    """The grounds of a designation, and why in words."""

    grounds = SelectMultipleField(_l("Grounds of the designation"), [optional()])
    reason = TextAreaField(
        _l("Why this institution is designated"), [required(), at_most(4000)], render_kw={"rows": 8}
    )


class ProposeDesignationForm(VersionedForm):
    """Lay a designation before the check, as it was seen."""


class OpinionForm(OnceForm):
    """What a refused applicant has to say."""

    text = TextAreaField(_l("Your opinion"), [required(), at_most(4000)], render_kw={"rows": 10})
    files = MultipleFileField(_l("Files (PDF, JPG, PNG or XLSX, each at most 10 MB)"))


class SubmitForm(OnceForm):
    """The applicant confirms what the check page shows."""

    seen = StringField()
    truthful = BooleanField(
        _l("I confirm that what is stated here is true and complete."),
        [required()],
    )


class ReasonForm(Form):
    """A step that asks for words."""

    reason = TextAreaField(_l("Reason"), [required(), at_most(4000)], render_kw={"rows": 4})


class OpinionAnswerForm(Form):
    """The commission's answer to an opinion."""

    answer = TextAreaField(_l("Answer"), [required(), at_most(4000)], render_kw={"rows": 6})


class JudgeForm(VersionedForm):
    """Confirm or refuse one condition."""

    confirmed = RadioField(
        _l("Judgement"),
        [required()],
        choices=lambda: [("yes", _l("Met")), ("no", _l("Not met"))],
    )
    remark = TextAreaField(_l("Remark"), [at_most(2000)], render_kw={"rows": 2})


class ReturnForm(ReasonForm):
    """Return for correction; the remarks at the parts are read by their names."""

    correct_by = DateField(_l("Last day for correction"), [optional()])


class ProposeForm(ReasonForm):
    """Lay the application before the commission."""

    recommends = RadioField(
        _l("Recommendation"),
        [required()],
        choices=lambda: [("yes", _l("Approve")), ("no", _l("Refuse"))],
    )


class ApproveForm(Form):
    """Approve; the justification is asked for where a principle rule is broken."""

    justification = TextAreaField(
        _l("Written justification"), [at_most(4000)], render_kw={"rows": 4}
    )
