"""What the second of two editors is told: nothing typed is lost, and the form may be sent again."""

from qcc.infra.db import StaleEdit
from qcc.infra.errors import Refused
from qcc.infra.forms import VersionedForm
from qcc.infra.i18n import _


def tell_stale(form: VersionedForm, stale: StaleEdit) -> int:
    """Say above the form that things have moved on, let it carry the present version, and answer
    409."""
    form.version.raw_data, form.version.data = None, stale.current.version
    form.refuse(
        Refused(_("This was changed in the meantime. Look at it again; your text is kept."))
    )
    return 409


def status_of(form: VersionedForm, status: int) -> int:
    """The status of a page with the form: 422 if it has errors and nothing else is told."""
    return 422 if form.errors and status == 200 else status
