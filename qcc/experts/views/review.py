"""The steps of a panel's life, by the director, the commission, and its papers."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from sqlalchemy.orm.exc import StaleDataError

from qcc.experts.forms import ApprovePanelForm, ReasonForm, VersionForm
from qcc.experts.queries import get_member, get_panel
from qcc.experts.services import letters, nomination, review
from qcc.experts.services.papers import LETTER
from qcc.experts.views.blueprint import Answer, bp
from qcc.experts.views.pages import show_panel
from qcc.infra import audit, files, listing
from qcc.infra.access import current_actor, requires
from qcc.infra.db import StaleEdit, transaction
from qcc.infra.errors import NotFound, Refused, RulesBroken
from qcc.infra.files import MEDIA_TYPES
from qcc.infra.forms import VersionedForm
from qcc.infra.i18n import _
from qcc.infra.idempotency import once
from qcc.infra.papers import Paper, PaperState, list_papers_of
from qcc.kernel.permissions import Permission as P


def _step(panel_id: int, form: VersionedForm, act: Callable[[], Any], done: str) -> Answer:
    """Take one step. If it cannot be taken the panel's page comes back as it is now, with the
    reason and with what was typed."""
    if not form.validate_on_submit():
        return _again(panel_id, 422, step_form=form)
    try:
        with transaction():
            act()
    except (StaleEdit, StaleDataError):
        return _again(panel_id, 409, is_stale=True)
    except RulesBroken:
        refusal = _("Rules of the regulation stand against this.")
        return _again(panel_id, 422, refusal=refusal)
    except Refused as refused:
        return _again(panel_id, 422, refusal=refused.message)
    flash(done, "done")
    return redirect(url_for("experts.panel", panel_id=panel_id))


def _again(panel_id: int, status: int, **more: Any) -> Answer:
    panel = get_panel(current_actor(), panel_id)
    return show_panel(panel, status, typed=request.form, **more)


@bp.post("/panels/<int:panel_id>/nominate")
@requires(P.PANEL_NOMINATE)
def nominate(panel_id: int) -> Answer:
    """The director signs the roster off."""
    actor, form = current_actor(), VersionForm()
    return _step(
        panel_id,
        form,
        lambda: nomination.nominate(actor, panel_id, form.version.data),
        _("The roster is nominated; the employers are asked for consent."),
    )


@bp.post("/panels/<int:panel_id>/recall")
@requires(P.PANEL_NOMINATE)
def recall(panel_id: int) -> Answer:
    """The director takes the roster back."""
    actor, form = current_actor(), ReasonForm()
    return _step(
        panel_id,
        form,
        lambda: nomination.recall(actor, panel_id, form.version.data, form.reason.data),
        _("The roster can be changed again."),
    )


@bp.post("/panels/<int:panel_id>/present")
@requires(P.PANEL_EDIT)
def present(panel_id: int) -> Answer:
    """The panel goes to the commission."""
    actor, form = current_actor(), VersionForm()
    return _step(
        panel_id,
        form,
        lambda: review.present(actor, panel_id, form.version.data),
        _("The panel was presented for review."),
    )


@bp.post("/panels/<int:panel_id>/return")
@requires(P.PANEL_DECIDE)
def return_panel(panel_id: int) -> Answer:
    """The commission gives the panel back."""
    actor, form = current_actor(), ReasonForm()
    return _step(
        panel_id,
        form,
        lambda: review.return_panel(actor, panel_id, form.version.data, form.reason.data),
        _("The panel was returned to the center."),
    )


@bp.post("/panels/<int:panel_id>/approve")
@requires(P.PANEL_DECIDE)
def approve(panel_id: int) -> Answer:
    """The commission approves."""
    actor, form = current_actor(), ApprovePanelForm()
    return _step(
        panel_id,
        form,
        lambda: review.approve_panel(
            actor, panel_id, form.version.data, form.justification.data or ""
        ),
        _("The panel is approved and sent to be filed."),
    )


@bp.post("/panels/<int:panel_id>/dissolve")
@requires(P.PANEL_DECIDE)
def dissolve(panel_id: int) -> Answer:
    """The commission dissolves the panel."""
    actor, form = current_actor(), ReasonForm()
    return _step(
        panel_id,
        form,
        lambda: review.dissolve_panel(actor, panel_id, form.version.data, form.reason.data),
        _("The panel was dissolved."),
    )


@bp.get("/panels/<int:panel_id>/papers")
@requires(P.PANEL_VIEW)
def papers(panel_id: int) -> Answer:
    """The list of papers alone, for a page that waits until one is made."""
    panel = get_panel(current_actor(), panel_id)
    return render_template(
        "experts/_papers.html", panel=panel, papers=list_papers_of("panel", panel.id)
    )


@bp.get("/panels/<int:panel_id>/papers/<kind>")
@requires(P.PANEL_VIEW)
def paper(panel_id: int, kind: str) -> Answer:
    """Download an issued paper, exactly as it was issued; the newest unless a round is named."""
    panel = get_panel(current_actor(), panel_id)
    number = listing.key("round")
    papers = [p for p in list_papers_of("panel", panel.id) if not number or p.round == number]
    return _sent(panel_id, kind, papers)


@bp.get("/panels/<int:panel_id>/members/<int:member_id>/letter")
@requires(P.PANEL_VIEW)
def letter(panel_id: int, member_id: int) -> Answer:
    """Download one member's letter of appointment."""
    panel = get_panel(current_actor(), panel_id)
    member = get_member(panel, member_id)
    return _sent(panel_id, LETTER, list_papers_of("panel_member", member.id))


@bp.post("/panels/<int:panel_id>/letters")
@requires(P.PANEL_VIEW)
def ask_for_letters(panel_id: int) -> Answer:
    """Have all letters of appointment made and packed by a worker."""
    actor = current_actor()
    key = request.form.get("key", "")
    task = once(actor, key, lambda: letters.ask_for_letters(actor, panel_id).code)
    return redirect(url_for("tasks.show", code=task))


def _sent(panel_id: int, kind: str, papers: Sequence[Paper]) -> Answer:
    """The bytes of the issued paper of that kind; the download is in the audit."""
    actor = current_actor()
    issued = (p for p in papers if p.kind == kind and p.state is PaperState.ISSUED)
    found = next(issued, None)
    if found is None or found.file is None:
        raise NotFound
    data, name = files.read(found.file), found.file.name
    with transaction():
        audit.record(actor, "paper.read", "panel", panel_id, {"kind": kind})
    return send_file(BytesIO(data), mimetype=MEDIA_TYPES["pdf"], as_attachment=True,
                     download_name=name)  # fmt: skip
