"""All letters of appointment (聘书) of a panel at once, as one file: work for the queue."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any, NamedTuple

from qcc.experts.models import Panel
from qcc.experts.queries import get_panel, list_letters
from qcc.infra import audit, files
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _, _l
from qcc.infra.papers import Paper, PaperState, Renderers, issue, printable
from qcc.infra.queue import Outcome, Progress, Task, ask
from qcc.kernel.permissions import Actor

TASK = "experts.letters"


class Letter(NamedTuple):
    """A letter as it lies in the file; *is_new*: it was rendered for it and is to be issued."""

    paper_id: int
    name: str
    data: bytes
    is_new: bool


def _appointed(actor: Actor, panel_id: int) -> Panel:
    panel = get_panel(actor, panel_id)
    if not panel.was_approved:
        raise NotFound
    return panel


def ask_for_letters(actor: Actor, panel_id: int) -> Task:
    """Have the letters of all present members made, where they are not, and packed."""
    panel = _appointed(actor, panel_id)
    return ask(actor, TASK, {"panel_id": panel.id}, panel.center.name)


def make_letters(
    actor: Actor, params: Mapping[str, Any], tell: Progress, html_of: Renderers
) -> list[Letter]:
    """Read what was issued, render what is pending, one after the other. Writes nothing."""
    panel = _appointed(actor, params["panel_id"])
    letters = list_letters(panel.id)
    if not letters:
        raise Refused(_l("The panel has no letters of appointment."))
    made: list[Letter] = []
    for number, paper in enumerate(letters, start=1):
        tell(number - 1, len(letters))
        made.append(_letter(paper, f"{number:02d}-{paper.name}", html_of))
    tell(len(letters), len(letters))
    return made


def _letter(paper: Paper, name: str, html_of: Renderers) -> Letter:
    if paper.file is not None:
        return Letter(paper.id, name, files.read(paper.file), is_new=False)
    if paper.state is PaperState.FAILED:
        raise Refused(_("%(name)s could not be made. Have it made again first.", name=paper.name))
    return Letter(paper.id, name, printable(paper).render(html_of), is_new=True)


def keep_letters(actor: Actor, params: Mapping[str, Any], made: list[Letter]) -> Outcome:
    """Issue what was rendered, and keep the file, sealed, for who asked: it holds personal data."""
    panel = _appointed(actor, params["panel_id"])
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
        for letter in made:
            packed.writestr(letter.name, _issued(letter))
    name = f"{panel.center.name}专家聘书.zip"
    detail = {"letters": len(made)}
    audit.record(actor, "panel.letters_read", "panel", panel.id, detail)
    kept = files.keep(
        target.getvalue(), name, "zip", actor.organization_id, actor.user_id, sealed=True
    )
    said = str(_("Letters of appointment: %(count)s", count=len(made)))
    return Outcome(said, kept, f"/panels/{panel.id}")


def _issued(letter: Letter) -> bytes:
    """The bytes as they are on record; if the clock issued the letter meanwhile, its own."""
    if letter.is_new and not issue(letter.paper_id, letter.data):
        paper = db.session.get_one(Paper, letter.paper_id)
        return files.read(paper.file) if paper.file is not None else letter.data
    return letter.data
