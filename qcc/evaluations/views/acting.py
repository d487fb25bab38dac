"""A step that was asked for by a form."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash

from qcc.infra.db import transaction
from qcc.infra.errors import Refused
from qcc.infra.forms import Form
from qcc.infra.pages import put_at_field
from qcc.kernel.workflow import GuardFailed


def succeeds(
    form: Form, step: Callable[[], Any], done: Any, typed: Mapping[str, str] | None = None
) -> bool:
    """Take the step in a transaction and say that it is done. What stands against it is said at the
    form, which keeps what was typed; *typed* names the fields of conditions about it."""
    if not form.validate_on_submit():
        return False
    try:
        with transaction():
            step()
    except Refused as refusal:
        form.refuse(refusal)
    except GuardFailed as failure:
        put_at_field(form, failure, typed or {})
    else:
        flash(done, "done")
        return True
    return False
