"""Pages of issued papers: their files and stamped scans, and the public page that verifies them."""

from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response

from qcc.infra import audit, files
from qcc.infra.access import current_actor, public, requires
from qcc.infra.codes import ALPHABET, LENGTH
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound, Refused
from qcc.infra.files import MEDIA_TYPES, StoredFile
from qcc.infra.forms import OnceForm
from qcc.infra.i18n import _, _l
from qcc.infra.idempotency import once
from qcc.infra.papers import Paper, find_verifiable
from qcc.infra.scans import (
    add_scan,
    ask_again,
    get_issued_paper,
    get_paper,
    get_scan,
    may_ask_again,
    may_seal,
)
from qcc.kernel.permissions import Permission as P

Answer = str | tuple[str, int] | Response
bp = Blueprint("papers", __name__)


class ScanForm(OnceForm):
    """The scan of a sealed paper."""

    file = FileField(
        _l("Scan with the seal (PDF, JPG or PNG, at most 10 MB)"),
        [FileRequired(_l("Choose a file."))],
    )


def _sent(paper: Paper, stored: StoredFile, event: str) -> Response:
    """The bytes as an attachment with their fixed type; the download is in the audit."""
    data, name, media = files.read(stored), stored.name, MEDIA_TYPES[stored.kind]
    with transaction():
        audit.record(
            current_actor(),
            event,
            paper.subject_type,
            paper.subject_id,
            {"kind": paper.kind, "name": name, "sha256": stored.sha256},
        )
    return send_file(BytesIO(data), mimetype=media, as_attachment=True, download_name=name)


def _page(paper: Paper, form: ScanForm) -> Answer:
    actor = current_actor()
    html = render_template(
        "papers/show.html",
        paper=paper,
        form=form,
        may_seal=may_seal(actor, paper),
        may_ask_again=may_ask_again(actor, paper),
    )
    return html, 422 if form.errors else 200


@bp.get("/papers/<code>")
@requires(P.PAPER_VIEW)
def show(code: str) -> Answer:
    """One paper: its number, where it is verified, its stamped scans; or that it is not made."""
    return _page(get_paper(current_actor(), code), ScanForm(formdata=None))


@bp.post("/papers/<code>/again")
@requires(P.PAPER_SEAL)
def make_again(code: str) -> Answer:
    """Have a paper that could not be made tried again."""
    with transaction():
        ask_again(current_actor(), code)
    flash(_("The paper is being made again. Reload the page in a few seconds."), "done")
    return redirect(url_for("papers.show", code=code))


@bp.get("/papers/<code>/file")
@requires(P.PAPER_VIEW)
def file(code: str) -> Answer:
    """Download an issued paper, exactly as it was issued."""
    paper = get_issued_paper(current_actor(), code)
    if paper.file is None:
        raise NotFound
    return _sent(paper, paper.file, "paper.read")


@bp.get("/papers/<code>/scans/<int:scan_id>")
@requires(P.PAPER_VIEW)
def scan(code: str, scan_id: int) -> Answer:
    """Download a stamped scan, the newest or one that it replaced."""
    paper, found = get_scan(current_actor(), code, scan_id)
    return _sent(paper, found.file, "paper.scan_read")


@bp.post("/papers/<code>/scans")
@requires(P.PAPER_SEAL)
def upload_scan(code: str) -> Answer:
    """Lay the stamped scan beside the paper."""
    actor, form = current_actor(), ScanForm()
    paper = get_issued_paper(actor, code)
    if not may_seal(actor, paper):
        raise NotFound
    if form.validate_on_submit():
        upload = form.file.data
        data, name = upload.read(), upload.filename or ""
        try:
            once(actor, form.key.data, lambda: add_scan(actor, code, data, name).id)
            flash(_("The scan with the seal was added."), "done")
            return redirect(url_for("papers.show", code=code))
        except Refused as refusal:
            form.refuse(refusal)
    return _page(get_issued_paper(actor, code), form)


# --- for everybody ---


def tidied(typed: str) -> str:
    """A code as it is kept, out of what somebody read off a paper: blanks and hyphens do not
    count, nor do small letters."""
    return "".join(char for char in typed.upper() if char.isalnum())[: 2 * LENGTH]


@bp.get("/verify")
@public
def verify() -> Answer:
    """The form for the code that stands on a paper."""
    code = tidied(request.args.get("code", "")[:100])
    if len(code) == LENGTH and set(code) <= set(ALPHABET):
        return redirect(url_for("papers.verified", code=code))
    return render_template("papers/verify.html", code=code, wrong="code" in request.args)


@bp.get("/verify/<code>")
@public
def verified(code: str) -> Answer:
    """What everybody may know of an issued paper: number, kind, date, issuer, and its hash."""
    paper = find_verifiable(code)
    if paper is None:
        raise NotFound
    return render_template("papers/verified.html", paper=paper)
