"""Languages: Chinese unless the reader switched to English. Regulations and forms stay Chinese."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from babel import Locale
from flask import Flask, has_request_context, request
from flask_babel import Babel, force_locale, get_translations, gettext, lazy_gettext, ngettext
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


_language: ContextVar[str | None] = ContextVar("language", default=None)
"""The language of the request that is being answered: asked for with every word of a page."""


def current_language() -> str:
    """The reader's language, from the switch's cookie; Chinese outside a request."""
    return _language.get() or _chosen()


def _chosen() -> str:
    chosen = request.cookies.get(COOKIE, "") if has_request_context() else DEFAULT
    return chosen if chosen in LANGUAGES else DEFAULT


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """All words within the block are in that language: for who reads them elsewhere."""
    token = _language.set(language)
    try:
        with force_locale(language):
            yield
    finally:
        _language.reset(token)


def _current_locale() -> Locale:
    return _LOCALES[current_language()]


@cache
def _speaker(_language: str) -> Callable[..., str]:
    """What templates call as _() in a language: each message is looked up once. The catalogs are
    our own and may carry marks; values are escaped."""
    catalog = get_translations()
    known: dict[str, Markup] = {}

    @pass_eval_context
    def say(context: EvalContext, message: str, **values: Any) -> str:
        if not context.autoescape:
            return str(catalog.gettext(message) % values)
        if values:
            return Markup(catalog.gettext(message)) % values  # noqa: S704
        if message not in known:
            known[message] = Markup(catalog.gettext(message)) % {}  # noqa: S704
        return known[message]

    return say


@pass_eval_context
def _say(context: EvalContext, message: str, **values: Any) -> str:
    """What macros call as _(): they are imported once, and know the reader by each call."""
    return _speaker(current_language())(context, message, **values)


def _speech() -> dict[str, Any]:
    """The reader's language, found once for a page and not for each of its words."""
    return {"_": _speaker(current_language())}


def init_app(app: Flask) -> None:
    """Attach Babel with our languages; all dates are shown in Asia/Shanghai."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Shanghai"
    Babel(app, locale_selector=_current_locale)
    app.jinja_env.globals["_"] = _say
    app.context_processor(_speech)

    @app.before_request
    def begin() -> None:
        _language.set(_chosen())

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        _language.set(None)
