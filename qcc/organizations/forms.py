"""Forms of organizations, people and the register of incidents."""

from collections.abc import Iterable
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Regexp

from qcc.infra import clock
from qcc.infra.forms import (
    Form,
    OnceForm,
    VersionedForm,
    at_most,
    mail_address,
    not_in_future,
    optional,
    required,
)
from qcc.infra.i18n import _, _l
from qcc.infra.templating import choices
from qcc.organizations.models import Jurisdiction, Organization, OrganizationKind, Person, Sex
from qcc.organizations.queries import find_organization_by_name
from qcc.regulations.catalogs import CATEGORIES, GRADES, specialties
from qcc.regulations.titles import titles


def _suggested(options: str) -> dict[str, str]:
    """Attributes of a field for which the page has a list of options."""
    return {"list": options, "autocomplete": "off"}


PLAIN_FIELDS = ("name", "short_name", "place", "legal_representative", "phone")


def _words(options: Iterable[str], empty: Any) -> list[tuple[str, str]]:
    return [("", str(empty)), *((word, word) for word in options)]


def _found_by_name(name: str) -> Organization:
    organization = find_organization_by_name(name)
    if organization is None:
        raise ValidationError(_("No organization has this name. Type its full name."))
    return organization


class DocumentWordForm(Form):
    """The word with which the numbers of an organization's documents begin."""

    word = StringField(
        _l("Word of the issuer"),
        [
            required(),
            Regexp(
                r"^[\u4e00-\u9fff]{2,10}$",
                message=_l("Two to ten Chinese characters, such as 浙卫医质."),
            ),
        ],
    )


class OrganizationFields(Form):
    """What is said about an organization, whether new or known."""

    name = StringField(_l("Full name"), [required(), at_most(120)])
    short_name = StringField(_l("Short name"), [at_most(60)])
    place = SelectField(_l("Seat"), [required()])
    credit_code = StringField(_l("Unified social credit code"), [at_most(18)])
    grade = SelectField(_l("Grade"), [optional()])
    category = SelectField(_l("Category"), [optional()])
    legal_representative = StringField(_l("Legal representative"), [at_most(60)])
    phone = StringField(_l("Phone"), [at_most(40)])
    former_names = TextAreaField(
        _l("Former names"), [optional(), at_most(1200)], render_kw={"rows": 3}
    )
    parent = StringField(
        _l("Superior organization"),
        [optional(), at_most(120)],
        render_kw=_suggested("parent-options"),
    )

    def __init__(self, places: Iterable[Jurisdiction], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place.choices = [
            ("", _("Choose a place")),
            *((place.code, f"{place.full_name}（{place.code}）") for place in places),
        ]
        self.grade.choices = _words(GRADES, "—")
        self.category.choices = _words(CATEGORIES, "—")

    def validate_parent(self, field: StringField) -> None:
        """The organization above is named by its full name."""
        _found_by_name(field.data)

    def values(self) -> dict[str, Any]:
        """The values for the service."""
        above = find_organization_by_name(self.parent.data) if self.parent.data else None
        return {
            **{name: self[name].data or "" for name in PLAIN_FIELDS},
            "credit_code": self.credit_code.data or "",
            "grade": self.grade.data or "",
            "category": self.category.data or "",
            "former_names": lines_of(self.former_names.data),
            "parent_id": above.id if above else None,
        }


class NewOrganizationForm(OrganizationFields, OnceForm):
    """An organization to be registered; its kind never changes afterwards."""

    kind = SelectField(_l("Kind of organization"), [required()])

    def __init__(self, places: Iterable[Jurisdiction], *args: Any, **kwargs: Any) -> None:
        super().__init__(places, *args, **kwargs)
        self.kind.choices = choices(OrganizationKind, _("Choose a kind"))


class OrganizationForm(OrganizationFields, VersionedForm):
    """A registered organization."""


def lines_of(text: str | None) -> list[str]:
    """The lines of a text, without empty ones."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def organization_values(organization: Organization) -> dict[str, Any]:
    """An organization as its form holds it."""
    return {
        **{name: getattr(organization, name) for name in PLAIN_FIELDS},
        "credit_code": organization.credit_code or "",
        "grade": organization.grade,
        "category": organization.category,
        "former_names": "\n".join(former.name for former in organization.former_names),
        "parent": organization.parent.name if organization.parent else "",
    }


class PersonFields(Form):
    """What is said about a person, whether new or known."""

    name = StringField(_l("Name of the person"), [required(), at_most(60)])
    sex = RadioField(_l("Sex"), [optional()])
    birth_date = DateField(_l("Birth date"), [optional()])
    employer = StringField(
        _l("Employer"), [required(), at_most(120)], render_kw=_suggested("employer-options")
    )
    post = StringField(_l("Post"), [at_most(60)])
    title = StringField(
        _l("Professional title"), [at_most(60)], render_kw=_suggested("title-options")
    )
    phone = StringField(_l("Phone"), [at_most(40)])
    email = StringField(_l("E-mail"), mail_address())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sex.choices = choices(Sex)

    def validate_employer(self, field: StringField) -> None:
        """The employer is named by its full name."""
        _found_by_name(field.data)

    def values(self) -> dict[str, Any]:
        """The values for the service."""
        employer = find_organization_by_name(self.employer.data)
        return {
            **{name: self[name].data or "" for name in ("name", "post", "title", "phone", "email")},
            "sex": Sex(self.sex.data) if self.sex.data else None,
            "birth_date": self.birth_date.data,
            "employer_id": employer.id if employer else None,
        }


class NewPersonForm(PersonFields, OnceForm):
    """A person to be registered."""


class PersonForm(PersonFields, VersionedForm):
    """A registered person."""


def person_values(person: Person) -> dict[str, Any]:
    """A person as the form holds one."""
    return {
        "name": person.name,
        "sex": person.sex.value if person.sex else None,
        "birth_date": person.birth_date,
        "employer": person.employer.name if person.employer else "",
        "post": person.post,
        "title": person.title,
        "phone": person.phone,
        "email": person.email,
    }


def title_names() -> list[str]:
    """Professional titles to choose from while one is typed."""
    return [title.name for title in titles()]


class IncidentForm(OnceForm):
    """A major incident to be registered."""

    organization = StringField(
        _l("Medical institution"),
        [required(), at_most(120)],
        render_kw=_suggested("organization-options"),
    )
    happened_on = DateField(_l("Date of the incident"), [required()])
    specialty = SelectField(_l("Specialty concerned"), [optional()])
    summary = TextAreaField(_l("Course of events"), [required(), at_most(4000)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict.fromkeys(specialty.name for specialty in specialties())
        self.specialty.choices = _words(names, _("The whole institution"))

    def validate_organization(self, field: StringField) -> None:
        """The institution is named by its full name."""
        _found_by_name(field.data)

    def validate_happened_on(self, field: DateField) -> None:
        """An incident has happened."""
        not_in_future(clock.today())(self, field)


class WithdrawalForm(VersionedForm):
    """Why an incident is taken off the register."""

    reason = TextAreaField(_l("Reason"), [required(), at_most(1000)], render_kw={"rows": 3})


class ImportForm(Form):
    """A workbook of organizations."""

    file = FileField(_l("Excel file"), [FileRequired(_l("Choose a file."))])


class ConfirmImportForm(OnceForm):
    """The confirmation of a judged workbook: which bytes, and which judgement of them."""

    sha256 = HiddenField(validators=[required()])
    digest = HiddenField(validators=[required()])
