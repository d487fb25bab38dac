"""Files at the parts of an application, put there and taken off by the applicant."""

from flask import flash, redirect, url_for

from qcc.applications import services
from qcc.applications.forms import FileForm
from qcc.applications.sections import SECTION_BY_KEY, EligibilityItem
from qcc.applications.views import bp
from qcc.applications.views.parts import Answer
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import Refused
from qcc.infra.i18n import _
from qcc.infra.idempotency import once
from qcc.kernel.permissions import Permission as P


def _page_of_part(code: str, part: str) -> str:
    if part in SECTION_BY_KEY:
        return url_for("applications.edit_section", code=code, key=part)
    if part in set(EligibilityItem):
        return url_for("applications.edit_answer", code=code, item=part)
    return url_for("applications.show", code=code)


@bp.post("/applications/<code>/parts/<part>/files")
@requires(P.APPLICATION_EDIT)
def attach(code: str, part: str) -> Answer:
    """Attach a file to a part."""
    actor, form = current_actor(), FileForm()
    if form.validate_on_submit():
        upload = form.file.data
        data, name = upload.read(), upload.filename or ""
        try:
            once(
                actor,
                form.key.data,
                lambda: services.attach_file(actor, code, part, data, name).code,
            )
            flash(_("%(name)s was attached.", name=name), "done")
        except Refused as refusal:
            flash(str(refusal.message), "error")
    else:
        flash(_("Choose a file."), "error")
    return redirect(_page_of_part(code, part))


@bp.post("/applications/<code>/files/<file_code>/remove")
@requires(P.APPLICATION_EDIT)
def remove_file(code: str, file_code: str) -> Answer:
    """Take a file off a part."""
    with transaction():
        part = services.remove_file(current_actor(), code, file_code)
    return redirect(_page_of_part(code, part))
