"""The first failed year: the order, the plan, the evidence, the verification."""

from datetime import timedelta
from pathlib import Path

from qcc.infra import clock
from tests.e2e.uploads import evidence
from tests.e2e.visitor import Visitor


def rectify(evaluation: Visitor, secretary: Visitor, director: Visitor, folder: Path) -> None:
    """All of it, from the evaluation center's workbench and back to it."""
    order = _order(evaluation)
    _plan(secretary, director, order)
    _prove(secretary, director, order, folder)
    _verify(evaluation, order)


def _order(v: Visitor) -> str:
    v.go("Workbench")
    v.follow("Order the rectification")
    v.judge()
    for field in v.page.locator("textarea[name^=want-]").all()[2:]:
        field.fill("")
    v.type("To be put right by", (clock.today() + timedelta(days=60)).isoformat())
    v.picture("rectification-order")
    v.press("Issue the order")
    v.sees("The rectification is ordered; the center and its host have been told.")
    v.judge()
    return v.page.url


def _plan(secretary: Visitor, director: Visitor, order: str) -> None:
    v = secretary
    v.open(order)
    v.judge()
    for number in range(2):
        v.open(order)
        v.leave_by(v.page.locator("section .buttons a").nth(number))
        v.judge()
        v.type("Measures", "逐月对照评分标准落实，专人负责。")
        v.press("Save")
    director.open(order)
    director.press("Hand in the plan")
    director.sees("The plan is handed in.")


def _prove(secretary: Visitor, director: Visitor, order: str, folder: Path) -> None:
    v = secretary
    for number in range(2):
        v.open(order)
        v.leave_by(v.page.locator("section .buttons a").nth(number))
        v.page.locator("input[type=file]").set_input_files(evidence(folder / "整改台账.pdf"))
        v.press("Upload")
        v.judge()
    director.open(order)
    director.press("Hand in for verification")
    director.sees("It is handed in for verification.")


def _verify(v: Visitor, order: str) -> None:
    v.open(order)
    for field in v.page.locator("input[type=radio][value=effective]").all():
        field.check()
    v.page.get_by_label(v.word("The rectification is complete"), exact=True).check()
    v.type("Opinion of the verification", "台账齐备，整改到位。")
    v.judge()
    v.picture("rectification-verify")
    v.picture("rectification-verify-phone", phone=True)
    v.press("Put the verification on record")
    v.sees("The verification is on record; the center was told.")
    v.judge()
