"""Putting the product together: extensions, features, the access check, commands."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import config
from qcc import cli
from qcc.accounts import views as accounts
from qcc.accounts.queries import get_desk_actor
from qcc.accounts.signed_in import SignedSessions, csrf_token, load_actor, load_desk
from qcc.applications import views as applications
from qcc.centers import views as centers
from qcc.evaluations import views as evaluations
from qcc.experts import views as experts
from qcc.infra import access, audit, headers, i18n, pages, queue, sealing, templating
from qcc.infra.db import db
from qcc.infra.installation import production_problems
from qcc.infra.writing import Templates
from qcc.meetings import views as meetings
from qcc.organizations import views as organizations
from qcc.regulations.rubrics import load_rubrics
from qcc.regulations.rulebooks import load_rulebooks
from qcc.workbench import navigation
from qcc.workbench import views as workbench


class Product(Flask):
    """Flask with our templates and sessions, and without coroutines."""

    jinja_environment = Templates  # type: ignore[assignment]
    session_interface = SignedSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """None of our views is a coroutine: nothing has to be looked at and wrapped."""
        return func


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """The application, ready to serve; raises ConfigurationError or InvalidRulebook."""
    app = Product("qcc", root_path=str(Path(__file__).parent))
    app.config.update(config.settings() if settings is None else settings)
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(hours=12)
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False  # the row on the server tells when it ends
    app.config["FACTORY"] = create_app
    load_rulebooks()
    load_rubrics()
    _attach_extensions(app)
    for blueprint in (
        accounts.bp,
        organizations.bp,
        centers.bp,
        centers.rulebooks_bp,
        applications.bp,
        experts.bp,
        meetings.bp,
        evaluations.bp,
        workbench.bp,
    ):
        app.register_blueprint(blueprint)
    pages.init_app(app)
    cli.init_app(app)
    return app


def _attach_extensions(app: Flask) -> None:
    if app.config["TRUSTED_PROXIES"]:
        count = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    db.init_app(app)
    Migrate(app, db, directory=str(config.ROOT / "migrations"), render_as_batch=True)
    access.init_app(app, load_actor)
    queue.init_app(app, get_desk_actor)
    CSRFProtect(app)
    app.context_processor(lambda: {"csrf_token": csrf_token})  # after that of CSRFProtect
    login = LoginManager(app, add_context_processor=False)  # templates ask for the actor
    login.user_loader(load_desk)
    login.session_protection = None  # sessions are rows of our own, ended on the server
    Bootstrap5(app)
    i18n.init_app(app)
    headers.init_app(app)
    templating.init_app(app)
    navigation.init_app(app)
    audit.init_app(app, _own_secret(app, "AUDIT_KEY"))
    sealing.init_app(app, _own_secret(app, "DATA_KEY"))


def _own_secret(app: Flask, name: str) -> bytes:
    """A secret of its own where one is set, so that the session key can be changed alone."""
    return str(app.config.get(name) or app.config["SECRET_KEY"]).encode()


def require_ready(app: Flask) -> None:
    """What only a look into the database can tell; production does not start with it unmet."""
    if not app.config["PRODUCTION"]:
        return
    with app.app_context():
        for problem in production_problems(db.session.connection()):
            raise config.ConfigurationError(problem)
        db.session.remove()
