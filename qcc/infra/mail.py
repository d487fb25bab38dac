"""Sending mail through the server that MAIL_URL names (smtp://user:password@host:port, smtps://…).
Without one, mail stays in the inbox of the product."""

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit


def send(mail_url: str, sender: str, to: list[str], subject: str, text: str) -> None:
    """Hand one message to the mail server; raises OSError or smtplib.SMTPException."""
    parts = urlsplit(mail_url)
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, ", ".join(to), subject
    message.set_content(text)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with kind(parts.hostname or "localhost", parts.port or 0, timeout=20) as server:
        server.ehlo()  # what the server offers is known only after it was greeted
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
