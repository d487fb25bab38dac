"""Commands of the whole product; features bring their own in their cli.py."""

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from flask_migrate import upgrade

import config
from qcc.accounts.cli import accounts_group
from qcc.accounts.jobs import DIGEST
from qcc.accounts.jobs import JOBS as ACCOUNT_JOBS
from qcc.applications.jobs import JOBS as APPLICATION_JOBS
from qcc.applications.jobs import TASKS as APPLICATION_TASKS
from qcc.applications.workflow import APPLICATION, COMPETITION, DESIGNATION, OPINION, REVIEWER
from qcc.centers.cli import group as catalog_group
from qcc.centers.workflow import CENTER, CHANGE
from qcc.evaluations.jobs import JOBS as EVALUATION_JOBS
from qcc.evaluations.jobs import TASKS as EVALUATION_TASKS
from qcc.evaluations.rules.strikes import OUTCOMES
from qcc.evaluations.workflow import (
    APPEAL,
    ASSESSMENT,
    DOCUMENT,
    RECTIFICATION,
    REVOCATION,
    ROUND,
    TASK,
    VIOLATION,
)
from qcc.experts.cli import roster_group
from qcc.experts.jobs import JOBS as EXPERT_JOBS
from qcc.experts.jobs import TASKS as EXPERT_TASKS
from qcc.experts.workflow import MEMBER_CHANGE, PANEL
from qcc.infra import audit, queue, scheduler
from qcc.infra.db import db
from qcc.infra.docs_build import rules_markdown, workflows_markdown
from qcc.infra.installation import production_problems
from qcc.infra.job_commands import jobs_group
from qcc.infra.job_pages import WORKS
from qcc.infra.jobs import JOBS as INFRA_JOBS
from qcc.infra.outbox import MORNING
from qcc.meetings.jobs import JOBS as MEETING_JOBS
from qcc.meetings.workflow import ACTION, AMENDMENT, MEETING
from qcc.organizations.jobs import TASKS as ORGANIZATION_TASKS

audit_group = AppGroup("audit", help="The audit chain.")
demo_group = AppGroup("demo", help="The demo province. Never in production.")
docs_group = AppGroup("docs", help="Documents made from the code.")

WORKFLOWS = (
    CENTER,
    CHANGE,
    APPLICATION,
    OPINION,
    COMPETITION,
    REVIEWER,
    DESIGNATION,
    PANEL,
    MEMBER_CHANGE,
    MEETING,
    ACTION,
    AMENDMENT,
    ROUND,
    ASSESSMENT,
    APPEAL,
    RECTIFICATION,
    VIOLATION,
    REVOCATION,
    DOCUMENT,
    TASK,
)
_OF_FEATURES = (
    *INFRA_JOBS,
    *ACCOUNT_JOBS,
    *APPLICATION_JOBS,
    *EXPERT_JOBS,
    *MEETING_JOBS,
    *EVALUATION_JOBS,
)
_REMINDING = tuple(work.name for work in _OF_FEATURES if getattr(work, "at", None) == MORNING)
JOBS = (*_OF_FEATURES, replace(DIGEST, after=_REMINDING))


@audit_group.command("verify")
@click.option("--expect", help="COUNT:HASH noted at an earlier time; must still be in the chain.")
def verify_audit(expect: str | None) -> None:
    """Check the audit chain; exit 1 and name every break if it does not hold."""
    breaks = list(audit.verify(db.session, expect))
    for found in breaks:
        click.echo(f"event {found.seq}: {found.reason}")
    count, last = audit.head(db.session)
    click.echo(f"{count} events, head {count}:{last}")
    sys.exit(1 if breaks else 0)


@click.command("scheduler")
@with_appcontext
def run_scheduler() -> None:
    """Work by the clock until told to stop; in production only on a database that may serve."""
    _require_fit()
    scheduler.run_forever(current_app._get_current_object(), JOBS)  # type: ignore[attr-defined]


@click.command("worker")
@click.option("--workers", default=2, show_default=True, help="How many tasks at a time.")
@with_appcontext
def run_worker(workers: int) -> None:
    """Do the tasks of the queue until told to stop; in production only on a database that may
    serve."""
    _require_fit()
    queue.work_forever(workers)


def _require_fit() -> None:
    if current_app.config["PRODUCTION"]:
        for problem in production_problems(db.session.connection()):
            raise click.ClickException(problem)
        db.session.remove()


def _refuse_in_production() -> None:
    if current_app.config["PRODUCTION"]:
        raise click.ClickException("The demo is never loaded in production.")


def _demo() -> Any:
    return import_module("qcc.demo.commands")


@demo_group.command("load")
def load_demo() -> None:
    """Load the demo province, once. QCC_DEMO_PASSWORD sets the accounts' password."""
    _refuse_in_production()
    _demo().load()


@demo_group.command("play")
@click.option("--out", default="out", help="Where the papers are left.")
def play_demo(out: str) -> None:
    """Play the story of one center on a database of its own, and leave its papers."""
    _refuse_in_production()
    with tempfile.TemporaryDirectory() as folder:
        app = _fresh_app({"QCC_DATA_DIR": folder})
        with app.app_context():
            upgrade()
            _demo().play(out)
            db.session.remove()
            db.engine.dispose()


def _fresh_app(env: Mapping[str, str]) -> Flask:
    factory = current_app.config["FACTORY"]
    app: Flask = factory(config.settings(env))
    return app


@docs_group.command("build")
@click.option("--check", is_flag=True, help="Only tell whether they are fresh; exit 1 if not.")
def build_docs(check: bool) -> None:
    """Write docs/rules.md and docs/workflows.md."""
    stale = []
    for name, text in (
        ("rules.md", rules_markdown({"Two strikes (M.20)": OUTCOMES})),
        ("workflows.md", workflows_markdown(WORKFLOWS)),
    ):
        file = config.ROOT / "docs" / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                file.write_text(text, encoding="utf-8")
    click.echo(f"docs: {'stale: ' + ', '.join(stale) if stale else 'fresh'}")
    sys.exit(1 if check and stale else 0)


def init_app(app: Flask) -> None:
    """Register the commands, the work by the clock, and the tasks."""
    queue.tasks(*ORGANIZATION_TASKS, *EXPERT_TASKS, *APPLICATION_TASKS, *EVALUATION_TASKS)
    app.extensions[WORKS] = {work.name: work for work in JOBS}
    for group in (
        accounts_group,
        audit_group,
        catalog_group,
        demo_group,
        docs_group,
        jobs_group,
        roster_group,
        run_scheduler,
        run_worker,
    ):
        app.cli.add_command(group)
