"""Languages: Chinese unless the reader switched to English. Regulations and forms stay Chinese."""

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, gettext, lazy_gettext, ngettext

LANGUAGES = {"zh_CN": "中文", "en": "English"}
DEFAULT = "zh_CN"
COOKIE = "qcc_language"

_ = gettext
_l = lazy_gettext
_n = ngettext


def current_language() -> str:
    """The reader's language, from the switch's cookie; Chinese outside a request."""
    if not has_request_context():
        return DEFAULT
    if "language" not in g:
        chosen = request.cookies.get(COOKIE, "")
        g.language = chosen if chosen in LANGUAGES else DEFAULT
    return str(g.language)


def init_app(app: Flask) -> None:
    """Attach Babel with our languages; all dates are shown in Asia/Shanghai."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Shanghai"
    Babel(app, locale_selector=current_language)
