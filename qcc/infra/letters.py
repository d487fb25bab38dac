"""What messages say outside the product: a subject, plain text and HTML, in the reader's language.

The words of the templates in `templates/email/` go through gettext like those of every page.
"""

from collections.abc import Sequence

from flask import current_app, render_template

from qcc.infra.i18n import _, current_language
from qcc.infra.mail import Content
from qcc.infra.outbox import EVENT, Message, describe

_LONGEST_SUBJECT = 60


def write_letter(messages: Sequence[Message]) -> Content:
    """One letter that says all the messages; several are the reminders of a day."""
    root = current_app.config["PUBLIC_URL"]
    said = [(" ".join(describe(message).split()), f"{root}{message.link}") for message in messages]
    words = {
        "said": said,
        "language": current_language().replace("_", "-"),
        "root": root,
        "has_account": messages[0].address is None,
    }
    return Content(
        subject=_subject([sentence for sentence, _url in said]),
        text=render_template("email/letter.txt", **words),
        html=render_template("email/letter.html", **words),
        event=messages[0].params.get(EVENT, "") if len(messages) == 1 else "",
    )


def _subject(said: Sequence[str]) -> str:
    if len(said) != 1:
        return str(_("Reminders: %(count)s", count=len(said)))
    only = said[0]
    return only if len(only) <= _LONGEST_SUBJECT else f"{only[: _LONGEST_SUBJECT - 1]}…"
