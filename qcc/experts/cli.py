"""`flask roster`: rosters of panels on the terminal, without a database.

What is found goes to standard output, warnings and reasons to standard error, both in Chinese.
Exit status: 0 nothing blocks, 1 something blocks, 2 the roster cannot be read.
"""

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import AppGroup

from qcc.experts.composition import Composition, composition
from qcc.experts.roster.facts import panel_facts, resembling_hosts
from qcc.experts.roster.messages import describe_cell
from qcc.experts.roster.parsing import Rejected, Roster, parse_roster
from qcc.experts.roster.rows import CellFault
from qcc.experts.roster.template import roster_template
from qcc.experts.rules import ROSTER_RULES, PanelFacts
from qcc.infra.i18n import _, _l
from qcc.infra.rule_messages import describe, force_label, mend
from qcc.infra.spreadsheets.coercion import as_date
from qcc.infra.spreadsheets.messages import describe as describe_refusal
from qcc.infra.spreadsheets.refusals import DEFAULT_LIMITS, SpreadsheetRefused
from qcc.kernel.rules import Finding, Force, Rulebook, check
from qcc.regulations.rulebooks import load_rulebooks

UNREADABLE = 2

_REASONS: dict[type[OSError], Any] = {
    FileNotFoundError: _l("there is no such file or folder."),
    IsADirectoryError: _l("it is a folder."),
    NotADirectoryError: _l("there is no such file or folder."),
    PermissionError: _l("it is not permitted."),
}

roster_group = AppGroup("roster", help="Rosters of expert panels, without a database.")


@roster_group.command("template")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Write over a workbook that was filled in.")
def write_template(out: Path, overwrite: bool) -> None:
    """Write the workbook to fill in."""
    template = roster_template()
    try:
        if out.exists() and not overwrite and out.read_bytes() not in (b"", template):
            _refuse(_("%(file)s is there already. Add --overwrite to replace it.", file=out))
        out.write_bytes(template)
    except OSError as error:
        _refuse(_("%(file)s cannot be written: %(reason)s", file=out, reason=_reason(error)))


@roster_group.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--host", "hosts", multiple=True, required=True, metavar="NAME", help="The host.")
@click.option("--host-former", "former", multiple=True, metavar="NAME", help="A former name of it.")
@click.option("--on", "on_text", required=True, metavar="YYYY-MM-DD", help="First day of the term.")
@click.option("--rulebook", "rulebook_id", default="zhejiang-2021", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Findings as a list in JSON.")
def check_roster(
    file: Path,
    hosts: tuple[str, ...],
    former: tuple[str, ...],
    on_text: str,
    rulebook_id: str,
    as_json: bool,
) -> None:
    """Hold a roster against the rules; consents are not judged."""
    on, book = _day(on_text), _rulebook(rulebook_id)
    names = tuple(name for name in (*hosts, *former) if name.strip())
    if not names:
        _refuse(_("The name of the host is empty."))
    roster = _roster(file, on)
    panel = panel_facts(roster, host_names=names, on=on)
    for warning in _warnings(roster, panel, book, on):
        _say(_("Note: %(text)s", text=warning), err=True)
    findings = check(ROSTER_RULES, panel, book)
    if as_json:
        _say(json.dumps([_as_dict(each) for each in findings], ensure_ascii=False, indent=2))
    else:
        _report(panel, book, findings)
    sys.exit(1 if any(each.limit.force is not Force.ADVISORY for each in findings) else 0)


def _day(text: str) -> date:
    day = as_date(text)
    if not isinstance(day, date):
        _refuse(_("“%(value)s” is not a date. Write it as 2026-03-01.", value=text))
    return day


def _rulebook(rulebook_id: str) -> Rulebook:
    books = load_rulebooks()
    try:
        return books.get(rulebook_id)
    except KeyError:
        known = _(", ").join(book.id for book in books)
        _refuse(
            _("There is no rulebook %(id)s; there are: %(known)s.", id=rulebook_id, known=known)
        )


def _roster(file: Path, on: date) -> Roster:
    """The roster in the file; ends the command with the reason if it cannot be read."""
    try:
        parsed = parse_roster(_content(file), on=on)
    except OSError as error:
        _refuse(_("%(file)s cannot be read: %(reason)s", file=file, reason=_reason(error)))
    except SpreadsheetRefused as refused:
        _refuse(str(describe_refusal(refused)))
    if isinstance(parsed, Rejected):
        head = _("Nothing was checked. Faults of cells: %(count)s.", count=len(parsed.errors))
        _refuse(head, *(_at_cell(fault) for fault in parsed.errors))
    return parsed


def _reason(error: OSError) -> str:
    """Why a file could not be opened, in the reader's language."""
    for kind, words in _REASONS.items():
        if isinstance(error, kind):
            return str(words)
    return error.strerror or type(error).__name__


def _content(file: Path) -> bytes:
    """The file's bytes; of one that is too large, only as many as tell so."""
    with file.open("rb") as opened:
        return opened.read(DEFAULT_LIMITS.file_bytes + 1)


def _warnings(roster: Roster, panel: PanelFacts, book: Rulebook, on: date) -> Iterator[str]:
    yield from (_at_cell(fault) for fault in roster.warnings)
    if not panel.from_host:
        yield _("Nobody on the list works at the host, as it is named here.")
    for name in resembling_hosts(roster, panel.host_names):
        yield _(
            "“%(name)s” is not counted as the host. If it is a name of the host, add it with"
            " --host-former.",
            name=name,
        )
    if not book.is_in_force(on):
        yield _("%(title)s is not in force on %(on)s.", title=book.title, on=on.isoformat())


def _at_cell(fault: CellFault) -> str:
    return str(_("%(cell)s: %(text)s", cell=fault.cell, text=describe_cell(fault.error)))


def _as_dict(finding: Finding) -> dict[str, object]:
    """A finding as the list in JSON has it."""
    return {
        "rule": finding.rule,
        "article": finding.limit.article,
        "force": finding.limit.force.value,
        "subject": finding.subject,
        "observed": dict(finding.observed),
        "allowed": dict(finding.allowed),
        "message": describe(finding),
    }


def _report(panel: PanelFacts, book: Rulebook, findings: list[Finding]) -> None:
    for line in _numbers(composition(panel, book)):
        _say(line)
    for finding in findings:
        _say(_line(finding))
    if not findings:
        _say(_("No finding."))


def _line(finding: Finding) -> str:
    """A finding with its force, its article, the rows it is about, and how to mend it."""
    rows = finding.observed.get("member") or ""
    if finding.rule == "panel.duplicate_member":
        rows = _(", ").join(finding.observed["members"])
    words = {
        "force": force_label(finding.limit.force),
        "article": finding.limit.article,
        "rows": rows,
        "text": f"{describe(finding)} {mend(finding)}",
    }
    if rows:
        return str(_("[%(force)s] %(article)s, row %(rows)s: %(text)s", **words))
    return str(_("[%(force)s] %(article)s: %(text)s", **words))


def _numbers(made: Composition) -> Iterator[str]:
    if made.members_most is None:
        yield _("Members: %(count)s.", count=made.members)
    else:
        yield _("Members: %(count)s of %(most)s.", count=made.members, most=made.members_most)
    if made.host_most is not None:
        yield _(
            "Of the host: %(count)s of at most %(most)s; of at most %(full)s if the panel were"
            " full.",
            count=made.from_host,
            most=made.host_most,
            full=made.host_most if made.host_most_if_full is None else made.host_most_if_full,
        )
    yield _("Institutions: %(count)s.", count=len(made.institutions))


def _refuse(*lines: str) -> NoReturn:
    for line in lines:
        _say(line, err=True)
    sys.exit(UNREADABLE)


def _say(line: str, *, err: bool = False) -> None:
    """A line in UTF-8, whatever the terminal says of itself."""
    click.echo(f"{line}\n".encode(), nl=False, err=err)
