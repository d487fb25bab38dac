"""Languages: Chinese unless the reader switched to English. Regulations and forms stay Chinese."""

from collections.abc import Callable
from functools import cache
from gettext import NullTranslations
from typing import Any

from babel import Locale
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, get_translations, gettext, lazy_gettext, ngettext
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

LANGUAGES = {"zh_CN": "中文", "en": "English"}
DEFAULT = "zh_CN"
COOKIE = "qcc_language"

_ = gettext
_l = lazy_gettext
_n = ngettext

_LOCALES = {language: Locale.parse(language) for language in LANGUAGES}


def current_language() -> str:
    """The reader's language, from the switch's cookie; Chinese outside a request."""
    if not has_request_context():
        return DEFAULT
    if "language" not in g:
        chosen = request.cookies.get(COOKIE, "")
        g.language = chosen if chosen in LANGUAGES else DEFAULT
    return str(g.language)


def _current_locale() -> Locale:
    return _LOCALES[current_language()]


@cache
def _speaker(catalog: NullTranslations) -> Callable[..., str]:
    """What templates call as _(): messages of one language, each looked up once. The catalogs are
    our own and may carry marks; values are escaped."""
    known: dict[str, Markup] = {}

    @pass_eval_context
    def say(context: EvalContext, message: str, **values: Any) -> str:
        if not context.autoescape:
            return catalog.gettext(message) % values
        if values:
            return Markup(catalog.gettext(message)) % values  # noqa: S704
        if message not in known:
            known[message] = Markup(catalog.gettext(message)) % {}  # noqa: S704
        return known[message]

    return say


def _speech() -> dict[str, Any]:
    """The reader's language, found once for a page and not for each of its words."""
    return {"_": _speaker(get_translations())}


def init_app(app: Flask) -> None:
    """Attach Babel with our languages; all dates are shown in Asia/Shanghai."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Shanghai"
    Babel(app, locale_selector=_current_locale)
    app.context_processor(_speech)
