"""Forms of experts and panels."""

import re
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange

from qcc.experts.rules import PanelRole
from qcc.infra.forms import Form, OnceForm, VersionedForm, at_most, optional, required
from qcc.infra.i18n import _l
from qcc.infra.templating import choices
from qcc.organizations.models import Sex


class ExpertForm(OnceForm):
    """An expert's particulars."""

    name = StringField("姓名", [required(), at_most(60)])
    identity = StringField("身份证号", [optional(), at_most(18)])
    birth_date = DateField("出生日期", [optional()])
    sex = SelectField("性别", choices=lambda: choices(Sex, empty="—"), default="")
    employer = StringField("工作单位", [required(), at_most(120)])
    post = StringField("职务", [at_most(60)])
    title = StringField("职称", [required(), at_most(60)])
    specialty = StringField("从事专业", [required(), at_most(60)])
    practised_since = DateField("从事本专业起始日期", [required()])
    standing_text = StringField("专业负责人或学术威望", [at_most(200)])
    health_text = StringField("健康状况", [at_most(200)])
    tags = StringField(_l("Competence tags"), [at_most(200)])

    @property
    def values(self) -> dict[str, Any]:
        """What the service saves, but for the employer."""
        words = (self.tags.data or "").replace("，", ",").replace("、", ",").split(",")
        return {
            "name": self.name.data,
            "identity": (self.identity.data or "").upper(),
            "birth_date": self.birth_date.data,
            "sex": Sex(self.sex.data) if self.sex.data else None,
            "post": self.post.data or "",
            "title": self.title.data,
            "specialty": self.specialty.data,
            "practised_since": self.practised_since.data,
            "standing_text": self.standing_text.data or "",
            "health_text": self.health_text.data or "",
            "tags": [word.strip() for word in words if word.strip()],
        }


class EditExpertForm(ExpertForm, VersionedForm):
    """The same, for an expert who is registered."""


class NumberForm(Form):
    """The search by identity number: sent as a form, so that it stands in no address and no log."""

    identity = StringField("身份证号", [required(), at_most(18)])


class ReportForm(Form):
    """What changed in the employment of a member."""

    what = TextAreaField(_l("What changed"), [required(), at_most(2000)], render_kw={"rows": 3})
    happened_on = DateField(_l("Since when"), [required()])


class SuccessorForm(VersionedForm):
    """Who is to follow a member, and from which day."""

    expert = StringField(_l("Expert"), [required(), at_most(60)])
    joins = DateField(_l("Joins on"), [required()])


class StayForm(VersionedForm):
    """Why a member is to stay although the employment changed."""

    reason = TextAreaField(_l("Special merit"), [required(), at_most(2000)], render_kw={"rows": 3})
    is_not_retired = BooleanField(_l("The expert is not retired"))
    file = FileField(
        _l("The employer's consent (PDF, JPG or PNG)"), [FileRequired(_l("Choose a file."))]
    )


class ConfirmBirthForm(VersionedForm):
    """A second person confirms a birth date with evidence."""

    file = FileField(_l("Evidence (PDF, JPG or PNG)"), [FileRequired(_l("Choose a file."))])


class TermForm(Form):
    """The first day of a term."""

    term_start = DateField(_l("First day of the term"), [required()])


class RosterTermForm(VersionedForm, TermForm):
    """The same, for a roster that exists."""


class MemberForm(VersionedForm):
    """A member's role and group. *version* is the roster's."""

    role = SelectField(_l("Role in the panel"), choices=lambda: choices(PanelRole))
    group = StringField(_l("Subspecialty group"), [at_most(60)])
    leads_group = BooleanField(_l("Leads the group"))


class AddMemberForm(MemberForm):
    """An expert to put on the roster."""

    expert = StringField(_l("Expert"), [required(), at_most(60)])


class VersionForm(VersionedForm):
    """A step without words."""


class ReasonForm(VersionedForm):
    """A step that asks for words."""

    reason = TextAreaField(_l("Reason"), [required(), at_most(4000)], render_kw={"rows": 3})


class ApprovePanelForm(VersionedForm):
    """Approval; the justification is asked for where a principle rule is broken."""

    justification = TextAreaField(
        _l("Written justification"), [at_most(4000)], render_kw={"rows": 4}
    )


class AnswerForm(VersionedForm):
    """The answer to a request for consent."""

    given = RadioField(
        _l("Answer"),
        [required()],
        choices=lambda: [("yes", _l("We consent")), ("no", _l("We refuse"))],
    )
    number = StringField(_l("Document number"), [at_most(60)])
    reason = TextAreaField(_l("Reason of a refusal"), [at_most(2000)], render_kw={"rows": 3})
    file = FileField(_l("Scan of the stamped answer (PDF, JPG or PNG)"))


class TogetherForm(Form):
    """Consent to several requests with one document; each is chosen as id:version."""

    number = StringField(_l("Document number"), [at_most(60)])
    consent = SelectMultipleField(_l("Experts"), validate_choice=False)

    @property
    def chosen(self) -> dict[int, int]:
        """Request → the version that was shown; what is no such pair is left out."""
        pairs = (re.fullmatch(r"(\d{1,9}):(\d{1,9})", text) for text in self.consent.data or ())
        return {int(pair[1]): int(pair[2]) for pair in pairs if pair}


class ReceiptForm(VersionedForm):
    """The receipt of a filing."""

    number = StringField(_l("Filing number"), [at_most(60)])
    file = FileField(_l("Scan of the receipt (PDF, JPG or PNG)"))


class ServiceForm(VersionedForm):
    """What a member did in the term."""

    invited = IntegerField(_l("Invited"), [NumberRange(0, 999)])
    attended = IntegerField(_l("Attended"), [NumberRange(0, 999)])
    reviews = IntegerField(_l("Reviews"), [NumberRange(0, 999)])


class RosterFileForm(Form):
    """A roster as a workbook."""

    file = FileField(_l("Roster (XLSX, at most 10 MB)"), [FileRequired(_l("Choose a file."))])
