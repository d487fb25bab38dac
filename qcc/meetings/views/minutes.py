"""Writing the minutes: a section at a time, saved while it is typed."""

from typing import Any

from flask import jsonify, redirect, render_template, request, url_for

from qcc.infra import clock
from qcc.infra.access import current_actor, requires
from qcc.infra.conflicts import confront
from qcc.infra.db import StaleEdit, transaction
from qcc.infra.errors import NotFound
from qcc.infra.i18n import _
from qcc.infra.templating import as_moment
from qcc.kernel.permissions import Permission as P
from qcc.meetings.forms import ActionChangeForm, CorrectionForm, NewSectionForm, SectionForm
from qcc.meetings.models import Meeting, MinutesSection
from qcc.meetings.services import following, holding
from qcc.meetings.views.blueprint import Answer, bp
from qcc.meetings.views.pages import act, action_form, own_meeting, owners_of
from qcc.meetings.workflow import MeetingState


def _values(section: MinutesSection) -> dict[str, str]:
    return {name: getattr(section, name) for name in holding.FIELDS}


def _typed(form: SectionForm) -> dict[str, str]:
    return {name: form[name].data or "" for name in holding.FIELDS}


def _page(meeting: Meeting, section: MinutesSection, form: SectionForm, status: int) -> Answer:
    page = render_template(
        "meetings/section.html", meeting=meeting, section=section, form=form, **_more(form)
    )
    return page, status


def _more(form: SectionForm) -> dict[str, Any]:
    return {"theirs": getattr(form, "theirs", None)}


@bp.post("/meetings/<int:meeting_id>/corrections")
@requires(P.MEETING_ANSWER)
def correct(meeting_id: int) -> Answer:
    """Somebody invited asks for a correction."""
    actor, form = current_actor(), CorrectionForm()
    return act(
        meeting_id,
        form,
        lambda: holding.correct(actor, meeting_id, form.text.data or ""),
        _("Your correction is with the center."),
        "correction_form",
    )


@bp.route("/meetings/<int:meeting_id>/sections/<int:section_id>", methods=["GET", "POST"])
@requires(P.MEETING_EDIT)
def section(meeting_id: int, section_id: int) -> Answer:
    """One topic of the minutes. Of two writers the second sees both texts and decides."""
    actor, meeting = current_actor(), own_meeting(meeting_id)
    found = holding.find_section(meeting, section_id)
    if request.method == "GET":
        if meeting.state is not MeetingState.DRAFTING:
            raise NotFound
        form = SectionForm(formdata=None, data={**_values(found), "version": found.version})
        return _page(meeting, found, form, 200)
    form, is_autosave = SectionForm(), "X-Autosave" in request.headers
    if not form.validate_on_submit():
        return ("", 422) if is_autosave else _page(meeting, found, form, 422)
    try:
        with transaction():
            version = holding.save_section(
                actor, meeting_id, section_id, form.version.data, _typed(form)
            ).version
    except StaleEdit as stale:
        version = stale.current.version
        form.theirs = confront(form, version, _values(stale.current))
        if form.theirs:
            meeting = own_meeting(meeting_id)
            found = holding.find_section(meeting, section_id)
            return ("", 409) if is_autosave else _page(meeting, found, form, 409)
    if is_autosave:
        text = _("Saved at %(time)s", time=as_moment(clock.now()))
        return jsonify(text=text, version=version)
    return redirect(url_for("meetings.show", meeting_id=meeting_id))


@bp.post("/meetings/<int:meeting_id>/sections")
@requires(P.MEETING_EDIT)
def add_section(meeting_id: int) -> Answer:
    """A topic that came up in the meeting."""
    actor, form = current_actor(), NewSectionForm()
    return act(
        meeting_id,
        form,
        lambda: holding.add_section(actor, meeting_id, form.topic.data),
        _("The topic is in the minutes."),
        "section_form",
    )


@bp.post("/meetings/<int:meeting_id>/actions/<int:action_id>")
@requires(P.MEETING_EDIT)
def change_action(meeting_id: int, action_id: int) -> Answer:
    """A task of minutes that are being written, put otherwise."""
    actor, meeting = current_actor(), own_meeting(meeting_id)
    form = ActionChangeForm()
    form.owner.choices = owners_of(meeting)
    return act(
        meeting_id,
        form,
        lambda: following.change_action(
            actor,
            meeting_id,
            action_id,
            form.version.data,
            form.what.data,
            form.owner.data,
            form.due_on.data,
        ),
        _("The task is in the minutes."),
        "change_form",
        action_id,
    )


@bp.post("/meetings/<int:meeting_id>/sections/<int:section_id>/actions")
@requires(P.MEETING_EDIT)
def add_action(meeting_id: int, section_id: int) -> Answer:
    """A task that follows from a topic."""
    actor, meeting = current_actor(), own_meeting(meeting_id)
    form = action_form(meeting)
    return act(
        meeting_id,
        form,
        lambda: following.add_action(
            actor, meeting_id, section_id, form.what.data, form.owner.data, form.due_on.data
        ),
        _("The task is in the minutes."),
        "action_form",
        section_id,
    )
