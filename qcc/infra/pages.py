"""Pages that belong to no feature: errors in the product's own face, language switch, health."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, g, make_response, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from qcc.infra import job_pages, paper_pages, task_pages
from qcc.infra.access import public
from qcc.infra.db import StaleEdit
from qcc.infra.errors import NotFound, Refused, RulesBroken
from qcc.infra.forms import Form
from qcc.infra.i18n import COOKIE, LANGUAGES, _
from qcc.infra.navigation import local_target
from qcc.kernel.permissions import NotPermitted
from qcc.kernel.workflow import ActionNotPossible, GuardFailed

Answer = tuple[str, int]


def _page(status: int, title: str, text: str, **more: Any) -> Answer:
    return render_template("errors/page.html", title=title, text=text, **more), status


def not_found(_error: Exception) -> Answer:
    """The same whether it does not exist or is not for this reader."""
    return _page(
        404,
        _("This page does not exist, or it is not for your role."),
        _("Check the address, or go back to the workbench."),
    )


def not_permitted(_error: Exception) -> Answer:
    return _page(
        403,
        _("Your role does not allow this."),
        _("If you hold several roles, switch to the right one at the top of the page."),
    )


def stale(_error: Exception) -> Answer:
    return _page(
        409,
        _("Somebody else changed this in the meantime."),
        _("Go back, look at what it says now, and do it again if it is still right."),
    )


def not_possible(_error: ActionNotPossible) -> Answer:
    return _page(
        409,
        _("This step is not possible any more."),
        _("It has been taken already, or things have moved on. Look at the timeline."),
    )


def refused(error: Refused) -> Answer:
    return _page(422, _("This was not done."), str(error.message))


def rules_broken(error: RulesBroken) -> Answer:
    return _page(
        422,
        _("Rules of the regulation stand against this."),
        _("Nothing was changed."),
        findings=error.findings,
    )


def csrf_failed(_error: CSRFError) -> Answer:
    return _page(
        400,
        _("The page was open too long, or you signed in anew."),
        _("Nothing was changed. Go back, reload the page and send it again."),
    )


def http_error(error: HTTPException) -> Response:
    """Whatever else Werkzeug refuses, in the product's own face."""
    if error.code in (301, 302, 303, 304, 307, 308):
        return make_response(error.get_response())
    titles = {
        400: _("The request could not be understood."),
        405: _("This address does not take that kind of request."),
        413: _("What was sent is too large. Files may have up to 10 MB."),
        429: _("Too many requests. Wait a moment."),
    }
    title = titles.get(error.code or 500, _("Something went wrong."))
    answer = make_response(_page(error.code or 500, title, _("Nothing was changed.")))
    for name, value in error.get_headers():  # such as which methods an address does take
        answer.headers.setdefault(name, value)
    return answer


def unknown_host(_error: SecurityError) -> Response:
    """Somebody called us by a name that is none of ours: no page, for no address can be made."""
    text = _("The product is not reached by this name.")
    return Response(text, 400, mimetype="text/plain")


def broken(_error: Exception) -> Answer:
    """An error of our own: it is in the log, and the reader gets no inner detail.

    The page is a stranger's, so that nothing is asked of a database that may be what is broken.
    """
    g.actor = None
    return _page(
        500,
        _("Something went wrong on our side."),
        _("What was saved before stays saved. Please try again."),
    )


@public
def switch_language() -> Response:
    """Remember the reader's language in a cookie."""
    chosen = request.form.get("language", "")
    answer = make_response(redirect(local_target(request.form.get("next"))))
    if chosen in LANGUAGES:
        answer.set_cookie(
            COOKIE,
            chosen,
            max_age=31536000,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure,
        )
    return answer


@public
def health() -> tuple[str, int]:
    """For the load balancer: the process answers."""
    return "ok", 200


def close_uploads(_error: BaseException | None) -> None:
    """Files that came with the request are closed with it, also those that nobody read."""
    for upload in request.__dict__.get("files", {}).values():
        upload.close()


def init_app(app: Flask) -> None:
    """Attach the pages and the handlers of errors."""
    app.teardown_request(close_uploads)
    app.add_url_rule("/language", "pages.switch_language", switch_language, methods=["POST"])
    app.add_url_rule("/health", "pages.health", health)
    app.register_blueprint(paper_pages.bp)
    app.register_blueprint(job_pages.bp)
    app.register_blueprint(task_pages.bp)
    handlers: dict[Any, Any] = {
        NotFound: not_found,
        404: not_found,
        NotPermitted: not_permitted,
        403: not_permitted,
        StaleEdit: stale,
        StaleDataError: stale,
        ActionNotPossible: not_possible,
        Refused: refused,
        RulesBroken: rules_broken,
        CSRFError: csrf_failed,
        SecurityError: unknown_host,
        HTTPException: http_error,
        500: broken,
    }
    for kind, handler in handlers.items():
        app.register_error_handler(kind, handler)
    app.register_error_handler(GuardFailed, guard_failed)


def guard_failed(error: GuardFailed) -> Answer:
    """The condition that does not hold, in words."""
    return _page(409, _("This step is not possible now."), guard_words(error))


def guard_words(error: GuardFailed) -> str:
    """What the condition asks for."""
    words = {
        "call_is_open": _(
            "The call is not open: applications are taken from its opening until 23:59:59 of its"
            " closing day."
        ),
        "correction_in_time": _("The time for correction has passed."),
        "all_items_judged": _("Confirm or refuse every condition first."),
        "not_own_application": _(
            "You submitted this application yourself, at another desk: another officer has to take"
            " this step."
        ),
        "decided_by_another": _("Who proposed may not decide: another officer has to."),
        "checked_by_another": _("Who proposed may not check: another officer has to."),
        "decided_by_a_third": _(
            "Who proposed or checked may not decide, at whatever desk: another officer has to."
        ),
        "answered_by_another": _("Who refused may not answer: another officer has to."),
        "replacement_proposed": _("No replacement was proposed."),
        "exception_proven": _(
            "The exception needs the employer's consent as a file, and that the person is not"
            " retired."
        ),
        "has_host": _(
            "The center has no host at present: the share of its experts cannot be judged."
        ),
        "change_is_answered": _(
            "Name a successor to whom employer and health authority have consented, or prove the"
            " exception."
        ),
        "has_members": _("Nobody stands on the roster yet."),
        "births_are_proven": _("The birth date of every member has to be proven first."),
        "all_have_consented": _("Not every employer and health authority has consented yet."),
        "filings_are_complete": _("Not everybody has received the filing yet."),
        "review_is_closed": _(
            "The applications compete: the review has to be closed before one is laid before the"
            " commission."
        ),
        "call_is_over": _("The call has not closed yet: applications stay sealed until then."),
        "somebody_applied": _("Nobody has applied: there is nothing to open."),
        "opened_by_another": _(
            "You signed the opening already, at this desk or another: a second person has to sign."
        ),
        "somebody_is_in": _("No application has passed the formal check."),
        "all_are_checked": _("The formal check is not done with every application yet."),
        "all_seats_are_taken": _("Not every seat of the plan has a reviewer yet."),
        "all_have_lodged": _("Not every reviewer has lodged the scores yet."),
        "somebody_has_lodged": _(
            "No reviewer has lodged scores yet: without any there is no result."
        ),
        "first_is_tied": _("There is no tie, or the commission has chosen among those who lead."),
        "is_undecided": _("The commission has already decided on one of those who lead."),
        "review_runs": _("The review does not run: it has not begun yet, or is closed."),
        "sheets_are_complete": _(
            "Some criteria have neither points nor a remark. Complete every sheet first."
        ),
        "meeting_lies_ahead": _("The time of the meeting has passed: set another one first."),
        "has_agenda": _("The agenda is empty."),
        "has_invited": _("Nobody is invited yet."),
        "meeting_has_begun": _("The meeting has not begun yet."),
        "somebody_is_present": _("Nobody has signed in yet."),
        "has_quorum": _("Fewer are present than the rulebook asks for."),
        "minutes_are_written": _("Every topic of the minutes needs a decision or a discussion."),
        "amended_by_another": _("Who proposed the amendment may not decide on it."),
        "one_is_director": _("The director has to be one of the two who amend."),
        "document_is_written": _("Some sections are not written, or rows lack something."),
        "correction_lies_ahead": _("The day until which it is corrected has to lie ahead."),
        "task_is_overdue": _("The day of the task has not passed: the center may still report."),
        "somebody_is_assessed": _("No center can be assessed for this year."),
        "somebody_submitted": _("No center has submitted its account yet."),
        "scale_is_set": _("The commission has to set the pass mark before anything is scored."),
        "somebody_is_seated": _("Seat at least one assessor."),
        "everything_is_scored": _("Some items have no score from anybody."),
        "nothing_is_final": _("Some results are final: the round can only be repeated."),
        "evidence_is_whole": _("Evidence is missing: the account cannot be submitted."),
        "appeal_is_in_time": _("The days of appeal are over."),
        "appeal_is_over": _("The days of appeal are not over yet."),
        "decided_by_uninvolved": _("You took part in this result: another person has to decide."),
        "something_is_corrected": _("Give the points that stand from now on."),
        "everything_is_planned": _("Some items have no measure, owner or day yet."),
        "everything_is_proven": _("Some items have no evidence yet."),
        "verified_by_uninvolved": _(
            "Who answers for an item or handed in may not verify: another person has to."
        ),
        "verifier_is_not_of_host": _(
            "Who is employed by the host may not verify: another person has to."
        ),
        "nothing_is_ineffective": _("An item is judged ineffective: set a later day."),
        "extended_to_a_later_day": _("The new day has to lie after today and the present one."),
        "investigated_by_another": _(
            "Who reported, or is employed by the host, may not investigate: another person has to."
        ),
        "findings_are_written": _("Write down first what the investigation found."),
        "statement_lies_ahead": _("The day until which the center is heard has to lie ahead."),
        "statement_is_in_time": _("The day until which the center is heard has passed."),
        "center_was_heard": _(
            "The center is heard first: until its statement is there or its day has passed."
        ),
        "decided_by_uninvolved_person": _(
            "Who reported or investigated, or is employed by the host, may not decide: another"
            " person has to."
        ),
        "does_not_overlap": _("The term overlaps that of another panel of the center."),
    }
    return str(words[error.guard])


def put_at_field(form: Form, error: GuardFailed, fields: Mapping[str, str]) -> None:
    """A condition about what was typed is said at its field, by *fields*, and what was typed stays;
    raises the error of any other condition."""
    if error.guard not in fields:
        raise error
    form.refuse(Refused(guard_words(error), fields[error.guard]))
