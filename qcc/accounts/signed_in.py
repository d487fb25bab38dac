"""The browser's side of a session: the token in the signed cookie, loaded through Flask-Login."""

from functools import lru_cache

from flask import Flask, Request, current_app, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer

from qcc.accounts import sessions
from qcc.kernel.permissions import Actor

_SIGNER, _OPENED, _TOKENS = "qcc.signer", "qcc.cookies", "qcc.tokens"
TOKEN = "_user_id"  # noqa: S105 - where Flask-Login keeps what get_id() says


class SignedSessions(SecureCookieSessionInterface):
    """Flask's sessions in a signed cookie; what signs is made once for each application, and the
    signature of a cookie is worked out once. How long a session lasts, its row tells."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer by the application's keys, which do not change while it runs."""
        made: URLSafeTimedSerializer | None = app.extensions.get(_SIGNER)
        if made is None:
            made = app.extensions[_SIGNER] = super().get_signing_serializer(app)
        return made

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """What the cookie says; an empty session if there is none, or it is not ours."""
        opened = app.extensions.setdefault(_OPENED, lru_cache(1000)(self._opened))
        try:
            said = opened(app, request.cookies.get(self.get_cookie_name(app), ""))
        except BadSignature:
            return self.session_class()
        return self.session_class(self.serializer.loads(said))

    def _opened(self, app: Flask, cookie: str) -> str:
        signer = self.get_signing_serializer(app)
        if signer is None or not cookie:
            raise BadSignature("nothing is signed")
        return self.serializer.dumps(signer.loads(cookie))


def csrf_token() -> str:
    """The token of the reader's forms; signed once, since it lasts as long as the session."""
    secret = session.get("csrf_token")
    if secret is None:
        return str(generate_csrf())
    tokens = current_app.extensions.setdefault(_TOKENS, lru_cache(1000)(_signed))
    return str(tokens(secret))


def _signed(_secret: str) -> str:
    return str(generate_csrf())


class Desk(UserMixin):
    """A signed-in actor, as Flask-Login wants one: identified by the session's token."""

    def __init__(self, token: str, seat: sessions.Seat | None = None) -> None:
        self.token, self.seat = token, seat

    def get_id(self) -> str:
        return self.token


def source() -> str:
    """Where the request comes from, as the trusted proxies tell it."""
    return request.remote_addr or ""


def load_desk(token: str) -> Desk | None:
    """Flask-Login's loader: who holds the token, if the session on the server still stands."""
    seat = sessions.load_seat(token, source())
    return None if seat is None else Desk(token, seat)


def load_actor() -> Actor | None:
    """Who acts in this request; None if nobody is signed in."""
    seat: sessions.Seat | None = getattr(current_user, "seat", None)
    return seat and seat.actor


def unread() -> int:
    """How many unread messages waited at the reader's desk when the request came."""
    seat: sessions.Seat | None = getattr(current_user, "seat", None)
    return seat.unread if seat else 0


def current_token() -> str:
    """The token of the session that this request belongs to."""
    return str(session[TOKEN])


def remember(token: str) -> None:
    """Put a fresh session into the browser; nothing of an earlier one remains."""
    session.clear()
    session.permanent = True
    login_user(Desk(token))


def forget() -> None:
    """Empty the browser's session."""
    logout_user()
    session.clear()
