"""The register of the documents that the reader's organization issued under a number."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from qcc.infra import listing
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import Refused
from qcc.infra.i18n import _
from qcc.infra.templating import PAGE, page_of
from qcc.kernel.permissions import Permission as P
from qcc.organizations.forms import DocumentWordForm
from qcc.organizations.queries import list_document_years, list_documents, own_organization
from qcc.organizations.services import set_document_word
from qcc.organizations.services.documents import default_word
from qcc.organizations.views.blueprint import bp

Page = str | Response | tuple[str, int]


def _page(form: DocumentWordForm) -> str:
    actor, year, after = current_actor(), listing.key("year"), listing.after()
    rows = list_documents(actor, year=year, after=after, limit=PAGE + 1)
    organization = own_organization(actor)
    word = organization.document_word or default_word(organization)
    if not form.is_submitted():
        form.word.data = word
    return render_template(
        "organizations/documents.html",
        page=page_of(rows, after),
        years=sorted(list_document_years(actor), reverse=True),
        year=year,
        form=form,
        word=word,
    )


@bp.get("/documents")
@requires(P.DOCUMENT_REGISTER)
def documents() -> Page:
    """The numbered documents, newest first, with their scans."""
    return _page(DocumentWordForm())


@bp.post("/documents/word")
@requires(P.DOCUMENT_REGISTER)
def document_word() -> Page:
    """Choose the word of the issuer."""
    form = DocumentWordForm()
    if form.validate_on_submit():
        try:
            with transaction():
                set_document_word(current_actor(), form.word.data or "")
            flash(_("The numbers of your documents begin with this word from now on."), "done")
            return redirect(url_for("organizations.documents"))
        except Refused as refusal:
            form.refuse(refusal)
    return _page(form), 422
