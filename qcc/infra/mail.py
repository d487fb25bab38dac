"""Sending mail through the server that MAIL_URL names (smtp://user:password@host:port, smtps://…).
Without one, mail stays in the inbox of the product."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from qcc.infra.calendars import addressed, method_of


@dataclass(frozen=True, slots=True)
class Content:
    """What a mail says: plain text, the same as HTML, and an event for the reader's calendar."""

    subject: str
    text: str
    html: str = ""
    event: str = ""


def send(mail_url: str, sender: str, to: list[str], content: Content) -> None:
    """Hand one message to the mail server; raises OSError or smtplib.SMTPException."""
    parts = urlsplit(mail_url)
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, ", ".join(to), content.subject
    message.set_content(content.text)
    if content.html:
        message.add_alternative(content.html, subtype="html")
    if content.event:
        _attach(message, addressed(content.event, to))
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with kind(parts.hostname or "localhost", parts.port or 0, timeout=20) as server:
        server.ehlo()  # what the server offers is known only after it was greeted
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _attach(message: EmailMessage, event: str) -> None:
    """As another form of the text (RFC 6047), and as a file for programs that know no such form."""
    form = {"method": method_of(event)}
    message.add_alternative(event, subtype="calendar", params=form)
    message.add_attachment(event, subtype="calendar", params=form, filename="meeting.ics")
