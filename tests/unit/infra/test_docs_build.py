"""Documents made from the code say everything once."""

from enum import StrEnum

import qcc.applications.rules  # noqa: F401 - declares rules
from qcc.infra.docs_build import rules_markdown, workflows_markdown
from qcc.kernel.permissions import Permission
from qcc.kernel.rules import REGISTRY
from qcc.kernel.workflow import Reason, Transition, Workflow
from tests.unit.judging import BOOK, OLD_BOOK


class Door(StrEnum):
    """States of a door."""

    OPEN = "open"
    SHUT = "shut"


def test_every_rule_stands_in_the_document_with_statement_and_words() -> None:
    text = rules_markdown({})
    for rule in REGISTRY.values():
        assert text.count(f"| `{rule.id}` | {rule.statement} |") == 1
    for limit in BOOK.limits.values():
        assert f"| `{limit.id}` | {limit.article} | {limit.source} | {limit.note} |" in text


def row(rule_id: str) -> str:
    """The first line of the document that tells of a rule."""
    start = f"| `{rule_id}` |"
    return next(line for line in rules_markdown({}).splitlines() if line.startswith(start))


def test_values_of_all_editions_stand_side_by_side() -> None:
    assert row("panel.size").endswith(
        "| **30 人**<br>principle<br>第十二条（五） | **25 人**<br>principle<br>第十二条（五） |"
    )


def test_what_an_edition_does_not_have_is_a_dash() -> None:
    assert "officers.one_post_each" not in OLD_BOOK
    assert row("officers.one_post_each").endswith("| — |")


def test_a_workflow_becomes_a_diagram_and_a_table() -> None:
    shut = Transition(
        "shut",
        (Door.OPEN,),
        Door.SHUT,
        Permission.CALL_EDIT,
        rules=("a.b",),
        reason=Reason.ON_OVERRIDE,
        notifies=("porter",),
    )
    text = workflows_markdown([Workflow("door", Door, Door.OPEN, [shut])])
    assert "    [*] --> open\n    open --> shut: shut\n    shut --> [*]\n```" in text
    assert "| shut | open | shut | call.edit |  | a.b | on override | porter |" in text
