"""Everything that a page names has its word."""

import pytest

import qcc.centers.labels  # noqa: F401
from qcc.centers.parameter_words import GROUPS, NAMES, group_of, group_words, name_of
from qcc.centers.rules import HostPosition, OfficerPost
from qcc.centers.workflow import CenterState, ChangeState
from qcc.infra.templating import LABELS
from qcc.kernel.places import Level
from qcc.kernel.rules import Force, Limit
from qcc.regulations.catalogs import CenterKind
from qcc.regulations.parameters import PARAMETERS
from qcc.regulations.rulebooks import load_rulebooks


@pytest.mark.parametrize(
    "values", [CenterState, ChangeState, CenterKind, OfficerPost, HostPosition, Level]
)
def test_every_value_has_a_label(values) -> None:  # type: ignore[no-untyped-def]
    assert all(LABELS[value].text for value in values)


def test_states_differ_by_their_signs_too() -> None:
    signs = [LABELS[state].sign for state in CenterState]
    assert len(set(signs)) == len(signs)


def test_every_parameter_has_a_name_and_a_group() -> None:
    assert set(NAMES) == set(PARAMETERS)
    assert {name.partition(".")[0] for name in PARAMETERS} == set(GROUPS)


def test_a_parameter_that_no_rule_asks_for_is_told_by_its_source() -> None:
    limit = Limit("other.thing", 1, "", True, Force.ADVISORY, "第一条", "其他")
    assert (name_of(limit), group_words(group_of(limit))) == ("其他", "other")


def test_groups_stand_together_in_each_book() -> None:
    for book in load_rulebooks():
        groups = [group_of(limit) for limit in book.limits.values()]
        assert len([g for at, g in enumerate(groups) if at == 0 or groups[at - 1] != g]) == len(
            set(groups)
        )
