"""Pages of people."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qcc.infra import listing
from qcc.infra.access import current_actor, requires
from qcc.infra.conflicts import Difference, confront
from qcc.infra.db import StaleEdit, transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _
from qcc.infra.idempotency import once
from qcc.infra.templating import PAGE, page_of
from qcc.kernel.permissions import Permission as P
from qcc.organizations.forms import (
    NewPersonForm,
    PersonForm,
    person_values,
    title_names,
)
from qcc.organizations.models import Person
from qcc.organizations.queries import count_people, get_organization, get_person, list_people
from qcc.organizations.services import add_person, edit_person
from qcc.organizations.views.blueprint import bp

Page = str | Response | tuple[str, int]


@bp.get("/people")
@requires(P.PERSON_VIEW)
def people() -> str:
    """The people employed in the reader's jurisdiction."""
    actor, after = current_actor(), listing.after()
    search, employer = listing.words(), listing.key("employer")
    rows = list_people(actor, search=search, employer_id=employer, after=after, limit=PAGE + 1)
    return render_template(
        "organizations/people.html",
        page=page_of(rows, after),
        count=count_people(actor, search=search, employer_id=employer),
        search=search,
        employer=get_organization(actor, employer) if employer else None,
    )


@bp.get("/people/<int:person_id>")
@requires(P.PERSON_VIEW)
def person(person_id: int) -> str:
    """One person."""
    return render_template(
        "organizations/person.html", person=get_person(current_actor(), person_id)
    )


@bp.route("/people/new", methods=["GET", "POST"])
@requires(P.PERSON_EDIT)
def new_person() -> Page:
    """Register a person."""
    actor = current_actor()
    form = NewPersonForm(data=_preset())
    if request.method != "POST":
        return _new_page(form), 200
    if form.validate():
        try:
            made = once(actor, form.key.data, lambda: add_person(actor, form.values()).id)
            flash(_("The person was registered."))
            return redirect(url_for("organizations.person", person_id=int(made)))
        except Refused as refusal:
            form.refuse(refusal)
    return _new_page(form), 422


def _preset() -> dict[str, Any]:
    """The employer, when the form is opened from an organization."""
    try:
        return {"employer": get_organization(current_actor(), listing.key("employer")).name}
    except NotFound:
        return {}


def _new_page(form: NewPersonForm) -> str:
    return render_template("organizations/new_person.html", form=form, titles=title_names())


@bp.route("/people/<int:person_id>/edit", methods=["GET", "POST"], endpoint="edit_person")
@requires(P.PERSON_EDIT)
def change_person(person_id: int) -> Page:
    """Change a person's particulars."""
    actor = current_actor()
    known = get_person(actor, person_id)
    form = PersonForm(data={**person_values(known), "version": known.version})
    if request.method != "POST":
        return _edit_page(form, known), 200
    if form.validate():
        try:
            with transaction():
                edit_person(actor, person_id, form.version.data, form.values())
            flash(_("The changes were saved."))
            return redirect(url_for("organizations.person", person_id=person_id))
        except Refused as refusal:
            form.refuse(refusal)
        except StaleEdit as stale:
            now = confront(form, stale.current.version, person_values(stale.current))
            return _edit_page(form, stale.current, now), 409
    return _edit_page(form, get_person(actor, person_id)), 422


def _edit_page(form: PersonForm, known: Person, differences: list[Difference] | None = None) -> str:
    return render_template(
        "organizations/edit_person.html",
        form=form,
        person=known,
        titles=title_names(),
        differences=differences,
    )
